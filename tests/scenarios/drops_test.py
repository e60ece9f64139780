"""Packets that only the kernel's drop reasons tell of, and that none is counted twice."""

import shutil
import socket
import subprocess
import unittest
from tempfile import TemporaryDirectory

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, scrape
import frames
import ledger
import runner
from exporter_process import Exporter, await_true

COUNT = 10
UNKNOWN_PROTOCOL = b"\x88\xb5"  # For local experiments (IEEE 802): no kernel handles it.
PORT = 9000
RECEIVED = "netstack_skb_received_drops_total"
SENT = "netstack_skb_sent_drops_total"
ALL = "netstack_skb_drops_total"


class DropsTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(self.hosts.exporter("b", "--collector.bpf"))
        self.before = scrape(self.exporter)
        if not self.before.find(RECEIVED, reason="UNHANDLED_PROTO"):
            self.skipTest("the kernel gives no reasons, or takes no program")

    def rise(self, page, family, reason):
        now = page.find(family, reason=reason)
        then = self.before.find(family, reason=reason)
        return sum(value for _, value in now) - sum(value for _, value in then)

    def await_rise(self, family, reason, count):
        return await_true(lambda: (page := scrape(self.exporter)) and
                          self.rise(page, family, reason) >= count and page,
                          f"{count} of {reason}")

    def flood(self, side, target, count):
        with self.hosts.inside(side), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(count):
                try:
                    sender.sendto(bytes(100), (target, PORT))
                except PermissionError:  # What a rule on the way out says.
                    pass

    def another(self, *flags):
        """A second exporter in the same namespace."""
        return Exporter(*flags, listen=(f"unix:{self.enterContext(TemporaryDirectory())}/socket",),
                        prefix=("ip", "netns", "exec", self.hosts.names["b"]))

    def drop_by_rule(self, chain):
        with self.hosts.inside("b"):
            if shutil.which("iptables") is None:
                self.skipTest("no rules here: iptables is not installed")
            made = subprocess.run(["iptables", "-A", chain, "-p", "udp", "-j", "DROP"],
                                  capture_output=True, check=False)
        if made.returncode != 0:
            self.skipTest(f"no rules here: {made.stderr.decode().strip()}")

    def test_a_protocol_nobody_handles_is_told_apart_in_rx_dropped(self):
        with self.hosts.inside("a"), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
            wire.bind(("va", 0))
            for _ in range(COUNT):
                wire.send(frames.TO_B[:12] + UNKNOWN_PROTOCOL + bytes(50))
        page = self.await_rise(RECEIVED, "UNHANDLED_PROTO", COUNT)
        # Of a card without RPS it is in the ledger as "unattributed", so not by its reason, too.
        self.assertEqual(self.rise(page, RECEIVED, "UNHANDLED_PROTO"), COUNT)
        self.assertEqual(ledger.refusals(self.before, page), {})
        self.assertEqual(ledger.losses(self.before, page), {})
        self.assertEqual(ledger.errors(self.before, page), {})
        self.assertEqual([labels["reason"] for labels, _ in page.find(
            "netstack_path_blind", path="receive", stage="ingress")], ["driver"])
        self.assertEqual(page.find("netstack_path_blind", stage="netfilter"), [])

    def test_a_loopback_address_on_the_wire(self):
        if not self.before.find(RECEIVED, reason="IP_LOCALNET"):
            self.skipTest("this kernel has no such reason")
        with self.hosts.inside("a"):
            frames.send("va", [frames.ipv4("127.0.0.1", B)] * COUNT)
        page = self.await_rise(RECEIVED, "IP_LOCALNET", COUNT)
        self.assertEqual(ledger.refusals(self.before, page), {"receive/ip/loopback_address": COUNT})
        self.assertEqual(ledger.losses(self.before, page), {})

    def test_without_programs_it_says_what_it_cannot_see(self):
        with self.another("--no-collector.drops") as another:
            page = scrape(another)
        blind = {(labels["path"], labels["stage"])
                 for labels, _ in page.find("netstack_path_blind", reason="no_ebpf")}
        self.assertEqual(blind, {("receive", "xdp"), ("receive", "ingress"),
                                 ("receive", "netfilter"), ("transmit", "socket"),
                                 ("transmit", "netfilter"), ("transmit", "egress"),
                                 ("transmit", "queue")})
        self.assertEqual(page.find("netstack_path_drops_total", cause="rule"), [])
        self.assertEqual(self.before.find("netstack_path_blind", reason="no_ebpf"), [])

    def test_a_rule_that_drops_what_comes_in(self):
        self.drop_by_rule("INPUT")
        self.flood("a", B, COUNT)
        page = self.await_rise(RECEIVED, "NETFILTER_DROP", COUNT)
        self.assertEqual(ledger.refusals(self.before, page), {"receive/netfilter/rule": COUNT})
        self.assertEqual(ledger.losses(self.before, page), {})

    def test_a_rule_that_drops_what_goes_out(self):
        self.drop_by_rule("OUTPUT")
        self.flood("b", A, COUNT)
        page = self.await_rise(SENT, "NETFILTER_DROP", COUNT)
        self.assertEqual(ledger.refusals(self.before, page), {"transmit/netfilter/rule": COUNT})
        self.assertEqual(ledger.losses(self.before, page), {})

    def test_a_full_receive_buffer_is_counted_once(self):
        with self.hosts.inside("b"):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        receiver.bind((B, PORT))
        self.flood("a", B, 500)
        await_true(lambda: self.hosts.counters("b")["IpInDelivers"] >= 500, "500 datagrams")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "UdpRcvbufErrors")
        lost = kernel["UdpRcvbufErrors"]
        self.assertGreater(lost, 0)
        self.assertEqual(ledger.losses(self.before, page),
                         {"receive/datagram/receive_buffer_full": lost})
        self.assertGreaterEqual(self.rise(page, ALL, "SOCKET_RCVBUFF"), lost)
        series = page.find(ALL, reason="SOCKET_RCVBUFF")
        self.assertEqual([labels for labels, _ in series],
                         [{"stage": "datagram", "class": "loss", "reason": "SOCKET_RCVBUFF"}])

    def test_a_program_that_comes_and_goes_raises_no_rate(self):
        # Another exporter of the same namespace: its programs start while packets are being lost.
        self.flood("a", B, 200)
        with self.another() as another:
            first = scrape(another)
            self.assertEqual(ledger.refusals(first, scrape(another)), {})
            for family in (RECEIVED, SENT):
                for labels, value in first.find(family):
                    self.assertLess(value, 200, labels)
        page = scrape(self.exporter)
        self.assertEqual(ledger.losses(self.before, page), {})


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
