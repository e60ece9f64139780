"""Every query of every dashboard, asked of a Prometheus that scraped the exporter under load.

Two exporters: that of this host, for what only real devices have, and one in a network namespace in
which connections, datagrams and losses are made.
"""

import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../scenarios"))
# pylint: disable=wrong-import-position
import two_namespaces
from two_namespaces import B, TwoNamespaces
import dashboard_files
import runner
from exporter_process import Exporter, await_true, program, request
from servers import Prometheus

PORT = 9000
SCRAPES = 25
# Queries that are right to be empty though all that they name has series.
NOTHING_WRONG = {
    "Collectors that fail": "every collector works",
    "Alerts that fire": "no rule is loaded",
    "annotation Alerts": "no rule is loaded",
    "annotation Changed settings": "no setting was changed",
    "annotation Link up or down": "no link went up or down",
    "annotation Exporter restarted": "no exporter restarted",
}


class Relay(http.server.ThreadingHTTPServer):
    """A scrape of the exporter in the namespace, whose socket Prometheus cannot name."""

    def __init__(self, exporter):
        super().__init__(("127.0.0.1", 0), RelayHandler)
        self.exporter = exporter
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class RelayHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        reply = request(self.server.exporter.address, "/metrics")
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.headers["Content-Type"])
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


class Load:
    """Connections, datagrams and losses between the namespaces, a few a second, until told."""

    def __init__(self, hosts):
        self.hosts = hosts
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)
        with hosts.inside("b"):
            self.listener = socket.create_server((B, PORT), backlog=2)
            self.unread = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listener.settimeout(5)
        self.unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.unread.bind((B, PORT))
        with hosts.inside("a"):
            self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def run(self):
        while not self.stop.wait(0.2):
            with self.hosts.inside("a"):
                client = socket.create_connection((B, PORT), 5)
            served, _ = self.listener.accept()
            client.sendall(bytes(100000))
            served.recv(50000)
            client.close()
            served.close()
            for _ in range(20):
                self.sender.sendto(bytes(1000), (B, PORT))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        for made in (self.listener, self.unread, self.sender):
            made.close()


class QueriesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        hosts = cls.enterClassContext(TwoNamespaces())
        cls.enterClassContext(Load(hosts))
        host = cls.enterClassContext(Exporter())
        relay = cls.enterClassContext(Relay(cls.enterClassContext(hosts.exporter("b"))))
        targets = [host.address, f"127.0.0.1:{relay.server_port}"]
        cls.prometheus = cls.enterClassContext(Prometheus({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [{"job_name": "netstack", "static_configs": [{"targets": targets}]}]}))
        await_true(lambda: min(cls.scrapes() or [0]) >= SCRAPES, f"{SCRAPES} scrapes")
        cls.dashboards = dashboard_files.dashboards()
        cls.known = set(cls.prometheus.ask("label/__name__/values")["data"])
        said = subprocess.run([program(), "reference", "--format=json"], check=True,
                              capture_output=True, text=True).stdout
        cls.declared = {family["name"]: family for family in json.loads(said)["families"]}

    @classmethod
    def scrapes(cls):
        found = cls.prometheus.query("count_over_time(netstack_build_info[10m])")
        return [value for _, value in found] if len(found) == 2 else []

    def all_expressions(self):
        for name, dashboard in self.dashboards.items():
            for where, ref, expression in dashboard_files.expressions(dashboard):
                yield f"{name}: {where} {ref}", where, dashboard_files.interpolated(expression)

    def test_no_query_has_an_error(self):
        for title, _, expression in self.all_expressions():
            with self.subTest(title):
                self.assertEqual(self.prometheus.ask("query", query=expression)["status"], "success")

    def test_a_query_is_empty_only_where_this_host_has_nothing_to_show(self):
        answered = 0
        for title, where, expression in self.all_expressions():
            with self.subTest(title):
                if self.prometheus.query(expression):
                    answered += 1
                    continue
                parts = [match[0] for match in dashboard_files.SELECTOR.finditer(expression)]
                missing = [part for part in parts if not self.prometheus.query(f"count({part})")]
                excuse = NOTHING_WRONG.get(re.sub(r"^\d+ ", "", where))
                self.assertTrue(missing or excuse or "ALERTS" in expression,
                                f"empty, though all it names has series: {expression}")
        self.assertGreater(answered, 100)

    def test_what_every_linux_host_has_is_there(self):
        """The loss that was made, and the panels that may never be empty."""
        for dashboard, title in (("netstack-overview", "Lost now, by host and stage"),
                                 ("netstack-overview", "Lost over time, receive"),
                                 ("netstack-receive", "The path, stage by stage"),
                                 ("netstack-receive", "datagram: drops"),
                                 ("netstack-receive", "tcp: memory"),
                                 ("netstack-transmit", "tcp: settings"),
                                 ("netstack-sockets", "Listening TCP sockets"),
                                 ("netstack-sockets", "TCP sockets by state"),
                                 ("netstack-sockets", "Round-trip time")):
            panel = next(panel for panel in dashboard_files.panels(self.dashboards[dashboard])
                         if panel["title"] == title)
            with self.subTest(title):
                found = [self.prometheus.query(dashboard_files.interpolated(target["expr"]))
                         for target in panel["targets"]]
                self.assertTrue(all(found) if title != "Lost now, by host and stage" else any(found))
        lost = self.prometheus.query('sum(rate(netstack_path_drops_total{class="loss", '
                                     'stage="datagram"}[10s]))')
        self.assertGreater(lost[0][1], 1)

    def test_interrupts_for_each_packet_as_the_page_of_the_stage_says(self):
        with open(os.path.join(HERE, "../../docs/stages/receive-irq.md"), encoding="utf-8") as file:
            expression = re.search(r"`(sum by [^`]*/[^`]*)`", file.read())[1]
        queue = 'count by (device, queue) (%s{queue!=""})'
        wanted = [{(labels["device"], labels["queue"])
                   for labels, _ in self.prometheus.query(queue % family)}
                  for family in ("netstack_irq_interrupts_total", "netstack_queue_packets_total")]
        if not wanted[0] & wanted[1]:
            self.skipTest("no card here tells interrupts and packets by queue")
        found = self.prometheus.query(expression)
        self.assertEqual({(labels["device"], labels["queue"]) for labels, _ in found},
                         wanted[0] & wanted[1])
        for labels, ratio in found:  # NaN while no packet came.
            self.assertFalse(ratio < 0, labels)

    def test_every_label_that_a_query_names_is_one_of_the_family(self):
        of_target = {"job", "instance", "netns", "le"}
        for title, _, expression in self.all_expressions():
            for name, matchers in dashboard_files.SELECTOR.findall(expression):
                family = self.declared[dashboard_files.families(name).pop()]
                labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", re.sub(r'"[^"]*"', "", matchers)))
                with self.subTest(title):
                    self.assertEqual(labels - of_target - set(family["labels"]) - {"device"}, set())

    def test_every_legend_names_labels_of_its_results(self):
        for name, dashboard in self.dashboards.items():
            for panel in dashboard_files.panels(dashboard):
                for target in panel["targets"]:
                    labels = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
                    found = self.prometheus.query(dashboard_files.interpolated(target["expr"]))
                    if not found or not labels:
                        continue
                    given = set().union(*(result.keys() for result, _ in found))
                    with self.subTest(f"{name}: {panel['id']} {panel['title']}"):
                        self.assertEqual(labels - given - {"device"}, set())

    def test_every_variable_has_values(self):
        for name, dashboard in self.dashboards.items():
            for variable in dashboard_files.variables(dashboard).values():
                if variable["type"] != "query" or variable["name"] == "netns":
                    continue  # Other namespaces than the exporter's own are not watched here.
                selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]).groups()
                answer = self.prometheus.ask(f"label/{label}/values",
                                             **{"match[]": dashboard_files.interpolated(selector)})
                with self.subTest(f"{name}: {variable['name']}"):
                    self.assertTrue(answer["data"])


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "prometheus"])
