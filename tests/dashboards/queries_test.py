"""Every query of every dashboard, asked of a Prometheus that scraped the exporter under load.

Three exporters: that of this host, for what only real devices have, and one in a network namespace in
which connections, datagrams and losses are made; that one has also what is off by default. A third has no
capabilities, and so nothing that eBPF tells.
"""

import json
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../scenarios"))
# pylint: disable=wrong-import-position
import two_namespaces
from two_namespaces import B, TwoNamespaces
import dashboard_files
import runner
from exporter_process import Exporter, await_true, program, run
from provoked_load import BACKLOG, PORT, SENT, Load, Relay
from servers import Prometheus

SCRAPES = 25
ON_REQUEST = ("--collector.bpf", "--collector.napi", "--collector.drops.by-device",
              "--collector.queue_peaks.tier=extended", "--collector.queue_peaks.accept-wait")
UNPRIVILEGED = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
# Queries that are right to be empty though all that they name has series.
NOTHING_WRONG = {
    "Collectors that fail": "every collector works",
    "Alerts that fire": "no rule is loaded",
    "The path, stage by stage H": "in one direction nothing had to wait",
    "annotation Alerts": "no rule is loaded",
    "annotation Changed settings": "no setting was changed",
    "annotation Link up or down": "no link went up or down",
    "annotation Exporter restarted": "no exporter restarted",
}

# Panels that want more than eBPF: programs at functions, and cards.
OF_SOME_HOSTS = {
    "ring: packets by queue",
    "ring: drops by queue",
    "tcp: time of collapse and prune",
    "irq: time of a handler",
    "napi: packets by queue",
    "napi: used-up budgets by queue",
    "napi: packets by device",
    "napi: packets of a poll",
    "napi: polls that used up their budget",
}


class QueriesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        hosts = cls.enterClassContext(TwoNamespaces())
        cls.load = cls.enterClassContext(Load(hosts))
        host = cls.enterClassContext(Exporter("--collector.napi", "--collector.irq.handler-time"))
        relay = cls.enterClassContext(Relay(cls.enterClassContext(hosts.exporter("b", *ON_REQUEST))))
        cls.targets = [host.address, f"127.0.0.1:{relay.server_port}"]
        cls.without_programs = None
        if run("--version", prefix=UNPRIVILEGED).returncode == 0:
            plain = cls.enterClassContext(Exporter(prefix=UNPRIVILEGED))
            cls.without_programs = plain.address
            cls.targets.append(plain.address)
        cls.prometheus = cls.enterClassContext(Prometheus({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [{"job_name": "netstack", "static_configs": [{"targets": cls.targets}]}]}))
        await_true(lambda: min(cls.scrapes() or [0]) >= SCRAPES, f"{SCRAPES} scrapes")
        cls.dashboards = dashboard_files.dashboards()
        cls.known = set(cls.prometheus.ask("label/__name__/values")["data"])
        said = subprocess.run([program(), "reference", "--format=json"], check=True,
                              capture_output=True, text=True).stdout
        cls.declared = {family["name"]: family for family in json.loads(said)["families"]}

    @classmethod
    def scrapes(cls):
        found = cls.prometheus.query("count_over_time(netstack_build_info[10m])")
        return [value for _, value in found] if len(found) == len(cls.targets) else []

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
                of_panel = re.sub(r"^\d+ ", "", where)
                excuse = NOTHING_WRONG.get(of_panel) or NOTHING_WRONG.get(title.split(" ", 2)[2])
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

    def panel(self, dashboard, title):
        """Results of each query of a panel, as labels and value."""
        panel = next(panel for panel in dashboard_files.panels(self.dashboards[dashboard])
                     if panel["title"] == title)
        return [self.prometheus.query(dashboard_files.interpolated(target["expr"]))
                for target in panel["targets"]]

    def skip_without_programs(self, *programs):
        for program in programs:
            state = f'netstack_bpf_program_state{{program="{program}", state="ok"}}'
            if not self.prometheus.query(state):
                self.skipTest(f"no eBPF program {program} here")

    def test_peaks_are_what_the_sockets_said_of_themselves(self):
        self.skip_without_programs("tcp_probe", "sk_data_ready")
        port, group = {"port": str(PORT)}, {"socket_group": f"in:{PORT}"}

        def value(rows, labels):
            return next(number for row, number in rows if labels.items() <= row.items())

        peak, limit = self.panel("netstack-receive", "listen: accept queue, peak")
        self.assertEqual((value(peak, port), value(limit, port)), (self.load.waiting, BACKLOG))
        fill, full = self.panel("netstack-receive", "listen: accept queue, peak fill")
        self.assertEqual((value(fill, port), full[0][1]), (self.load.waiting / BACKLOG, 1))
        ladder = self.panel("netstack-receive", "The path, stage by stage")
        self.assertIn(self.load.waiting / BACKLOG,
                      [value(rows, {"stage": "listen"}) for rows in ladder
                       if any(row.get("stage") == "listen" for row, _ in rows)])
        unread, = self.panel("netstack-receive", "tcp: unread, peak")
        self.assertTrue(0 < self.load.unread_bytes <= value(unread, group) <= SENT)
        listeners = self.panel("netstack-sockets", "Listening TCP sockets")
        self.assertIn({"address": B, **port},
                      [{name: row[name] for name in ("address", "port")} for rows in listeners
                       for row, number in rows if number == self.load.waiting])

    def test_nothing_waits_for_accept_longer_than_the_program_let_it(self):
        self.skip_without_programs("accept_ready", "accepted")
        middle, far = ({labels["port"]: seconds for labels, seconds in rows}[str(PORT)]
                       for rows in self.panel("netstack-receive", "listen: wait for accept()"))
        widest_bucket = 8
        self.assertTrue(0 < middle <= far <= widest_bucket * self.load.seconds)

    def test_panels_below_the_four_have_data_or_say_what_they_want(self):
        self.skip_without_programs("tcp_probe", "sk_data_ready", "napi_poll", "kfree_skb")
        empty = set()
        for dashboard in self.dashboards.values():
            for panel in dashboard_files.panels(dashboard):
                message = panel["fieldConfig"]["defaults"].get("noValue", "n/a")
                if message == "n/a":
                    continue
                with self.subTest(panel["title"]):
                    self.assertRegex(message, "^No data: .*(eBPF|wants collector|driver)")
                    self.assertRegex(panel["description"], "(Off by default: wants|Needs|Of cards) ")
                if not any(self.prometheus.query(dashboard_files.interpolated(target["expr"]))
                           for target in panel["targets"]):
                    empty.add(panel["title"])
        self.assertLessEqual(empty, OF_SOME_HOSTS)

    def test_a_panel_of_ebpf_is_empty_as_a_whole_where_there_is_none(self):
        """A limit alone, or zeros, would look like a queue that nobody uses."""
        if not self.without_programs:
            self.skipTest("nobody cannot run the program")
        seen = 0
        for name, dashboard in self.dashboards.items():
            for panel in dashboard_files.panels(dashboard):
                if not re.search("eBPF|wants", panel["fieldConfig"]["defaults"].get("noValue", "")):
                    continue
                for target in panel["targets"]:
                    expression = dashboard_files.interpolated(
                        target["expr"].replace("$instance", self.without_programs))
                    with self.subTest(f"{name}: {panel['id']} {panel['title']}"):
                        self.assertEqual(self.prometheus.query(expression), [])
                        seen += 1
        self.assertGreater(seen, 40)

    def test_a_choice_of_device_leaves_what_has_no_device(self):
        def stages(chosen):
            found = set()
            for panel in dashboard_files.panels(self.dashboards["netstack-receive"]):
                for target in panel["targets"] if panel["title"].endswith(": drops") else []:
                    expression = target["expr"].replace("$device", chosen)
                    found |= {(panel["title"], labels.get("device")) for labels, _ in
                              self.prometheus.query(dashboard_files.interpolated(expression))}
            return found

        everything = stages(".*")
        devices = {device for _, device in everything if device}
        self.assertIn(("tcp: drops", None), everything)
        self.assertTrue(devices)
        self.assertEqual(stages("no_such_device"), {row for row in everything if row[1] is None})

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
    runner.main(tools=["ip", "prometheus", "setpriv"])
