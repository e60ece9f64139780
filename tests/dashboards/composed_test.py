"""What compose.yml puts together, as far as it goes without images: its files, names and ports.

Debian's Prometheus and Alertmanager and the exporter run in a network namespace that has the names
that the composition gives its services. There is no Grafana: its files are only read.
"""

import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../scenarios"))
# pylint: disable=wrong-import-position
import two_namespaces
from two_namespaces import TwoNamespaces
import dashboard_files
import runner
from exporter_process import Exporter, await_true
from servers import Server

COMPOSE = dashboard_files.FOLDER / "compose.yml"
# A file of the names in /etc/hosts, seen by this process alone.
WITH_NAMES = ("unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"')


def services():
    """The text of each service by its name."""
    text = COMPOSE.read_text(encoding="utf-8").split("\nservices:\n", 1)[1]
    pieces = re.split(r"^  (\w+):\n", text, flags=re.M)
    return dict(zip(pieces[1::2], pieces[2::2]))


def mounted(service):
    """Where each file of ours is in the container of the service."""
    return {target: COMPOSE.parent / source for source, target in
            re.findall(r"- \./(\S+):(/\S+):ro$", services()[service], re.M)}


def text_of(service, target):
    return mounted(service)[target].read_text(encoding="utf-8")


class FilesTest(unittest.TestCase):
    def test_every_file_that_is_mounted_is_there(self):
        for service in services():
            for source in mounted(service).values():
                self.assertTrue(source.is_file(), source)

    def test_grafana_finds_all_dashboards_where_it_is_told_to_look(self):
        provider = text_of("grafana", "/etc/grafana/provisioning/dashboards/dashboards.yml")
        folder = re.search(r"path: (\S+)", provider)[1]
        self.assertEqual({target for target in mounted("grafana") if target.endswith(".json")},
                         {f"{folder}/{path.name}" for path in dashboard_files.PATHS})

    def test_the_exporter_may_load_programs_and_nothing_else(self):
        text = services()["exporter"]
        self.assertIn("cap_drop: [ALL]\n    cap_add: [BPF, PERFMON]\n", text)
        flags = re.search(r"command: \[(.*)\]", text)[1].split(", ")
        with Exporter(*flags):
            pass


class ServicesTest(unittest.TestCase):
    def test_they_find_each_other_by_the_names_and_ports_of_the_composition(self):
        hosts = self.enterContext(TwoNamespaces())
        names = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "hosts")
        names.write_text("127.0.0.1 localhost prometheus alertmanager host.docker.internal\n",
                         encoding="utf-8")

        def within():
            return hosts.inside("b")

        where = {"prefix": ("ip", "netns", "exec", hosts.names["b"], *WITH_NAMES, str(names)),
                 "within": within}
        self.enterContext(hosts.exporter("b", listen="127.0.0.1:10417"))
        self.enterContext(Server(
            ["prometheus-alertmanager", "--config.file=alertmanager.yml", "--cluster.listen-address=",
             "--web.listen-address=127.0.0.1:9093", "--storage.path=data"],
            {"alertmanager.yml": text_of("alertmanager", "/etc/alertmanager/alertmanager.yml")},
            **where))
        config = text_of("prometheus", "/etc/prometheus/prometheus.yml")
        prometheus = self.enterContext(Server(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
             "--web.listen-address=127.0.0.1:9090"],
            {"prometheus.yml": config.replace("15s", "1s"),
             "netstack.rules.yml": text_of("prometheus", "/etc/prometheus/netstack.rules.yml")},
            **where))

        def told(path, key):
            return json.loads(prometheus.get(f"/api/v1/{path}").text)["data"][key]

        await_true(lambda: [target["health"] for target in told("targets", "activeTargets")] == ["up"],
                   "the scrape")
        await_true(lambda: [found["url"] for found in told("alertmanagers", "activeAlertmanagers")] ==
                   ["http://alertmanager:9093/api/v2/alerts"], "Alertmanager")
        rules = [rule for group in told("rules", "groups") for rule in group["rules"]]
        self.assertGreater(len(rules), 10)
        # As Grafana would ask.
        source = text_of("grafana", "/etc/grafana/provisioning/datasources/datasource.yml")
        self.assertIn(f"url: http://prometheus:{prometheus.address.rsplit(':', 1)[1]}\n", source)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "unshare", "prometheus", "prometheus-alertmanager"])
