"""The device of a packet that the kernel dropped, also where the packet has none any more."""

import os
import re
import socket

import two_namespaces
from two_namespaces import A, B, scrape
import ledger
import runner
from drop_reasons import ALL, COUNT, PORT, DropReasonsCase
from raw_peer import RawPeer, timestamp
from exporter_process import await_true

BY_DEVICE = "netstack_skb_device_drops_total"


def kernel_before_6_11():
    return tuple(map(int, os.uname().release.split(".")[:2])) < (6, 11)


class DropsByDeviceTest(DropReasonsCase):
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


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
