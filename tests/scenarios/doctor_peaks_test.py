"""What came and went between the doctor's two looks at a running exporter: it knows by eBPF."""

import contextlib
import json
import os
import select
import socket
import struct
import tempfile
import time
import unittest

import two_namespaces
from two_namespaces import B, TwoNamespaces, scrape
import runner
from exporter_process import await_true, run

BACKLOG = 10
SO_MEMINFO = 55


class DoctorPeaksTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(
            self.hosts.exporter("b", "--collector.bpf"))
        page = scrape(self.exporter)
        for program in ("tcp_probe", "sk_data_ready"):
            if not page.find("netstack_bpf_program_state", program=program, state="ok"):
                self.skipTest(f"no program: {page.series.get('netstack_bpf_program_state')}")

    def make(self, side, kind):
        with self.hosts.inside(side):
            return self.enterContext(socket.socket(socket.AF_INET, kind))

    def findings(self, stage):
        """Of the running exporter, about that stage; nothing happens while the doctor looks."""
        ended = run("doctor", f"--url={self.exporter.address}", "--interval=1s", "--json")
        self.assertIn(ended.returncode, (0, 1), ended.stderr)
        return [finding for finding in json.loads(ended.stdout)["findings"]
                if finding["stage"] == stage]

    def listener(self):
        made = self.make("b", socket.SOCK_STREAM)
        made.bind((B, 0))
        made.listen(BACKLOG)
        scrape(self.exporter)  # From here on the port has a group.
        return made

    def burst_of_connections(self, count):
        """Waits in the queue for a moment, and is gone before the doctor looks."""
        listening = self.listener()
        for _ in range(count):
            self.make("a", socket.SOCK_STREAM).connect(listening.getsockname())
        self.assertTrue(select.select([listening], [], [], 10)[0])
        for _ in range(count):
            listening.accept()[0].close()

    def test_an_accept_queue_that_was_nearly_full(self):
        self.burst_of_connections(9)
        (finding,) = self.findings("listen")
        self.assertEqual((finding["rule"], finding["harm"]), ("accept_queue_peak", "pressure"))
        self.assertIn("was at 89.9 % of its limit", finding["title"])  # In 1024ths.
        self.assertIn("Up to 9 connections waited in one queue: the peak of the last 75 s (eBPF).",
                      finding["evidence"])

    def test_an_accept_queue_that_had_room(self):
        self.burst_of_connections(5)
        self.assertEqual(self.findings("listen"), [])

    def datagram_socket(self):
        made = self.make("b", socket.SOCK_DGRAM)
        made.bind((B, 0))
        return made

    def test_a_datagram_buffer_that_was_nearly_full(self):
        receiver = self.datagram_socket()
        sender = self.make("a", socket.SOCK_DGRAM)
        memory = lambda: struct.unpack("9I", receiver.getsockopt(socket.SOL_SOCKET, SO_MEMINFO,
                                                                 36))[:2]
        queued, limit = memory()
        while queued < 0.85 * limit:
            sender.sendto(bytes(1000), receiver.getsockname())
            queued, _ = memory()
        receiver.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while receiver.recv(2000):
                pass
        (finding,) = self.findings("datagram")
        self.assertEqual((finding["rule"], finding["harm"]), ("datagram_buffer_peak", "pressure"))
        self.assertTrue(any("peak of the last 75 s (eBPF)" in text
                            for text in finding["evidence"]), finding)

    def saved_page(self, name):
        path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.exporter.get().text)
        return path

    def test_a_pruned_buffer_comes_with_its_peak(self):
        self.hosts.set("b", "net/ipv4/tcp_rmem", "4096 8192 8192")
        listening = self.listener()
        sender = self.make("a", socket.SOCK_STREAM)
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sender.connect(listening.getsockname())
        receiver = self.enterContext(listening.accept()[0])
        sender.setblocking(False)
        receiver.setblocking(False)
        before = self.hosts.counters("b")["TcpExtPruneCalled"]
        first = self.saved_page("first")

        def is_pruned():
            with contextlib.suppress(BlockingIOError):
                for _ in range(60):
                    sender.send(bytes(100))
            time.sleep(0.05)
            with contextlib.suppress(BlockingIOError):
                receiver.recv(1 << 20)
            return self.hosts.counters("b")["TcpExtPruneCalled"] > before
        await_true(is_pruned, "a pruning")
        second = self.saved_page("second")
        ended = run("doctor", "--interval=10s", "--json", first, second)
        self.assertIn(ended.returncode, (0, 1), ended.stderr)
        found = [finding for finding in json.loads(ended.stdout)["findings"]
                 if finding["stage"] == "tcp"]
        self.assertTrue(found)
        self.assertTrue(any("Between samples the fullest receive buffer was at" in text
                            for finding in found for text in finding["evidence"]), found)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
