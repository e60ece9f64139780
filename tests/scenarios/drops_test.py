"""Packets that only the kernel's drop reasons tell of, and that none is counted twice."""

import contextlib
import json
import socket
import threading
from tempfile import TemporaryDirectory

import two_namespaces
from two_namespaces import A, B, scrape
import frames
import ledger
import runner
from drop_reasons import ALL, COUNT, PORT, RECEIVED, DropReasonsCase
from exporter_process import await_true

UNKNOWN_PROTOCOL = b"\x88\xb5"  # For local experiments (IEEE 802): no kernel handles it.
SENT = "netstack_skb_sent_drops_total"
LEDGER = "netstack_path_drops_total"


class DropsTest(DropReasonsCase):
    def rise(self, page, family, reason):
        now = page.find(family, reason=reason)
        then = self.before.find(family, reason=reason)
        return sum(value for _, value in now) - sum(value for _, value in then)

    def rx_dropped(self):
        """What ip says of vb."""
        links = json.loads(self.hosts.tool("b", "ip", "-s", "-j", "link", "show", "dev", "vb"))
        return links[0]["stats64"]["rx"]["dropped"]

    def await_rise(self, family, reason, count):
        return await_true(lambda: (page := scrape(self.exporter)) and
                          self.rise(page, family, reason) >= count and page,
                          f"{count} of {reason}")

    def test_a_protocol_nobody_handles_is_told_apart_in_rx_dropped(self):
        with self.hosts.inside("a"), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
            wire.bind(("va", 0))
            for _ in range(COUNT):
                wire.send(frames.TO_B[:12] + UNKNOWN_PROTOCOL + bytes(50))
        page = self.await_rise(RECEIVED, "UNHANDLED_PROTO", COUNT)
        self.assertEqual(self.rise(page, RECEIVED, "UNHANDLED_PROTO"), COUNT)
        self.assertEqual(self.rx_dropped(), COUNT)
        self.assertEqual(ledger.refusals(self.before, page),
                         {"receive/ingress/unknown_protocol": COUNT})
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
        self.receiver()
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

    @contextlib.contextmanager
    def trickle(self, sent):
        """Packets that are lost in several ways, a few at a time; `sent` has how many."""
        frame = frames.TO_B[:12] + UNKNOWN_PROTOCOL + bytes(50)
        with self.hosts.inside("a"):
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            wire.bind(("va", 0))
            datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        end = threading.Event()

        def send():
            while not end.wait(0.002):
                wire.send(frame)
                datagrams.sendto(bytes(100), (B, PORT))
                datagrams.sendto(bytes(100), (B, PORT + 1))
                sent[0] += 1
        sender = threading.Thread(target=send)
        sender.start()
        try:
            yield
        finally:
            end.set()
            sender.join()
            wire.close()
            datagrams.close()

    def assert_no_jump(self, before, after, most):
        """That no cause rose by more than what was sent meanwhile, as Prometheus would see it."""
        risen = 0
        for labels, value in after.find(LEDGER):
            earlier = before.value(LEDGER, **labels)
            if (labels["path"], labels["stage"]) in ledger.SHARED or earlier is None:
                continue
            increase = value - earlier if value >= earlier else value
            self.assertLessEqual(increase, most, labels)
            risen += increase
        return risen

    def test_nothing_jumps_when_programs_come_and_go_while_packets_are_lost(self):
        self.receiver()
        self.flood("a", B, 3000)
        with self.hosts.inside("a"), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
            wire.bind(("va", 0))
            for _ in range(3000):
                wire.send(frames.TO_B[:12] + UNKNOWN_PROTOCOL + bytes(50))
        config = self.enterContext(TemporaryDirectory()) + "/config.yml"

        def configure(enabled):
            with open(config, "w", encoding="utf-8") as file:
                file.write(f"collectors: {{drops: {{enabled: {enabled}}}}}\n")
        configure("true")
        sent = [0]

        def look(exporter):
            earlier = sent[0]
            await_true(lambda: sent[0] > earlier + 50, "packets")
            before = sent[0]
            return before, scrape(exporter), sent[0]

        with self.trickle(sent), self.another(f"--config.file={config}") as exporter:
            looks = [look(exporter), look(exporter)]
            for change in ("false", "true"):
                configure(change)
                exporter.reload()
                looks += [look(exporter), look(exporter)]
        for (least, before, _), (_, after, most) in zip(looks, looks[1:]):
            self.assert_no_jump(before, after, most - least + 2)
        self.assertGreater(self.assert_no_jump(looks[0][1], looks[1][1], looks[1][2]), 50)
        there = [bool(page.find(LEDGER, stage="ingress", cause="unknown_protocol"))
                 for _, page, _ in looks]
        self.assertEqual(there[:4], [True, True, False, False])

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
