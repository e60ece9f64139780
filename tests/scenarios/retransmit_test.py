"""What a loss elsewhere makes TCP do: pressure at the sender, and no loss in its ledger."""

import socket

import two_namespaces
from two_namespaces import B, ip
import ledger
import runner
from scenario import Scenario

PORT = 9000
SILENT = "10.77.0.99"  # Nobody has it, though its hardware address is known.
DROP = "1,6 0 0 2"  # Classic BPF: return TC_ACT_SHOT.


class RetransmitTest(Scenario):
    def setUp(self):
        super().setUp()
        self.exporter = self.watch("a", "--devices.container-ports")

    def tc(self, *arguments):
        return self.hosts.tool("a", "tc", *arguments)

    def connect(self, address):
        client = self.tcp("a")
        client.setblocking(False)
        client.connect_ex((address, PORT))
        return client

    def after(self, client, *counters):
        client.close()
        return ledger.scrape_at_rest(self.hosts, "a", self.exporter, *counters)

    def test_a_connect_that_nobody_answers(self):
        ip("-n", self.hosts.names["a"], "neigh", "add", SILENT, "lladdr", "02:00:00:00:77:99", "dev",
           "va")
        before = self.scrape(self.exporter)
        client = self.connect(SILENT)
        self.await_count("a", "TcpRetransSegs", 1)
        page, kernel = self.after(client, "TcpRetransSegs", "TcpExtTCPTimeouts")
        self.assertEqual(ledger.pressure(before, page),
                         {"transmit/tcp/retransmit": kernel["TcpRetransSegs"],
                          "transmit/tcp/timeout": kernel["TcpExtTCPTimeouts"]})
        self.assert_drops(before, page)

    def test_a_retransmission_refused_on_this_host(self):
        self.tc("qdisc", "add", "dev", "va", "clsact")
        self.tc("filter", "add", "dev", "va", "egress", "bpf", "da", "bytecode", DROP)
        before = self.scrape(self.exporter)
        client = self.connect(B)
        self.await_count("a", "TcpExtTCPRetransFail", 1)
        page, kernel = self.after(client, "TcpExtTCPRetransFail", "TcpRetransSegs")
        self.assertEqual(ledger.pressure(before, page)["transmit/tcp/retransmit_failed"],
                         kernel["TcpExtTCPRetransFail"])
        # The first SYN and its repetitions, each refused by the filter.
        self.assert_drops(before, page, policy={"transmit/egress/filter":
                                                1 + kernel["TcpExtTCPRetransFail"]})

    def test_a_timer_that_fires_while_the_segment_waits_here(self):
        listener = self.tcp("b")
        listener.bind((B, PORT))
        listener.listen(1)
        client = self.tcp("a")
        client.connect((B, PORT))
        self.tc("qdisc", "replace", "dev", "va", "root", "tbf", "rate", "16kbit", "burst", "1600",
                "limit", "100000")
        before = self.scrape(self.exporter)
        client.send(bytes(10000))
        self.await_count("a", "TcpExtTCPSpuriousRtxHostQueues", 1)
        page, kernel = self.after(client, "TcpExtTCPSpuriousRtxHostQueues")
        self.assertEqual(ledger.pressure(before, page)["transmit/queue/host_queue_rtx"],
                         kernel["TcpExtTCPSpuriousRtxHostQueues"])
        self.assert_drops(before, page)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "tc"])
