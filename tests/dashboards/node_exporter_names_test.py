"""The rules that give node_exporter's names to our numbers, beside Debian's node_exporter.

Both read one network namespace, in which datagrams are lost; every series of node_exporter's is there
from the rules, with the same labels and the same value.
"""

import os
import pathlib
import re
import socket
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../scenarios"))
# pylint: disable=wrong-import-position
import two_namespaces
from two_namespaces import B, TwoNamespaces
import runner
from exporter_process import Exporter, await_true
from servers import NodeExporter, Prometheus

RULES = pathlib.Path(HERE, "../../dashboards/alerts/node_exporter.rules.yml")
DOCUMENT = pathlib.Path(HERE, "../../docs/migration.md")
COLLECTORS = ("softnet", "netstat", "netdev", "sockstat", "conntrack")
PORT = 9000


class NodeExporterNamesTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        where = {"prefix": ("ip", "netns", "exec", self.hosts.names["b"]), "within": self.inside}
        ours = self.enterContext(Exporter("--collector.protocols.tier=all",
                                          "--collector.link.tier=extended",
                                          "--collector.link.container-ports=shown",
                                          prefix=where["prefix"]))
        flags = [f"--collector.{name}" for name in COLLECTORS]
        node = self.enterContext(NodeExporter(["--collector.disable-defaults", *flags,
                                               "--collector.netdev.device-exclude=^$"], **where))
        self.lose_datagrams()
        jobs = {"ours": ours.address, "node": node.address}
        self.prometheus = self.enterContext(Prometheus(
            {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
             "scrape_configs": [{"job_name": job, "static_configs": [{"targets": [address]}]}
                                for job, address in jobs.items()]},
            rules=[RULES.read_text(encoding="utf-8")], **where))
        await_true(lambda: len(self.series("ours", "count")) > 50
                   and min(self.series("ours", "count").values()) >= 10, "samples")

    def inside(self):
        return self.hosts.inside("b")

    def lose_datagrams(self):
        with self.inside():
            unread = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(unread.close)
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        unread.bind((B, PORT))
        with self.hosts.inside("a"):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sender:
            for port in (PORT, PORT + 1):
                for _ in range(100):
                    sender.sendto(bytes(1000), (B, port))

    def series(self, job, how):
        """What a function over time says of each series, by its name and labels."""
        inner = f'{{__name__=~"node_.+", __name__!~"node_(scrape|exporter)_.+", job="{job}"}}'
        # The name is kept in a label, because a function over time drops it.
        names = {labels["__name__"] for labels, _ in self.prometheus.query(inner)}
        found = {}
        for name in names:
            for labels, value in self.prometheus.query(f'{how}_over_time({name}{{job="{job}"}}[1m])'):
                found[name, labels.get("device") or labels.get("cpu")] = value
        return found

    def test_every_series_has_the_same_value(self):
        least, most = self.series("node", "min"), self.series("node", "max")
        ours_least, ours_most = self.series("ours", "min"), self.series("ours", "max")
        self.assertGreater(len(least), 80)
        told = set(re.findall(r"^\| `(node_\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.M))
        for key in least:
            with self.subTest(key):
                if key not in ours_least:
                    self.assertIn(key[0], told, "missing, and docs/migration.md does not say so")
                    continue
                # The two are scraped one after the other, and a scrape is traffic, too.
                self.assertLessEqual(ours_least[key], most[key])
                self.assertGreaterEqual(ours_most[key], least[key])
        self.assertEqual(ours_most["node_netstat_Udp_NoPorts", None], 100)
        self.assertGreater(ours_most["node_netstat_Udp_RcvbufErrors", None], 50)
        self.assertGreaterEqual(ours_most["node_network_receive_packets_total", "vb"], 200)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "prometheus", "prometheus-node-exporter"])
