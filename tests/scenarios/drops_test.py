"""Packets that only the kernel's drop reasons tell of, and that none is counted twice."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import unittest
from tempfile import TemporaryDirectory

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, scrape
import frames
import ledger
import runner
from raw_peer import RawPeer, timestamp
from exporter_process import Exporter, await_true

COUNT = 10
UNKNOWN_PROTOCOL = b"\x88\xb5"  # For local experiments (IEEE 802): no kernel handles it.
PORT = 9000
RECEIVED = "netstack_skb_received_drops_total"
SENT = "netstack_skb_sent_drops_total"
ALL = "netstack_skb_drops_total"
BY_DEVICE = "netstack_skb_device_drops_total"
LEDGER = "netstack_path_drops_total"


def kernel_before_6_11():
    return tuple(map(int, os.uname().release.split(".")[:2])) < (6, 11)


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

    def rx_dropped(self):
        """What ip says of vb."""
        links = json.loads(self.hosts.tool("b", "ip", "-s", "-j", "link", "show", "dev", "vb"))
        return links[0]["stats64"]["rx"]["dropped"]

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

    def receiver(self, size=4096):
        """A socket of b that nobody reads."""
        with self.hosts.inside("b"):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(made.close)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        made.bind((B, PORT))
        return made

    def watch_devices(self):
        """An exporter that shows vb, with each reason, and its page."""
        another = self.enterContext(self.another("--collector.drops.by-device",
                                                 "--devices.container-ports"))
        return another, scrape(another)

    def by_device(self, before, after, reason):
        """By how much a reason rose, by device."""
        return {labels["device"]: value - (before.value(BY_DEVICE, **labels) or 0)
                for labels, value in after.find(BY_DEVICE, reason=reason)}

    def test_the_device_of_what_a_full_socket_lost(self):
        self.receiver()
        exporter, before = self.watch_devices()
        self.flood("a", B, 500)
        await_true(lambda: self.hosts.counters("b")["IpInDelivers"] >= 500, "500 datagrams")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", exporter, "UdpRcvbufErrors")
        self.assertGreater(kernel["UdpRcvbufErrors"], 0)
        if not page.find(BY_DEVICE, reason="SOCKET_RCVBUFF") and kernel_before_6_11():
            self.skipTest("this kernel does not tell the socket")
        self.assertEqual(self.by_device(before, page, "SOCKET_RCVBUFF"),
                         {"vb": kernel["UdpRcvbufErrors"]})
        self.assertEqual(page.value("netstack_skb_devices_without_row"), 0)

    def test_the_device_of_what_a_connection_refused(self):
        # TCP takes the device off a packet before it looks at it.
        with self.hosts.inside("b"):
            listener = self.enterContext(socket.create_server((B, PORT)))
        exporter, before = self.watch_devices()
        peer = self.enterContext(RawPeer(self.hosts, B, PORT, options=timestamp(1000)))
        peer.connect()
        self.enterContext(listener.accept()[0])
        for _ in range(COUNT):
            peer.send(b"old", options=timestamp(1))
        await_true(lambda: self.hosts.counters("b")["TcpExtPAWSEstab"] >= COUNT, "refused segments")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", exporter, "TcpExtPAWSEstab")
        if not page.find(BY_DEVICE, reason="TCP_RFC7323_PAWS") and kernel_before_6_11():
            self.skipTest("this kernel does not tell the socket")
        self.assertEqual(self.by_device(before, page, "TCP_RFC7323_PAWS"),
                         {"vb": kernel["TcpExtPAWSEstab"]})

    def test_the_device_of_datagrams_that_nobody_wants(self):
        exporter, before = self.watch_devices()
        self.flood("a", B, COUNT)
        await_true(lambda: self.hosts.counters("b")["UdpNoPorts"] >= COUNT, "refused datagrams")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", exporter, "UdpNoPorts")
        self.assertEqual(self.by_device(before, page, "NO_SOCKET"), {"vb": kernel["UdpNoPorts"]})
        # Other namespaces have none of it.
        a = self.enterContext(self.hosts.exporter("a", "--collector.drops.by-device"))
        self.flood("a", B, COUNT)
        await_true(lambda: self.hosts.counters("b")["UdpNoPorts"] >= 2 * COUNT, "datagrams")
        self.assertEqual(scrape(a).find(BY_DEVICE, reason="NO_SOCKET"), [])

    def test_the_device_at_which_a_rule_dropped(self):
        self.drop_by_rule("INPUT")
        self.drop_by_rule("OUTPUT")
        exporter, before = self.watch_devices()
        self.flood("a", B, COUNT)
        self.flood("b", A, COUNT)
        page = await_true(lambda: (page := scrape(exporter)) and self.by_device(
            before, page, "NETFILTER_DROP").get("vb", 0) >= COUNT and page, "dropped packets")
        counted = re.findall(r"^\s*(\d+)\s+\d+ DROP", self.hosts.tool(
            "b", "iptables", "-w", "-L", "-v", "-x", "-n"), re.MULTILINE)
        self.assertEqual(sum(map(int, counted)), 2 * COUNT)
        # What goes out has no device yet when the rule sees it.
        self.assertEqual(self.by_device(before, page, "NETFILTER_DROP")["vb"] +
                         self.not_by_device(before, page, "NETFILTER_DROP"), 2 * COUNT)

    def not_by_device(self, before, after, reason):
        """What has no device that the kernel tells."""
        risen = sum(value for _, value in after.find(ALL, reason=reason))
        risen -= sum(value for _, value in before.find(ALL, reason=reason))
        return risen - sum(self.by_device(before, after, reason).values())

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
