"""The highest depth of socket queues, held against what the kernel says of the same sockets."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time

import two_namespaces
from two_namespaces import A, B, scrape
import runner
from exporter_process import await_true
from filled_queues import (SEND_QUEUE, SIOCINQ, UNREAD, QueuePeaksCase, at_rest, fill, in_queue,
                           send_until_full)

BURST = 400_000


class QueuePeaksTest(QueuePeaksCase):
    def test_a_reader_that_never_reads(self):
        accepted, connecting, port = self.pair("b", "a", B)
        send_until_full(connecting)
        truth = at_rest(accepted, SIOCINQ)
        self.assertGreater(truth, 50_000)
        self.assertEqual(self.peak(UNREAD, f"in:{port}"), truth)
        page = scrape(self.exporter)
        self.assertEqual(page.value("netstack_socket_received_bytes_total",
                                    socket_group=f"in:{port}"), truth)

    def test_the_peak_stays_when_all_is_read(self):
        accepted, connecting, port = self.pair("b", "a", B)
        send_until_full(connecting)
        truth = at_rest(accepted, SIOCINQ)
        connecting.close()
        while accepted.recv(1 << 20):
            pass
        for _ in range(3):  # Reading resets nothing.
            self.assertGreaterEqual(self.peak(UNREAD, f"in:{port}"), truth)

    def test_a_receiver_of_ipv6(self):
        accepted, connecting, port = self.pair6()
        send_until_full(connecting)
        truth = at_rest(accepted, SIOCINQ)
        self.assertGreater(truth, 50_000)
        self.assertEqual(self.peak(UNREAD, f"in:{port}"), truth)

    def test_a_receive_queue_below_the_low_water_mark(self):
        accepted, connecting, port = self.pair("b", "a", B)
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 100_000)
        connecting.sendall(bytes(50_000))
        await_true(lambda: in_queue(accepted, SIOCINQ) == 50_000, "50000 bytes")
        self.assertEqual(self.peak(UNREAD, f"in:{port}"), 50_000)

    def test_segments_that_a_full_buffer_refuses(self):
        accepted, connecting, port = self.pair("b", "a", B)
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connecting.sendall(bytes(30_000))
        send_until_full(connecting)
        refused = ("TcpExtTCPRcvQDrop", "TcpExtBeyondWindow")  # The second since Linux 6.17.
        await_true(lambda: sum(self.hosts.counters("b").get(name, 0) for name in refused) >= 2,
                   "what is refused to be sent again")
        truth = at_rest(accepted, SIOCINQ)
        page = scrape(self.exporter)
        self.assertEqual(page.value(UNREAD, socket_group=f"in:{port}"), truth)
        self.assertEqual(page.value("netstack_socket_received_bytes_total",
                                    socket_group=f"in:{port}"), truth)

    def test_ten_thousand_connections(self):
        count, deepest = 10_000, 997
        listening, port = self.listener("b", B, backlog=1000)
        scrape(self.exporter)
        recording = self.recording(port)
        accept = os.fork()  # A process may have 20 000 descriptors.
        if accept == 0:
            held = []
            while True:
                held.append(listening.accept()[0])
        try:
            for number in range(count):
                self.connect("a", (B, port)).sendall(bytes(number % deepest + 1))
            total = sum(number % deepest + 1 for number in range(count))
            page = await_true(lambda: (page := scrape(self.exporter)).value(
                "netstack_socket_received_bytes_total", socket_group=f"in:{port}") >= total
                and page, "all bytes")
            time.sleep(1)  # The recording's interval.
        finally:
            os.kill(accept, signal.SIGKILL)
            os.waitpid(accept, 0)
        self.assertEqual(page.value("netstack_socket_received_bytes_total",
                                    socket_group=f"in:{port}"), total)
        self.assertEqual(page.value(UNREAD, socket_group=f"in:{port}"), deepest)
        recording.terminate()
        rows = [json.loads(line) for line in recording.communicate()[0].splitlines()]
        received, peaks = {}, {}
        for row in rows:
            if row["source_port"] == port:
                peer = row["destination_port"]
                received[peer] = received.get(peer, 0) + row["receive_total_bytes"]
                peaks[peer] = max(peaks.get(peer, 0), row["receive_peak_bytes"])
        peaks = {peer: peak for peer, peak in peaks.items() if peak}
        received = {peer: bytes_in for peer, bytes_in in received.items() if bytes_in}
        self.assertEqual(len(peaks), count)
        self.assertEqual(sum(received.values()), total)
        self.assertEqual(peaks, received)
        self.assertEqual(sum(row["lost_events"] for row in rows), 0)

    def recording(self, port):
        """The subcommand record in b, at work."""
        output = subprocess.Popen(
            ["ip", "netns", "exec", self.hosts.names["b"], os.environ["NETSTACK_EXPORTER"], "record",
             "--format=json", f"--ports={port}"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(output.stdout.close)
        self.addCleanup(output.wait)
        self.addCleanup(output.kill)
        self.connect("a", (B, port)).close()
        self.assertEqual(json.loads(output.stdout.readline())["method"], "measured")
        return output

    def test_a_sender_whose_peer_does_not_read(self):
        sending, _, group = self.sender()
        truth = fill(sending)
        self.assertGreater(truth, 50_000)
        page = scrape(self.exporter)
        self.assertEqual(page.value(SEND_QUEUE, socket_group=group), truth)
        unsent = page.value("netstack_socket_unsent_peak_bytes", socket_group=group)
        self.assertGreater(unsent, 0)
        self.assertLessEqual(unsent, page.value(SEND_QUEUE, socket_group=group))

    def test_a_sender_after_its_peer_has_closed(self):
        sending, peer, group = self.sender()
        peer.shutdown(socket.SHUT_WR)
        self.assertEqual(sending.recv(1), b"")  # CLOSE_WAIT.
        truth = fill(sending)
        self.assertGreater(truth, 50_000)
        if self.has_program("send", "tp_btf/tcp_sendmsg_locked"):
            self.assertEqual(self.peak(SEND_QUEUE, group), truth)

    def test_a_file_that_is_sent(self):
        sending, _, group = self.sender()
        sending.setblocking(False)
        with tempfile.TemporaryFile() as file:
            file.truncate(1 << 28)

            def send_file(made):
                sent = 0
                try:
                    while True:
                        sent += os.sendfile(made.fileno(), file.fileno(), sent, 1 << 20)
                except BlockingIOError:
                    return sent

            truth = fill(sending, send_file)
        self.assertGreater(truth, 50_000)
        if self.has_program("send", "tp_btf/tcp_sendmsg_locked"):
            self.assertEqual(self.peak(SEND_QUEUE, group), truth)

    def test_an_accept_queue(self):
        if not self.has_program("sk_data_ready", "tp_btf/sk_data_ready"):
            self.skipTest("this kernel has no sk_data_ready")
        listening, port = self.listener("b", B, backlog=40)
        scrape(self.exporter)
        for _ in range(20):
            self.connect("a", (B, port))
        for _ in range(20):
            listening.accept()[0].close()
        page = scrape(self.exporter)
        labels = {"port": str(port)}
        self.assertEqual(page.value("netstack_listener_accept_queue_peak_connections", **labels),
                         20)
        self.assertEqual(page.value("netstack_listener_accept_queue_peak_ratio", **labels),
                         20 * 1024 // 40 / 1024)
        self.assertEqual(page.value("netstack_listener_arrivals_total", **labels), 20)

    def test_udp_receive_memory(self):
        if not self.has_program("sk_data_ready", "tp_btf/sk_data_ready"):
            self.skipTest("this kernel has no sk_data_ready")
        with self.hosts.inside("b"):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with self.hosts.inside("a"):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        self.addCleanup(sender.close)
        receiver.bind((B, 0))
        for _ in range(50):
            sender.sendto(bytes(1000), receiver.getsockname())
        with self.hosts.inside("b"), open("/proc/thread-self/net/udp", encoding="utf-8") as file:
            queued = max(int(line.split()[4].split(":")[1], 16) for line in list(file)[1:])
        self.assertGreater(queued, 50_000)
        page = scrape(self.exporter)
        self.assertGreaterEqual(page.value("netstack_datagram_receive_memory_peak_bytes"), queued)

    def test_every_scraper_sees_a_spike_of_50_ms(self):
        accepted, connecting, port = self.pair("b", "a", B)
        seen = {0.3: [], 0.7: [], 1.9: []}
        stop = threading.Event()

        def keep_scraping(interval):
            while not stop.wait(interval):
                seen[interval].append(self.peak(UNREAD, f"in:{port}"))

        scrapers = [threading.Thread(target=keep_scraping, args=(interval,)) for interval in seen]
        for scraper in scrapers:
            scraper.start()
        try:
            connecting.setblocking(False)
            sent = connecting.send(bytes(BURST))
            await_true(lambda: in_queue(accepted, SIOCINQ) > min(sent, 60_000), "the spike")
            spike = in_queue(accepted, SIOCINQ)
            time.sleep(0.05)
            accepted.setblocking(False)
            while in_queue(accepted, SIOCINQ) > 0:
                accepted.recv(1 << 20)
            have_seen = lambda: all(len(peaks) >= 2 and peaks[-1] >= spike
                                    for peaks in seen.values())
            await_true(have_seen, "every scraper to see it")
        finally:
            stop.set()
            for scraper in scrapers:
                scraper.join()
        for peaks in seen.values():
            self.assertEqual(peaks, sorted(peaks), "a peak that was seen stays")
        self.assertEqual(scrape(self.exporter).value("netstack_peak_gaps_total"), 0)

    def test_connections_of_other_namespaces_are_a_group_of_their_own(self):
        listening, port = self.listener("a", A)
        connecting = self.connect("a", (A, port))
        accepted, _ = listening.accept()
        self.addCleanup(accepted.close)
        before = scrape(self.exporter)
        connecting.sendall(bytes(30_000))
        after = scrape(self.exporter)
        received = "netstack_socket_received_bytes_total"

        def rise(group):
            return after.value(received, socket_group=group) - before.value(received,
                                                                           socket_group=group)
        self.assertGreaterEqual(rise("other_namespaces"), 30_000)
        self.assertEqual(rise("other"), 0)
        self.assertEqual(after.find(UNREAD, socket_group=f"in:{port}"), [])


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
