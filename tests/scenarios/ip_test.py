"""Packets that IP refuses: damaged ones are errors, unwanted ones are policy, none is a loss."""

import unittest

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, scrape
import frames
import ledger
import runner
from exporter_process import await_true

COUNT = 5
NOWHERE = "10.79.0.1"


class IpTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(self.hosts.exporter("b"))

    def provoke(self, packet, counter):
        """Sends the packet COUNT times: the pages before and after."""
        before = scrape(self.exporter)
        with self.hosts.inside("a"):
            frames.send("va", [packet] * COUNT)
        await_true(lambda: self.hosts.counters("b")[counter] >= COUNT, f"{COUNT} of {counter}")
        after, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, counter)
        self.assertEqual(kernel[counter], COUNT)
        self.assertEqual(ledger.losses(before, after), {})
        return before, after

    def assert_error(self, packet, counter, cause):
        pages = self.provoke(packet, counter)
        self.assertEqual(ledger.errors(*pages), {f"receive/ip/{cause}": COUNT})
        self.assertEqual(ledger.refusals(*pages), {})

    def assert_refused(self, packet, counter, cause):
        pages = self.provoke(packet, counter)
        self.assertEqual(ledger.refusals(*pages), {f"receive/ip/{cause}": COUNT})
        self.assertEqual(ledger.errors(*pages), {})

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


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
