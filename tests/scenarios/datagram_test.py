"""Datagrams that a receiver loses or refuses."""

import socket
import unittest

import two_namespaces
from two_namespaces import B, TwoNamespaces, scrape
import ledger
import runner
from exporter_process import await_true

PORT = 9000


class DatagramTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(self.hosts.exporter("b"))

    def udp(self, side):
        with self.hosts.inside(side):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(made.close)
        return made

    def flood(self, port, count, size):
        sender = self.udp("a")
        for _ in range(count):
            sender.sendto(bytes(size), (B, port))

    def count(self, name):
        return self.hosts.counters("b")[name]

    def test_a_full_receive_buffer_is_named_with_its_exact_number(self):
        receiver = self.udp("b")
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        receiver.bind((B, PORT))
        before = scrape(self.exporter)
        self.flood(PORT, 1000, 1000)
        await_true(lambda: self.count("IpInDelivers") >= 1000, "1000 datagrams")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "UdpRcvbufErrors")
        kept = self.read_all(receiver)
        lost = 1000 - kept
        self.assertGreater(kept, 0)
        self.assertEqual(kernel["UdpRcvbufErrors"], lost)
        self.assertEqual(ledger.losses(before, page),
                         {"receive/datagram/receive_buffer_full": lost})
        self.assertEqual(ledger.refusals(before, page), {})
        self.assertEqual(ledger.errors(before, page), {})
        self.assertEqual(page.value("netstack_datagram_drops_total", port=str(PORT)), lost)
        after = scrape(self.exporter)
        self.assertEqual(after.value("netstack_path_packets_total", stage="datagram"), kept)

    def read_all(self, receiver):
        receiver.setblocking(False)
        count = 0
        while True:
            try:
                receiver.recv(2000)
            except BlockingIOError:
                return count
            count += 1

    def test_a_port_without_a_socket_is_no_loss(self):
        before = scrape(self.exporter)
        self.flood(PORT + 1, 100, 100)
        await_true(lambda: self.count("UdpNoPorts") >= 100, "100 datagrams")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "UdpNoPorts")
        self.assertEqual(kernel["UdpNoPorts"], 100)
        self.assertEqual(ledger.losses(before, page), {})
        self.assertEqual(ledger.refusals(before, page), {"receive/datagram/no_socket": 100})

    def test_a_reader_that_keeps_up_loses_nothing(self):
        receiver = self.udp("b")
        receiver.bind((B, PORT))
        before = scrape(self.exporter)
        self.flood(PORT, 50, 100)
        await_true(lambda: self.count("IpInDelivers") >= 50, "50 datagrams")
        self.assertEqual(self.read_all(receiver), 50)
        page = scrape(self.exporter)
        self.assertEqual(ledger.losses(before, page), {})
        self.assertEqual(ledger.refusals(before, page), {})
        self.assertEqual(page.value("netstack_path_packets_total", stage="datagram"), 50)
        self.assertGreater(len(page.find("netstack_path_drops_total", **{"class": "loss"})), 10)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
