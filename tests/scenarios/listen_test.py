"""Connections that a listener loses: a full accept queue, a full SYN queue."""

import socket

import two_namespaces
from two_namespaces import ELSEWHERE, B, scrape
import ledger
import raw_peer
import runner
import syn
from exporter_process import await_true
from raw_peer import RawPeer
from scenario import Scenario

PORT = 9000
SYNS = 50


class ListenTest(Scenario):
    def setUp(self):
        super().setUp()
        self.exporter = self.watch("b")

    def listen(self, backlog):
        listener = self.tcp("b")
        listener.bind((B, PORT))
        listener.listen(backlog)
        return listener

    def test_a_full_accept_queue_is_named_with_its_exact_number(self):
        self.listen(1)
        before = scrape(self.exporter)
        clients = [self.tcp("a") for _ in range(6)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex((B, PORT))
        # Two fit (the queue holds one more than it is told); the others try again after a second.
        await_true(lambda: self.count("b", "TcpExtListenOverflows") >= 8, "overflows")
        for client in clients:
            client.close()
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter,
                                             "TcpExtListenOverflows", "TcpExtListenDrops")
        self.assertEqual(kernel["TcpExtListenDrops"], kernel["TcpExtListenOverflows"])
        self.assertEqual(ledger.losses(before, page),
                         {"receive/listen/accept_queue_full": kernel["TcpExtListenOverflows"]})
        # The depth is over the limit, and the port of the listener is told.
        self.assertEqual(page.value("netstack_path_saturation_ratio", stage="listen",
                                    resource="accept_queue"), 2)
        self.assertEqual(page.value("netstack_listener_drops_total", port=str(PORT)),
                         kernel["TcpExtListenDrops"])

    def flood(self, syncookies, spoil=0, backlog=8):
        self.hosts.set("b", "net/ipv4/tcp_syncookies", syncookies)
        self.listen(backlog)
        before = scrape(self.exporter)
        received = self.count("b", "TcpInSegs")
        with self.hosts.inside("a"):
            syn.flood(B, PORT, SYNS, ELSEWHERE, spoil)
        await_true(lambda: self.count("b", "TcpInSegs") >= received + SYNS, "all SYNs")
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "TcpExtListenDrops",
                                             "TcpExtTCPReqQFullDoCookies")
        return before, page, kernel

    def test_a_full_syn_queue_is_named_with_its_exact_number(self):
        before, page, kernel = self.flood(syncookies="0")
        lost = kernel["TcpExtTCPReqQFullDrop"]
        # The queue keeps its limit, or one more in newer kernels.
        self.assertIn(lost, (SYNS - 9, SYNS - 8))
        self.assertEqual(kernel["TcpExtListenDrops"], lost)
        self.assertEqual(ledger.losses(before, page), {"receive/listen/syn_queue_full": lost})

    def test_with_syn_cookies_a_full_syn_queue_loses_nothing(self):
        before, page, kernel = self.flood(syncookies="1")
        sent = kernel["TcpExtTCPReqQFullDoCookies"]
        self.assertIn(sent, (SYNS - 9, SYNS - 8))
        self.assertEqual(ledger.losses(before, page), {})
        self.assertEqual(ledger.pressure(before, page).get("receive/listen/syn_cookies"), sent)

    def test_a_syn_backlog_three_quarters_full(self):
        self.hosts.set("b", "net/ipv4/tcp_max_syn_backlog", "16")
        before, page, kernel = self.flood(syncookies="0", backlog=100)
        # Unknown clients get no more than three quarters, and one.
        self.assertEqual(kernel["TcpExtListenDrops"], SYNS - 13)
        self.assert_drops(before, page, loss={"receive/listen/other": SYNS - 13})

    def test_a_full_fast_open_queue_loses_nothing(self):
        self.hosts.set("b", "net/ipv4/tcp_fastopen", str(2 | 0x200))
        listener = self.listen(100)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 1)
        before = scrape(self.exporter)
        peers = [self.enterContext(RawPeer(self.hosts, B, PORT, own_port=40000 + i))
                 for i in range(6)]
        for peer in peers:
            peer.send(b"data", flags=raw_peer.SYN)
        self.await_count("b", "TcpExtTCPFastOpenListenOverflow", 5)
        page, kernel = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "TcpInSegs")
        # Those beyond the queue are SYNs as any other: each gets its answer.
        self.assertEqual(kernel["TcpExtTCPFastOpenListenOverflow"], 5)
        for peer in peers:
            peer.await_answer()
        self.assert_drops(before, page)
        self.assertEqual(ledger.pressure(before, page), {"receive/listen/fast_open_queue_full": 5})

    def test_a_listener_that_waits_for_data_loses_nothing(self):
        listener = self.listen(100)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
        before = scrape(self.exporter)
        for _ in range(5):
            self.tcp("a").connect((B, PORT))
        self.await_count("b", "TcpExtTCPDeferAcceptDrop", 5)
        page, _ = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "TcpInSegs")
        # The kernel has seen the ACKs, and will take the connections when data comes.
        self.assert_drops(before, page)

    def test_a_port_scan_is_policy_at_most(self):
        before = scrape(self.exporter)
        with self.hosts.inside("a"):
            for port in range(1, SYNS + 1):
                syn.flood(B, port, 1, ELSEWHERE)
        prober = self.udp("a")
        for port in range(1, SYNS + 1):
            prober.sendto(b"", (B, port))
        self.await_count("b", "TcpOutRsts", SYNS)
        self.await_count("b", "UdpNoPorts", SYNS)
        page, _ = ledger.scrape_at_rest(self.hosts, "b", self.exporter, "TcpInSegs")
        # Nothing tells a SYN for a closed port from another segment that gets a reset.
        self.assert_drops(before, page, policy={"receive/datagram/no_socket": SYNS})

    def test_a_damaged_syn_is_an_error_and_no_loss(self):
        before, page, kernel = self.flood(syncookies="1", spoil=1)
        self.assertEqual(kernel["TcpInCsumErrors"], SYNS)
        self.assertEqual(ledger.errors(before, page), {"receive/tcp/bad_checksum": SYNS})
        self.assertEqual(ledger.losses(before, page), {})


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
