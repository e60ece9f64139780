"""A loss is provoked, and a person is told of it, and that it is over.

The exporter, Debian's Prometheus with our rules, and Debian's Alertmanager with our routes, in a
network namespace of the test's own. The rules and routes are ours with every minute made a second.
"""

import contextlib
import json
import os
import pathlib
import re
import socket
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../scenarios"))
# pylint: disable=wrong-import-position
import two_namespaces
from two_namespaces import B, TwoNamespaces
import runner
from exporter_process import Exporter, await_true
from servers import Alertmanager, Prometheus, Webhook

ALERTS = pathlib.Path(HERE, "../../dashboards/alerts")
SMALLER = {"m": "s", "h": "m"}
PORT = 9000
PATIENCE = 180


def quick(text):
    """Durations are a sixtieth, a day 24 minutes. Names of records, as rate5m, stay."""
    text = re.sub(r"\b1d\b", "24m", text)
    return re.sub(r"\b(\d+)([mh])\b", lambda match: match[1] + SMALLER[match[2]], text)


class AlertChainTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        where = {"prefix": ("ip", "netns", "exec", self.hosts.names["b"]), "within": self.inside}
        # Five ports listen there, in no order.
        self.target = self.enterContext(Exporter("--collector.queue_peaks.max-groups=20",
                                                 prefix=where["prefix"])).address
        with self.inside():
            self.webhook = self.enterContext(Webhook())
        routes = (ALERTS / "alertmanager.example.yml").read_text(encoding="utf-8")
        routes = re.sub(r"http://(\w+)\.example/", rf"http://{self.webhook.address}/\1", routes)
        routes = quick(routes).replace("30s", "1s")
        self.alertmanager = self.enterContext(Alertmanager(routes, **where))
        self.prometheus = self.enterContext(Prometheus(
            {"global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
             "alerting": {"alertmanagers": [
                 {"static_configs": [{"targets": [self.alertmanager.address]}]}]},
             "scrape_configs": [{"job_name": "netstack",
                                 "static_configs": [{"targets": [self.target]}]}]},
            rules=[quick((ALERTS / "netstack.rules.yml").read_text(encoding="utf-8"))], **where))

    def inside(self):
        return self.hosts.inside("b")

    def flood(self, stop):
        """200 datagrams a second to a socket that nobody reads, until it is told to stop."""
        with self.hosts.inside("a"):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sender:
            while not stop.wait(0.05):
                for _ in range(10):
                    sender.sendto(bytes(1000), (B, PORT))

    def told(self, status):
        return [(path, alert) for path, alert in self.webhook.seen if alert["status"] == status]

    def test_a_loss_is_told_in_words_and_resolved_when_it_is_over(self):
        with self.inside():
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        receiver.bind((B, PORT))
        await_true(lambda: len(self.prometheus.query("netstack:stage_drops:rate5m")) > 5, "records")
        stop = threading.Event()
        flood = threading.Thread(target=self.flood, args=(stop,))
        flood.start()
        self.addCleanup(flood.join)
        self.addCleanup(stop.set)
        await_true(lambda: self.told("firing"), "the alert", PATIENCE)
        stop.set()
        await_true(lambda: self.told("resolved"), "the end of the alert", PATIENCE)

        # Nothing else is told, and it goes where the route says.
        self.assertEqual({(path, alert["labels"]["alertname"]) for path, alert in self.webhook.seen},
                         {("/inbox", "NetstackDropsRising")})
        alert = self.told("firing")[0][1]
        self.assertEqual(alert["labels"], {
            "alertname": "NetstackDropsRising", "severity": "warning", "job": "netstack",
            "instance": self.target, "path": "receive", "stage": "datagram",
            "cause": "receive_buffer_full"})
        words = alert["annotations"]
        self.assertEqual(words["summary"], f"{self.target} loses more packets at receive datagram")
        self.assertRegex(words["description"],
                         r"^[\d.]+ packets a second are lost at receive datagram, cause "
                         r"receive_buffer_full: more than four times the hour before\.$")
        self.assertEqual(words["runbook_url"], "docs/stages/receive-datagram.md")
        self.assertEqual(words["dashboard_url"], f"/d/netstack-receive?var-instance={self.target}")

    def test_a_burst_that_is_over_before_a_scrape_is_told(self):
        peak = "netstack_listener_accept_queue_peak_ratio"
        with self.inside():
            listener = self.enterContext(socket.create_server((B, 0), backlog=20))
        port = listener.getsockname()[1]
        await_true(lambda: self.prometheus.query("netstack_build_info"), "a scrape")
        if not self.prometheus.query(peak):
            self.skipTest("no eBPF here: no peaks")
        await_true(lambda: self.prometheus.query(f'{peak}{{port="{port}"}} == 0'), "the port's peak")
        with self.hosts.inside("a"):
            clients = [socket.create_connection((B, port)) for _ in range(20)]
        for made in [listener.accept()[0] for _ in clients] + clients:
            made.close()
        await_true(lambda: self.told("firing"), "the alert", PATIENCE)
        path, alert = self.told("firing")[0]
        self.assertEqual((path, alert["labels"]), ("/inbox", {
            "alertname": "NetstackAcceptQueuePeaks", "severity": "warning", "job": "netstack",
            "instance": self.target, "path": "receive", "stage": "listen", "port": str(port)}))
        self.assertRegex(alert["annotations"]["description"],
                         rf"^Between scrapes the accept queue of port {port} comes to 100% of ")

    def test_one_trouble_is_one_alert(self):
        """Alertmanager holds back what the loss at the same stage explains, and nothing else."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        common = {"instance": "a", "path": "receive", "resource": "conntrack"}
        sent = [{"alertname": "NetstackDropsRising", "stage": "tcp"},
                {"alertname": "NetstackPressureRising", "stage": "tcp"},
                {"alertname": "NetstackStageNearlyFull", "stage": "tcp"},
                {"alertname": "NetstackPressureRising", "stage": "napi"},
                {"alertname": "NetstackLossRatioHigh", "stage": "datagram"},
                {"alertname": "NetstackDropsRising", "stage": "datagram"},
                {"alertname": "NetstackAcceptQueueOverflow", "stage": "listen"},
                {"alertname": "NetstackLossRatioHigh", "stage": "listen"},
                {"alertname": "NetstackConntrackFull", "stage": "netfilter"},
                {"alertname": "NetstackStageNearlyFull", "stage": "netfilter"},
                {"alertname": "NetstackFillTrend", "stage": "netfilter"},
                {"alertname": "NetstackFillTrend", "stage": "ip"},
                {"alertname": "NetstackAcceptQueuePeaks", "stage": "listen"},
                {"alertname": "NetstackDatagramBufferPeaks", "stage": "datagram"},
                {"alertname": "NetstackStageNearlyFull", "stage": "backlog"},
                {"alertname": "NetstackAcceptQueuePeaks", "stage": "backlog"},
                {"alertname": "NetstackAcceptQueuePeaks", "stage": "socket"}]
        body = [{"labels": {**common, **labels}, "startsAt": now} for labels in sent]
        self.post("/api/v2/alerts", json.dumps(body))
        want = {("NetstackDropsRising", "tcp"), ("NetstackPressureRising", "napi"),
                ("NetstackLossRatioHigh", "datagram"), ("NetstackAcceptQueueOverflow", "listen"),
                ("NetstackConntrackFull", "netfilter"), ("NetstackFillTrend", "ip"),
                ("NetstackStageNearlyFull", "backlog"), ("NetstackAcceptQueuePeaks", "socket")}
        all_known = self.all_known(len(sent))

        def spoken():
            known = all_known() or []
            return {(alert["labels"]["alertname"], alert["labels"]["stage"])
                    for alert in known if not alert["status"]["inhibitedBy"]}

        # Alertmanager works out what holds back what after it has taken the alerts.
        with contextlib.suppress(AssertionError):
            await_true(lambda: spoken() == want, "what is left to be told")
        self.assertEqual(spoken(), want)

    def all_known(self, count):
        def known():
            alerts = [alert for alert in self.alertmanager.alerts()
                      if alert["labels"]["instance"] == "a"]
            settled = all(alert["status"]["state"] != "unprocessed" for alert in alerts)
            return alerts if len(alerts) == count and settled else None
        return known

    def post(self, path, body):
        import http.client  # pylint: disable=import-outside-toplevel
        with self.inside():
            connection = http.client.HTTPConnection(self.alertmanager.address)
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "prometheus", "prometheus-alertmanager"])
