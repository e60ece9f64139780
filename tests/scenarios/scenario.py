"""What scenarios have in common: two hosts, sockets on them, and the ledger's numbers."""

import socket
import unittest

from two_namespaces import TwoNamespaces, scrape
import ledger
from exporter_process import await_true


class Scenario(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def watch(self, side, *flags):
        # What a host without eBPF shows; drops_test has the rest.
        return self.enterContext(self.hosts.exporter(side, "--no-collector.drops",
                                                    "--no-collector.queue_peaks", *flags))

    def socket_of(self, side, *kind):
        with self.hosts.inside(side):
            made = socket.socket(*kind)
        self.addCleanup(made.close)
        return made

    def udp(self, side):
        return self.socket_of(side, socket.AF_INET, socket.SOCK_DGRAM)

    def tcp(self, side):
        return self.socket_of(side, socket.AF_INET, socket.SOCK_STREAM)

    def count(self, side, name):
        return self.hosts.counters(side)[name]

    def await_count(self, side, name, least):
        await_true(lambda: self.count(side, name) >= least, f"{least} of {name}")

    def assert_drops(self, before, after, **expected):
        """That these rose by that much, and no other: loss={"receive/ip/no_memory": 5}, error=,
        policy=."""
        self.assertEqual(ledger.losses(before, after), expected.get("loss", {}))
        self.assertEqual(ledger.errors(before, after), expected.get("error", {}))
        self.assertEqual(ledger.refusals(before, after), expected.get("policy", {}))

    def assert_blind(self, page, path, stage, reason="no_ebpf"):
        """That what was just provoked is said to be out of sight, rather than 0."""
        self.assertEqual(page.value("netstack_path_blind", path=path, stage=stage, reason=reason),
                         1)

    def scrape(self, exporter):
        return scrape(exporter)
