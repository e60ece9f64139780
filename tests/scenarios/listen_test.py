"""Connections that a listener loses: a full accept queue, a full SYN queue."""

import socket
import unittest

import two_namespaces
from two_namespaces import ELSEWHERE, B, TwoNamespaces, scrape
import ledger
import runner
import syn
from exporter_process import await_true

PORT = 9000
SYNS = 50


class ListenTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(self.hosts.exporter("b"))

    def tcp(self, side):
        with self.hosts.inside(side):
            made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.addCleanup(made.close)
        return made

    def listen(self, backlog):
        listener = self.tcp("b")
        listener.bind((B, PORT))
        listener.listen(backlog)
        return listener

    def count(self, name):
        return self.hosts.counters("b")[name]

    def test_a_full_accept_queue_is_named_with_its_exact_number(self):
        self.listen(1)
        before = scrape(self.exporter)
        clients = [self.tcp("a") for _ in range(6)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex((B, PORT))
        # Two fit (the queue holds one more than it is told); the others try again after a second.
        await_true(lambda: self.count("TcpExtListenOverflows") >= 8, "overflows")
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

    def flood(self, syncookies, spoil=0):
        self.hosts.set("b", "net/ipv4/tcp_syncookies", syncookies)
        self.listen(8)
        before = scrape(self.exporter)
        received = self.count("TcpInSegs")
        with self.hosts.inside("a"):
            syn.flood(B, PORT, SYNS, ELSEWHERE, spoil)
        await_true(lambda: self.count("TcpInSegs") >= received + SYNS, "all SYNs")
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

    def test_a_damaged_syn_is_an_error_and_no_loss(self):
        before, page, kernel = self.flood(syncookies="1", spoil=1)
        self.assertEqual(kernel["TcpInCsumErrors"], SYNS)
        self.assertEqual(ledger.errors(before, page), {"receive/tcp/bad_checksum": SYNS})
        self.assertEqual(ledger.losses(before, page), {})


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
