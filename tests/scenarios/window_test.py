"""A TCP receiver that does not read: its window closes, its queue is pruned, nothing is lost."""

import socket
import unittest

import two_namespaces
from two_namespaces import TwoNamespaces, scrape
import ledger
import runner
from exporter_process import await_true

PORT = 9000


class WindowTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def connect(self):
        sender, _receiver = self.enterContext(self.hosts.connection(PORT))
        sender.setblocking(False)
        return sender

    def count(self, side, name):
        return self.hosts.counters(side)[name]

    def fill(self, sender, size, enough):
        """Writes in pieces of `size`, whenever there is room, until enough() is true."""
        def step():
            for _ in range(100):
                try:
                    sender.send(bytes(size))
                except BlockingIOError:
                    break
            return enough()
        await_true(step, "enough written")

    def test_a_closed_window_is_pressure_on_both_sides(self):
        reader = self.enterContext(self.hosts.exporter("b"))
        writer = self.enterContext(self.hosts.exporter("a"))
        sender = self.connect()
        before, before_writer = scrape(reader), scrape(writer)
        self.fill(sender, 65536, lambda: self.count("a", "TcpExtTCPWinProbe") >= 2)
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", reader,
                                             "TcpExtTCPToZeroWindowAdv", "TcpInSegs")
        self.assertGreater(kernel["TcpExtTCPToZeroWindowAdv"], 0)
        self.assertEqual(ledger.pressure(before, page)["receive/tcp/zero_window_advertised"],
                         kernel["TcpExtTCPToZeroWindowAdv"])
        self.assertEqual(ledger.losses(before, page), {})
        page, kernel = ledger.scrape_at_rest(self.hosts, "a", writer, "TcpExtTCPWinProbe")
        self.assertEqual(ledger.pressure(before_writer, page)["transmit/tcp/window_probe"],
                         kernel["TcpExtTCPWinProbe"])
        self.assertEqual(ledger.losses(before_writer, page), {})

    def test_a_pruned_queue_is_pressure_with_its_exact_number(self):
        self.hosts.set("b", "net/ipv4/tcp_rmem", "4096 8192 8192")
        reader = self.enterContext(self.hosts.exporter("b"))
        sender = self.connect()
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        before = scrape(reader)
        self.fill(sender, 100, lambda: self.count("b", "TcpExtTCPRcvCollapsed") > 0)
        sender.close()
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", reader, "TcpExtPruneCalled",
                                             "TcpExtTCPRcvCollapsed", "TcpInSegs")
        risen = ledger.pressure(before, page)
        self.assertEqual(risen["receive/tcp/prune"], kernel["TcpExtPruneCalled"])
        self.assertEqual(risen["receive/tcp/collapse"], kernel["TcpExtTCPRcvCollapsed"])
        self.assertEqual(ledger.losses(before, page), self.lost_by_the_kernel(kernel))

    def lost_by_the_kernel(self, kernel):
        """A small buffer may lose segments, too: then the kernel says so in these and no others."""
        fields = {"TcpExtTCPRcvQDrop": "receive_queue", "TcpExtTCPOFODrop": "out_of_order_queue",
                  "TcpExtTCPZeroWindowDrop": "zero_window", "TcpExtBeyondWindow": "beyond_window"}
        return {f"receive/tcp/{cause}": kernel[field] for field, cause in fields.items()
                if kernel.get(field)}


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
