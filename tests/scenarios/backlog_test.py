"""A CPU's backlog that overflows, and polls that end with work left.

These numbers are of the whole machine. Others can only add to them, so a scenario is tried again
until it was alone.
"""

import ctypes
import os
import socket
import struct

import two_namespaces
from two_namespaces import B
import ledger
import runner
from exporter_process import await_true
from scenario import Scenario

PORT = 9000
TAPS = 60
COUNT = 4000
ATTEMPTS = 5
SO_ATTACH_FILTER, SO_SNDBUFFORCE, SO_RCVBUFFORCE = 26, 32, 33
SLOW = 1000  # Instructions of a filter.


class BacklogTest(Scenario):
    def setUp(self):
        super().setUp()
        if os.cpu_count() < 2:
            self.skipTest("needs two CPUs: one sends, the other is to be too slow")
        self.steer()
        self.exporter = self.watch("b", "--devices.container-ports")
        self.sender = self.udp("a")
        # What waits in the backlog is still the sender's.
        self.sender.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 26)
        self.receiver = self.udp("b")
        self.receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
        self.receiver.bind((B, PORT))
        self.receiver.setblocking(False)
        self.slow_down()

    def steer(self):
        """Receive packet steering: b's packets go by the backlog of the last CPU."""
        mask = f"{1 << (os.cpu_count() - 1):x}"
        self.hosts.tool("b", "sh", "-c", f"echo {mask} >/sys/class/net/vb/queues/rx-0/rps_cpus")

    def slow_down(self):
        """Each packet is copied to many taps, and each looks at it for long."""
        program = struct.pack("HBBI", 0x20, 0, 0, 0) * (SLOW - 1)  # ld [0]
        program += struct.pack("HBBI", 0x06, 0, 0, 0)  # ret #0
        memory = ctypes.create_string_buffer(program, len(program))
        for _ in range(TAPS):
            tap = self.socket_of("b", socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            tap.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                           struct.pack("HP", SLOW, ctypes.addressof(memory)))

    def burst(self):
        """Sends from the first CPU, so that the last has the other work to itself."""
        affinity = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {0})
        try:
            for _ in range(COUNT):
                self.sender.sendto(b"x", (B, PORT))
        finally:
            os.sched_setaffinity(0, affinity)

    def received(self):
        return self.count("b", "IpInReceives")

    def rise(self, before, stage, cause):
        """A page once all of a burst has come through or was lost, and by how much that rose."""
        start = self.received()
        self.burst()

        def all_there():
            page = self.scrape(self.exporter)
            lost = ledger.shared_rise(before, page, "receive", "backlog", "backlog_full")
            return page if self.received() - start + lost >= COUNT else None
        page = await_true(all_there, "the burst to come through")
        return page, ledger.shared_rise(before, page, "receive", stage, cause)

    def test_a_full_backlog_is_named_with_its_exact_number(self):
        def alone():
            before = self.scrape(self.exporter)
            page, lost = self.rise(before, "backlog", "backlog_full")
            self.assertGreater(lost, 0)
            # Nothing else moves, though the sender's UdpSndbufErrors and vb's rx_dropped do.
            self.assert_drops(before, page)
            return self.read_all() + lost == COUNT
        self.assertTrue(any(alone() for _ in range(ATTEMPTS)))

    def read_all(self):
        count = 0
        while True:
            try:
                self.receiver.recv(10)
            except BlockingIOError:
                return count
            count += 1

    def test_a_poll_that_takes_too_long_is_pressure(self):
        def squeezed():
            before = self.scrape(self.exporter)
            return self.rise(before, "napi", "time_squeeze")[1] > 0
        self.assertTrue(any(squeezed() for _ in range(ATTEMPTS)))


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
