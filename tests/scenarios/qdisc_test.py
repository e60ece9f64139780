"""Packets that a queueing discipline has no room for, on their way out."""

import json
import socket
import subprocess
import unittest

import two_namespaces
from two_namespaces import B, TwoNamespaces, scrape
import ledger
import runner

PORT = 9000
COUNT = 200


class QdiscTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def tc(self, *arguments):
        done = subprocess.run(["tc", "-n", self.hosts.names["a"], *arguments],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            self.skipTest(f"tc: {done.stderr.strip()}")
        return done.stdout

    def test_a_full_shaper_is_named_once_with_its_exact_number(self):
        self.tc("qdisc", "replace", "dev", "va", "root", "tbf", "rate", "100kbit", "burst", "1600",
                "limit", "8000")
        exporter = self.enterContext(self.hosts.exporter("a", "--devices.container-ports"))
        with self.hosts.inside("b"):
            receiver = self.enterContext(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        receiver.bind((B, PORT))
        with self.hosts.inside("a"):
            sender = self.enterContext(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        before = scrape(exporter)
        for _ in range(COUNT):
            sender.sendto(bytes(500), (B, PORT))
        page = scrape(exporter)
        dropped = json.loads(self.tc("-s", "-j", "qdisc", "show", "dev", "va"))[0]["drops"]
        self.assertGreater(dropped, COUNT / 2)
        self.assertLess(dropped, COUNT)
        # The same packets are in UdpSndbufErrors, IpOutDiscards and tx_dropped; counted once.
        self.assertEqual(self.hosts.counters("a")["UdpSndbufErrors"], dropped)
        self.assertEqual(ledger.losses(before, page), {"transmit/qdisc/qdisc_full": dropped})
        self.assertEqual(page.value("netstack_qdisc_drops_total", device="va", kind="tbf"), dropped)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "tc"])
