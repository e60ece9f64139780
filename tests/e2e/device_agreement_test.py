"""What the page says of network cards is what ethtool and the kernel itself say.

Each source is read, then the page, then the source again: a counter of the page lies between the
two. Cards of the machine are only read.
"""

import os
import re
import socket
import struct
import subprocess
import unittest

import generic_netlink
import runner
from exporter_process import Exporter, run
from page import Page

QUEUE_GET, NAPI_GET, QSTATS_GET = 10, 11, 12
SCOPE_OF_A_QUEUE = generic_netlink.attribute(4, struct.pack("I", 1))
DIRECTIONS = ("receive", "transmit")
# Attributes of linux/netdev.h by what the page makes of them.
QSTATS = {
    8: ("netstack_queue_packets_total", {}), 9: ("netstack_queue_bytes_total", {}),
    10: ("netstack_queue_packets_total", {}), 11: ("netstack_queue_bytes_total", {}),
    12: ("netstack_queue_events_total", {"event": "alloc_failed"}),
    33: ("netstack_queue_events_total", {"event": "stop"}),
    34: ("netstack_queue_events_total", {"event": "wake"}),
}


def cards():
    """Names of devices with hardware by index."""
    return {socket.if_nametoindex(name): name for name in os.listdir("/sys/class/net")
            if os.path.exists(f"/sys/class/net/{name}/device")}


class DeviceAgreementTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cards = cards()
        if not cls.cards:
            raise unittest.SkipTest("this machine has no network card")
        cls.exporter = Exporter("--collector.nic.per-queue", "--collector.nic.tier=extended",
                                "--collector.netdev.per-queue", "--collector.netdev.tier=extended")

    @classmethod
    def tearDownClass(cls):
        cls.exporter.close()

    def page(self):
        return Page(self.exporter.get().text)

    def netdev(self):
        try:
            return generic_netlink.Family("netdev")
        except generic_netlink.Refused:
            self.skipTest("this kernel has no netdev family")

    def dump(self, command, request=b""):
        try:
            return self.netdev().dump(command, request)
        except generic_netlink.Refused:
            self.skipTest(f"this kernel's netdev family lacks the command {command}")

    def qstats(self):
        """Numbers by card, direction, queue and attribute."""
        return {(self.cards[queue[1]], DIRECTIONS[queue[2]], str(queue[3]), kind): value
                for queue in self.dump(QSTATS_GET, SCOPE_OF_A_QUEUE) if queue[1] in self.cards
                for kind, value in queue.items() if kind in QSTATS}

    def test_statistics_of_queues_are_those_that_the_kernel_tells(self):
        before = self.qstats()
        page = self.page()
        after = self.qstats()
        if not before:
            self.skipTest("no driver here tells the kernel statistics of its queues")
        for (device, direction, queue, kind), first in before.items():
            family, labels = QSTATS[kind]
            value = page.value(family, device=device, direction=direction, queue=queue, **labels)
            self.assertIsNotNone(value, (device, direction, queue, kind))
            self.assertLessEqual(first, value)
            self.assertLessEqual(value, after[device, direction, queue, kind])
        print(f"qstats: {len(before)} numbers compared")

    def test_each_queue_has_the_napi_that_the_kernel_tells(self):
        napis = {napi[2]: napi for napi in self.dump(NAPI_GET) if napi[1] in self.cards}
        expected = set()
        polled = set()
        for queue in self.dump(QUEUE_GET):
            if queue[2] in self.cards and queue.get(4) in napis:
                expected.add((self.cards[queue[2]], DIRECTIONS[queue[3]], str(queue[1]),
                              str(queue[4]), str(napis[queue[4]].get(3, ""))))
                polled.add(queue[4])
        for number, napi in napis.items():
            if number not in polled:
                expected.add((self.cards[napi[1]], "", "", str(number), str(napi.get(3, ""))))
        shown = {tuple(labels.get(name, "") for name in ("device", "direction", "queue", "napi",
                                                         "irq"))
                 for labels, _ in self.page().series.get("netstack_napi_info", [])}
        self.assertEqual(shown, expected)

    def driver_statistics(self, device):
        done = subprocess.run(["ethtool", "-S", device], capture_output=True, text=True,
                              check=False, timeout=60)
        return {name.strip(): int(value)
                for name, value in re.findall(r"^\s+(.*): (\d+)$", done.stdout, re.MULTILINE)}

    def test_every_statistic_can_be_shown_as_ethtool_shows_it(self):
        exporter = Exporter("--collector.nic.raw-include=.*")
        self.addCleanup(exporter.close)
        compared = 0
        for device in self.cards.values():
            before = self.driver_statistics(device)
            page = Page(exporter.get().text)
            after = self.driver_statistics(device)
            for name, first in before.items():
                value = page.value("netstack_ethtool_stat", device=device, stat=name)
                self.assertIsNotNone(value, name)
                self.assertLessEqual(first, value, name)
                self.assertLessEqual(value, after[name], name)
                compared += 1
        if not compared:
            self.skipTest("no driver here has statistics of its own")
        print(f"ethtool -S: {compared} statistics compared")


    def test_interrupts_are_the_same_where_their_file_is_hidden(self):
        """As Docker hides it."""
        hidden = ("unshare", "--mount", "--", "sh", "-c",
                  'mount --bind /dev/null /proc/interrupts && exec "$@"', "sh")
        if subprocess.run([*hidden, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("/proc/interrupts cannot be hidden here")
        before = self.page()
        page = Page(run("metrics", prefix=hidden).stdout)
        self.assertEqual(page.states()["irq"], "ok")
        for family in ("netstack_irq_interrupts_total", "netstack_irq_cpu_interrupts_total",
                       "netstack_irq_affinity_info"):
            first = {tuple(sorted(labels.items())): value
                     for labels, value in before.series.get(family, [])}
            for labels, value in page.series.get(family, []):
                self.assertLessEqual(first.pop(tuple(sorted(labels.items()))), value)
            self.assertEqual(first, {})


runner.main(["ethtool"])
