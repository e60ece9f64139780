"""An exporter that has all its programs in the kernel, and what it says of them."""

import unittest

from exporter_process import Exporter
from page import Page

COLLECTORS = ("drops", "queue_peaks", "napi")
STATE = "netstack_bpf_program_state"
ALL = [*(f"--collector.{name}" for name in ("bpf", "drops", "queue_peaks", "napi")),
       "--collector.queue_peaks.tier=extended", "--collector.queue_peaks.accept-wait",
       "--collector.sockets.source=ebpf", "--collector.irq.handler-time"]


def states(page):
    """The states of all programs."""
    return {labels["state"] for labels, _ in page.series[STATE]}


def source_of(page):
    """What the sockets are read from."""
    (labels, _), = page.series["netstack_sockets_walk_info"]
    return labels["source"]


def can_load():
    """Whether this kernel takes programs of ours at all; nobody's fault if not."""
    with Exporter(*ALL) as exporter:
        return "ok" in states(Page(exporter.get().text))


def status_of(process, key):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(line.split()[1] for line in file if line.startswith(key + ":"))


class BpfCase(unittest.TestCase):
    def page(self, *flags, prefix=()):
        with Exporter(*ALL, *flags, prefix=prefix) as exporter:
            page = Page(exporter.get().text)
            self.assertEqual(exporter.get("/-/healthy").status, 200)
            self.assertEqual(exporter.stop(), 0)
            return page
