"""Packets that a firewall rule refuses: they have no counter, and are neither losses nor errors."""

import socket

import two_namespaces
from two_namespaces import B
import runner
from scenario import Scenario

PORT = 9000
COUNT = 50


class NetfilterTest(Scenario):
    def drop(self, side, chain):
        self.hosts.tool(side, "iptables", "-w", "-A", chain, "-p", "udp", "--dport", str(PORT), "-j",
                        "DROP")

    def test_a_rule_on_the_way_in(self):
        self.drop("b", "INPUT")
        exporter = self.watch("b")
        receiver = self.udp("b")
        receiver.bind((B, PORT))
        before = self.scrape(exporter)
        received = self.count("b", "IpInReceives")
        sender = self.udp("a")
        for _ in range(COUNT):
            sender.sendto(b"x", (B, PORT))
        self.await_count("b", "IpInReceives", received + COUNT)
        after = self.scrape(exporter)
        with self.assertRaises(BlockingIOError):
            receiver.recv(10, socket.MSG_DONTWAIT)
        self.assert_drops(before, after)
        self.assert_blind(after, "receive", "netfilter")

    def test_a_rule_on_the_way_out(self):
        self.drop("a", "OUTPUT")
        exporter = self.watch("a")
        before = self.scrape(exporter)
        sender = self.udp("a")
        for _ in range(COUNT):
            with self.assertRaises(PermissionError):
                sender.sendto(b"x", (B, PORT))
        after = self.scrape(exporter)
        # IpOutDiscards would tell, if other things were not in it.
        self.assertEqual(self.count("a", "IpOutDiscards"), COUNT)
        self.assert_drops(before, after)
        self.assert_blind(after, "transmit", "netfilter")


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "iptables"])
