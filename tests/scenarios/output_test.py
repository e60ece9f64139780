"""Packets that do not leave: no route, no key, no neighbour, no room in the socket."""

import socket

import two_namespaces
from two_namespaces import A, B, ip
import ledger
import runner
from exporter_process import Exporter, await_true
from scenario import Scenario

PORT = 9000
COUNT = 20
SILENT = "10.77.0.99"  # On the wire, and never answers.
ATTEMPTS = 5


class OutputTest(Scenario):
    def setUp(self):
        super().setUp()
        self.sender = self.udp("a")

    def send(self, count, address=B):
        """How many of these the kernel took."""
        taken = 0
        for _ in range(count):
            try:
                self.sender.sendto(bytes(100), (address, PORT))
                taken += 1
            except OSError:
                pass
        return taken

    def test_no_route(self):
        exporter = self.watch("a")
        before = self.scrape(exporter)
        self.assertEqual(self.send(COUNT, "10.99.0.1"), 0)
        self.assert_drops(before, self.scrape(exporter), policy={"transmit/ip/no_route": COUNT})

    def test_a_policy_of_ipsec(self):
        self.hosts.tool("a", "ip", "xfrm", "policy", "add", "src", f"{A}/32", "dst", f"{B}/32",
                        "dir", "out", "action", "block")
        exporter = self.watch("a")
        before = self.scrape(exporter)
        self.assertEqual(self.send(COUNT), 0)
        self.assert_drops(before, self.scrape(exporter), policy={"transmit/ip/ipsec": COUNT})

    def test_a_full_send_buffer_is_no_loss(self):
        self.hosts.tool("a", "tc", "qdisc", "replace", "dev", "va", "root", "tbf", "rate", "16kbit",
                        "burst", "1600", "limit", "100000")
        exporter = self.watch("a")
        self.sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2304)
        self.sender.setblocking(False)
        before = self.scrape(exporter)
        refused = 100 - self.send(100)
        self.assertGreater(refused, 50)
        after = self.scrape(exporter)
        # The programs were told EAGAIN, and have their data still.
        self.assertEqual(self.count("a", "UdpSndbufErrors"), refused)
        self.assert_drops(before, after)
        self.assert_blind(after, "transmit", "socket")

    def test_a_neighbour_that_does_not_answer(self):
        # Room for one packet only: the next one throws it out.
        self.hosts.set("a", "net/ipv4/neigh/va/unres_qlen_bytes", "1")
        # Only the first network namespace shows this counter, which is of the whole machine.
        exporter = self.enterContext(Exporter())

        def exact():
            """Others on this machine may lose packets to neighbours of theirs: try again."""
            ip("-n", self.hosts.names["a"], "neigh", "flush", "dev", "va", "to", SILENT)
            before = self.scrape(exporter)
            self.assertEqual(self.send(COUNT, SILENT), COUNT)
            after = self.scrape(exporter)
            lost = ledger.shared_rise(before, after, "transmit", "neighbour", "unresolved_discards")
            self.assertGreaterEqual(lost, COUNT - 1)
            return lost == COUNT - 1
        self.assertTrue(any(exact() for _ in range(ATTEMPTS)))
        self.assert_blind(self.scrape(self.watch("a")), "transmit", "neighbour", "kernel")

    def test_a_neighbour_that_is_given_up(self):
        self.hosts.set("a", "net/ipv4/neigh/va/retrans_time_ms", "50")
        exporter = self.watch("a")
        before = self.scrape(exporter)
        self.assertEqual(self.send(1, SILENT), 1)
        await_true(lambda: "FAILED" in ip("-n", self.hosts.names["a"], "neigh", "show", SILENT),
                   "the neighbour to be given up")
        after = self.scrape(exporter)
        self.assertGreaterEqual(ledger.shared_rise(before, after, "transmit", "neighbour",
                                                   "resolution_failed"), 1)
        self.assert_drops(before, after)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
