"""Packets that IP refuses: damaged ones are errors, unwanted ones are policy, none is a loss."""

import two_namespaces
from two_namespaces import A, B, ip
import frames
import ledger
import runner
from exporter_process import await_true
from scenario import Scenario

COUNT = 5
NOWHERE = "10.79.0.1"
SENDER6 = "2001:db8:77::1"
NOWHERE6 = "2001:db8:79::1"


class IpTest(Scenario):
    def setUp(self):
        super().setUp()
        self.exporter = self.watch("b")

    def provoke(self, packet, counter):
        """Sends the packet COUNT times: the pages before and after."""
        before = self.scrape(self.exporter)
        self.send([packet] * COUNT)
        self.await_count("b", counter, COUNT)
        after, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, counter)
        self.assertEqual(kernel[counter], COUNT)
        return before, after

    def send(self, packets, head=frames.TO_B):
        with self.hosts.inside("a"):
            frames.send("va", packets, head)

    def assert_error(self, packet, counter, cause):
        self.assert_drops(*self.provoke(packet, counter), error={f"receive/ip/{cause}": COUNT})

    def assert_refused(self, packet, counter, cause):
        self.assert_drops(*self.provoke(packet, counter), policy={f"receive/ip/{cause}": COUNT})

    def test_a_wrong_checksum(self):
        self.assert_error(frames.ipv4(A, B, spoil=1), "IpExtInCsumErrors", "bad_checksum")

    def test_a_wrong_version(self):
        self.assert_error(frames.ipv4(A, B, version=5), "IpInHdrErrors", "bad_header")

    def test_a_packet_cut_short(self):
        self.assert_error(frames.ipv4(A, B, missing=20), "IpExtInTruncatedPkts", "truncated")

    def test_a_protocol_nobody_handles(self):
        self.assert_refused(frames.ipv4(A, B, protocol=frames.UNASSIGNED), "IpInUnknownProtos",
                            "unknown_protocol")

    def test_an_address_of_somebody_else(self):
        self.hosts.set("b", "net/ipv4/ip_forward", "0")
        self.assert_refused(frames.ipv4(A, NOWHERE), "IpInAddrErrors", "bad_address")

    def test_a_target_without_a_route(self):
        self.hosts.set("b", "net/ipv4/ip_forward", "1")
        self.assert_refused(frames.ipv4(A, NOWHERE), "IpExtInNoRoutes", "no_route")

    def test_a_source_that_the_reverse_path_filter_refuses(self):
        self.hosts.set("b", "net/ipv4/conf/vb/rp_filter", "1")
        self.assert_refused(frames.ipv4(NOWHERE, B), "TcpExtIPReversePathFilter", "rp_filter")

    def test_a_policy_of_ipsec_is_told_once_and_by_the_protocol(self):
        self.hosts.tool("b", "ip", "xfrm", "policy", "add", "src", f"{A}/32", "dst", f"{B}/32",
                        "dir", "in", "action", "block")
        receiver = self.udp("b")
        receiver.bind((B, 9000))
        before = self.scrape(self.exporter)
        sender = self.udp("a")
        for _ in range(COUNT):
            sender.sendto(b"x", (B, 9000))
        self.await_count("b", "UdpInErrors", COUNT)
        after = self.scrape(self.exporter)
        self.assertEqual(after.value("netstack_xfrm_receive_errors_total", cause="pol_block"), COUNT)
        self.assert_drops(before, after, policy={"receive/datagram/refused": COUNT})

    def first_fragments(self):
        """Each of a datagram of its own, whose rest never comes."""
        return [frames.packet(A, B, bytes(64), identity=100 + i, fragment=frames.MORE_FRAGMENTS)
                for i in range(COUNT)]

    def test_fragments_whose_rest_does_not_come_in_time(self):
        self.hosts.set("b", "net/ipv4/ipfrag_time", "1")
        before = self.scrape(self.exporter)
        self.send(self.first_fragments())
        self.await_count("b", "IpReasmTimeout", COUNT)
        after, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "IpReasmFails")
        self.assertEqual(kernel["IpReasmFails"], COUNT)  # The same ones.
        self.assert_drops(before, after, loss={"receive/ip/reassembly_timeout": COUNT})

    def test_fragments_without_memory_for_them(self):
        self.hosts.set("b", "net/ipv4/ipfrag_low_thresh", "0")
        self.hosts.set("b", "net/ipv4/ipfrag_high_thresh", "0")
        before = self.scrape(self.exporter)
        self.send(self.first_fragments())
        self.await_count("b", "IpReasmFails", COUNT)
        after, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "IpReasmFails")
        self.assertEqual(kernel["IpReasmTimeout"], 0)
        self.assert_drops(before, after, loss={"receive/ip/reassembly_failed": COUNT})

    def narrow_link(self):
        """b forwards to a link that carries less."""
        self.hosts.set("b", "net/ipv4/ip_forward", "1")
        name = self.hosts.names["b"]
        ip("-n", name, "link", "add", "x0", "mtu", "1280", "type", "veth", "peer", "name", "x1")
        ip("-n", name, "link", "set", "x0", "up")
        ip("-n", name, "link", "set", "x1", "up")

    def test_a_packet_too_large_for_the_next_link(self):
        self.narrow_link()
        ip("-n", self.hosts.names["b"], "route", "add", f"{NOWHERE}/32", "dev", "x0")
        packet = frames.packet(A, NOWHERE, bytes(1400), fragment=frames.DO_NOT_FRAGMENT)
        pages = self.provoke(packet, "IpFragFails")
        self.assert_drops(*pages, policy={"transmit/ip/cannot_fragment": COUNT})

    def test_a_packet_of_ipv6_too_large_for_the_next_link(self):
        self.narrow_link()
        self.hosts.set("b", "net/ipv6/conf/all/disable_ipv6", "0")
        self.hosts.set("b", "net/ipv6/conf/all/forwarding", "1")
        name = self.hosts.names["b"]
        ip("-n", name, "route", "add", f"{NOWHERE6}/128", "dev", "x0")
        ip("-n", name, "route", "add", f"{SENDER6}/128", "dev", "vb")
        ip("-n", name, "neigh", "add", SENDER6, "lladdr", "02:00:00:00:77:01", "dev", "vb")
        before = self.scrape(self.exporter)
        self.send([frames.ipv6(SENDER6, NOWHERE6, bytes(1400))] * COUNT, frames.TO_B6)
        await_true(lambda: self.hosts.counters6("b")["Ip6InTooBigErrors"] >= COUNT, "too big")
        after = self.scrape(self.exporter)
        # Ip6InTooBigErrors and Ip6FragFails tell of the same packets.
        self.assertEqual(self.hosts.counters6("b")["Ip6FragFails"], COUNT)
        self.assert_drops(before, after, policy={"transmit/ip/cannot_fragment": COUNT})


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
