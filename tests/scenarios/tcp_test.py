"""Segments that TCP does not keep, from a peer that keeps to no window."""

import socket
import struct
import threading

import two_namespaces
from two_namespaces import B
import ledger
import raw_peer
import runner
from fault_memory import FaultMemory
from raw_peer import RawPeer, timestamp
from scenario import Scenario

PORT = 9000
COUNT = 5
TCP_MD5SIG = 14
IP_MINTTL = 21


class TcpTest(Scenario):
    def setUp(self):
        super().setUp()
        self.exporter = self.watch("b")
        self.listener = self.tcp("b")
        self.listener.bind((B, PORT))
        self.listener.listen(10)

    def peer(self, **how):
        return self.enterContext(RawPeer(self.hosts, B, PORT, **how))

    def connection(self, **how):
        """A raw peer and b's end of its connection."""
        peer = self.peer(**how).connect()
        end = self.enterContext(self.listener.accept()[0])
        end.setblocking(False)
        return peer, end

    def after(self, *counters):
        """A page and the kernel's counters once all that was sent has come through."""
        return ledger.scrape_at_rest(self.hosts, "b", self.exporter, "TcpInSegs", *counters)

    def received(self, end):
        total = 0
        while True:
            try:
                total += len(end.recv(1 << 20))
            except BlockingIOError:
                return total

    def test_a_header_shorter_than_a_header(self):
        before = self.scrape(self.exporter)
        peer = self.peer()
        for _ in range(COUNT):
            peer.send(flags=raw_peer.SYN, words=4)
        self.await_count("b", "TcpInErrs", COUNT)
        after, _ = self.after()
        self.assert_drops(before, after, error={"receive/tcp/bad_segment": COUNT})

    def test_a_segment_that_came_too_far(self):
        self.listener.setsockopt(socket.IPPROTO_IP, IP_MINTTL, 200)
        before = self.scrape(self.exporter)
        peer = self.peer()
        for _ in range(COUNT):
            peer.send(flags=raw_peer.SYN, ttl=64)
        self.await_count("b", "TcpExtTCPMinTTLDrop", COUNT)
        after, _ = self.after()
        self.assert_drops(before, after, policy={"receive/tcp/min_ttl": COUNT})

    def test_a_segment_without_the_signature_asked_for(self):
        address = struct.pack("=HH4s", socket.AF_INET, 0, socket.inet_aton(raw_peer.ADDRESS))
        key = struct.pack("=128sBBHi80s", address, 0, 0, 4, 0, b"key!")
        try:
            self.listener.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG, key)
        except OSError as error:
            self.skipTest(f"TCP_MD5SIG: {error}")
        before = self.scrape(self.exporter)
        peer = self.peer()
        for _ in range(COUNT):
            peer.send(flags=raw_peer.SYN)
        self.await_count("b", "TcpExtTCPMD5NotFound", COUNT)
        after, _ = self.after()
        self.assert_drops(before, after, policy={"receive/tcp/md5": COUNT})

    def test_a_segment_older_than_the_last(self):
        peer, end = self.connection(options=timestamp(1000))
        before = self.scrape(self.exporter)
        peer.send(b"new", options=timestamp(2000))
        for _ in range(COUNT):
            peer.send(b"old", ahead=3, options=timestamp(1500))
        self.await_count("b", "TcpExtPAWSEstab", COUNT)
        after, _ = self.after()
        self.assert_drops(before, after, policy={"receive/tcp/old_timestamp": COUNT})
        self.assertEqual(self.received(end), 3)

    def test_segments_in_order_without_room(self):
        peer, end = self.connection()
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        before = self.scrape(self.exporter)
        sent = self.send_all(peer, 60, 1000, range(0, 60000, 1000))
        after, kernel = self.after()
        if "TcpExtBeyondWindow" not in kernel:
            self.skipTest("before Linux 6.17 what is beyond the window is not counted")
        # The window closes with the first loss; what comes in spite of that is beyond it.
        queue, beyond = kernel["TcpExtTCPRcvQDrop"], kernel["TcpExtBeyondWindow"]
        self.assertGreater(queue, 0)
        self.assertGreater(beyond, 0)
        # PruneCalled and RcvPruned tell of the same segment.
        self.assertEqual(kernel["TcpExtRcvPruned"], queue)
        self.assert_drops(before, after, loss={"receive/tcp/receive_queue": queue,
                                               "receive/tcp/beyond_window": beyond})
        self.assertEqual(sent, self.received(end) // 1000 + queue + beyond)

    def test_segments_out_of_order_without_room(self):
        peer, end = self.connection()
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        before = self.scrape(self.exporter)
        sent = self.send_all(peer, 30, 500, range(600, 18600, 600))
        after, kernel = self.after()
        kept, lost = kernel["TcpExtTCPOFOQueue"], kernel["TcpExtTCPOFODrop"]
        self.assertGreater(lost, 0)
        self.assertEqual(kernel["TcpExtRcvPruned"], lost)
        self.assert_drops(before, after, loss={"receive/tcp/out_of_order_queue": lost})
        self.assertEqual(sent, kept + lost)

    def test_an_earlier_segment_throws_out_later_ones(self):
        peer, end = self.connection()
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        before = self.scrape(self.exporter)
        self.send_all(peer, 30, 500, range(18600, 600, -600))
        after, kernel = self.after()
        # The kernel counts how often, not how many segments: pressure, in events.
        events = kernel["TcpExtOfoPruned"]
        self.assertGreater(events, 0)
        self.assertEqual(ledger.pressure(before, after)["receive/tcp/out_of_order_pruned"], events)
        self.assert_drops(before, after)

    def send_all(self, peer, count, size, positions):
        """Sends segments of that size to these places of the stream; returns how many."""
        segments = self.count("b", "TcpInSegs") + count
        for position in positions:
            peer.send(bytes(size), ahead=position)
        self.await_count("b", "TcpInSegs", segments)
        return count

    def test_a_reader_that_holds_the_lock(self):
        peer, end = self.connection()
        end.setblocking(True)
        try:
            slow = self.enterContext(FaultMemory())
        except OSError as error:
            self.skipTest(str(error))
        before = self.scrape(self.exporter)
        reader = threading.Thread(target=end.recv_into, args=(slow.memory,))
        reader.start()
        self.addCleanup(reader.join)
        self.addCleanup(slow.release)
        peer.send(b"x")
        slow.await_toucher()
        peer.sequence += 1
        # Gaps between them, so that the kernel cannot make one of many.
        sent = self.send_all(peer, 1000, 10, range(20, 20020, 20))
        slow.release()
        reader.join()
        after, kernel = self.after("TcpExtTCPOFOQueue")
        lost = kernel["TcpExtTCPBacklogDrop"]
        self.assertGreater(lost, 0)
        self.assert_drops(before, after, loss={"receive/tcp/socket_backlog": lost})
        self.assertEqual(sent, kernel["TcpExtTCPOFOQueue"] + lost)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
