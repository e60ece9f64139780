"""Datagrams that a receiver loses or refuses."""

import ctypes
import socket
import struct

import two_namespaces
from two_namespaces import A, B, scrape
import frames
import ledger
import runner
from scenario import Scenario

PORT = 9000
SO_ATTACH_FILTER = 26


class DatagramTest(Scenario):
    def setUp(self):
        super().setUp()
        self.exporter = self.watch("b")

    def flood(self, port, count, size):
        sender = self.udp("a")
        for _ in range(count):
            sender.sendto(bytes(size), (B, port))

    def test_a_full_receive_buffer_is_named_with_its_exact_number(self):
        receiver = self.udp("b")
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        receiver.bind((B, PORT))
        before = scrape(self.exporter)
        self.flood(PORT, 1000, 1000)
        self.await_count("b", "IpInDelivers", 1000)
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "UdpRcvbufErrors")
        kept = self.read_all(receiver)
        lost = 1000 - kept
        self.assertGreater(kept, 0)
        self.assertEqual(kernel["UdpRcvbufErrors"], lost)
        self.assert_drops(before, page, loss={"receive/datagram/receive_buffer_full": lost})
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
        self.await_count("b", "UdpNoPorts", 100)
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "UdpNoPorts")
        self.assertEqual(kernel["UdpNoPorts"], 100)
        self.assert_drops(before, page, policy={"receive/datagram/no_socket": 100})

    def test_a_reader_that_keeps_up_loses_nothing(self):
        receiver = self.udp("b")
        receiver.bind((B, PORT))
        before = scrape(self.exporter)
        self.flood(PORT, 50, 100)
        self.await_count("b", "IpInDelivers", 50)
        self.assertEqual(self.read_all(receiver), 50)
        page = scrape(self.exporter)
        self.assert_drops(before, page)
        self.assertEqual(page.value("netstack_path_packets_total", stage="datagram"), 50)
        self.assertGreater(len(page.find("netstack_path_drops_total", **{"class": "loss"})), 10)

    def receiver(self, *options):
        receiver = self.udp("b")
        for option in options:
            receiver.setsockopt(socket.SOL_SOCKET, *option)
        receiver.bind((B, PORT))
        return receiver

    def send_damaged(self, port, count):
        packet = frames.packet(A, B, frames.udp(port, bytes(20), check=0xBAD))
        with self.hosts.inside("a"):
            frames.send("va", [packet] * count)

    def test_a_wrong_checksum_is_an_error(self):
        before = scrape(self.exporter)
        self.send_damaged(PORT, 5)
        self.await_count("b", "UdpInCsumErrors", 5)
        page = scrape(self.exporter)
        self.assert_drops(before, page, error={"receive/datagram/bad_checksum": 5})

    def test_a_wrong_checksum_that_is_found_by_the_reader(self):
        receiver = self.receiver()
        before = scrape(self.exporter)
        delivered = self.count("b", "IpInDelivers")
        self.send_damaged(PORT, 5)
        self.await_count("b", "IpInDelivers", delivered + 5)
        self.assertEqual(self.read_all(receiver), 0)
        self.assertEqual(self.count("b", "UdpInErrors"), 5)  # Repeats them.
        page = scrape(self.exporter)
        self.assert_drops(before, page, error={"receive/datagram/bad_checksum": 5})

    def test_a_datagram_that_a_socket_filter_refuses(self):
        nothing = struct.pack("HBBI", 0x06, 0, 0, 0)  # Classic BPF: return 0.
        memory = ctypes.create_string_buffer(nothing)
        self.receiver((SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(memory))))
        before = scrape(self.exporter)
        self.flood(PORT, 20, 100)
        self.await_count("b", "UdpInErrors", 20)
        page = scrape(self.exporter)
        self.assert_drops(before, page, policy={"receive/datagram/refused": 20})

    def test_a_raw_socket_without_room(self):
        # The datagrams have a socket of their own, too: what a raw socket loses is its copy alone.
        receiver = self.receiver()
        raw = self.socket_of("b", socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        before = scrape(self.exporter)
        delivered = self.count("b", "IpInDelivers")
        self.flood(PORT, 100, 10)
        self.await_count("b", "IpInDelivers", delivered + 100)
        page = scrape(self.exporter)
        kept = self.read_all(raw)
        self.assertGreater(kept, 0)
        self.assertEqual(self.read_all(receiver), 100)
        self.assert_drops(before, page, loss={"receive/datagram/raw_socket_full": 100 - kept})

    def test_a_tap_loses_copies_only(self):
        tap = self.socket_of("b", socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        receiver = self.receiver()
        before = scrape(self.exporter)
        delivered = self.count("b", "IpInDelivers")
        self.flood(PORT, 50, 100)
        self.await_count("b", "IpInDelivers", delivered + 50)
        page = scrape(self.exporter)
        self.assertGreater(page.value("netstack_datagram_drops_total", protocol="packet"), 0)
        self.assertEqual(self.read_all(receiver), 50)
        self.assert_drops(before, page)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
