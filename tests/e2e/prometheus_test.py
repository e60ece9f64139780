"""Debian's Prometheus scrapes the running exporter, and promtool lints its page."""

import http.server
import json
import re
import subprocess
import threading
import unittest
import urllib.parse

import runner
from exporter_process import Exporter, await_true, request
from page import Page
from servers import Prometheus

SCRAPES = 5
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Relay(http.server.ThreadingHTTPServer):
    """Passes scrapes on, as they are or asking for the text format, and keeps what was said."""

    def __init__(self, exporter):
        super().__init__(("127.0.0.1", 0), RelayHandler)
        self.exporter = exporter
        self.seen = []  # Path, Accept, Content-Type.
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"


class RelayHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        headers = dict(self.headers.items())
        accept = headers.get("Accept", "")
        if self.path == "/text":
            headers["Accept"] = "text/plain;version=0.0.4"
        reply = request(self.server.exporter.address, "/metrics", headers=headers)
        self.server.seen.append((self.path, accept, reply.headers["Content-Type"]))
        self.send_response(reply.status)
        for name in ("Content-Type", "Content-Encoding", "Content-Length"):
            if name in reply.headers:
                self.send_header(name, reply.headers[name])
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


def scrapes_of(targets):
    """The program's configuration, of an address and a path by job."""
    return {"global": {"scrape_interval": "2s", "scrape_timeout": "2s"},
            "scrape_configs": [{"job_name": job, "metrics_path": path,
                                "static_configs": [{"targets": [address]}]}
                               for job, (address, path) in targets.items()]}


class PrometheusTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter()
        cls.addClassCleanup(cls.exporter.close)
        cls.relay = Relay(cls.exporter)
        cls.addClassCleanup(cls.relay.server_close)
        cls.addClassCleanup(cls.relay.shutdown)
        cls.prometheus = Prometheus(scrapes_of({
            "direct": (cls.exporter.address, "/metrics"),
            "as_it_asks": (cls.relay.address, "/as_it_asks"),
            "text": (cls.relay.address, "/text")}), flags=["--log.level=info"])
        cls.addClassCleanup(cls.prometheus.stop)
        cls.jobs = {"direct", "as_it_asks", "text"}
        await_true(lambda: cls.scraped() >= SCRAPES, f"{SCRAPES} scrapes")

    @classmethod
    def by_job(cls, expression):
        return {labels["job"]: value for labels, value in cls.prometheus.query(expression)}

    @classmethod
    def scraped(cls):
        counts = cls.by_job("count_over_time(up[10m])")
        return min(counts.values()) if counts.keys() == cls.jobs else 0

    def test_the_target_is_up_at_every_scrape(self):
        self.assertEqual(self.by_job("min_over_time(up[10m])"),
                         {job: 1 for job in self.jobs})

    def test_every_sample_is_kept(self):
        scraped = self.by_job("min_over_time(scrape_samples_scraped[10m])")
        self.assertEqual(scraped.keys(), self.jobs)
        self.assertGreater(min(scraped.values()), 500)
        kept = "scrape_samples_scraped - scrape_samples_post_metric_relabeling"
        self.assertEqual(self.by_job(kept), {job: 0 for job in self.jobs})

    def test_both_formats_hold_as_many_samples_as_the_page(self):
        def equal():
            scraped = self.by_job("scrape_samples_scraped")
            return set(scraped.values()) == {len(Page(self.exporter.get().text))}
        # A device may come or go meanwhile, so it is enough that they are equal at some moment.
        await_true(equal, "equal numbers of samples")

    def test_no_sample_is_rejected_and_nothing_is_warned_of(self):
        own = Page(request(self.prometheus.address).text)
        rejected = {name: series[0][1] for name, series in own.series.items()
                    if name.startswith(("prometheus_target_scrapes_sample_",
                                        "prometheus_target_scrapes_exceeded_"))}
        self.assertGreater(len(rejected), 3)
        self.assertEqual({name for name, value in rejected.items() if value != 0}, set())
        lines = [line for line in self.prometheus.log().splitlines()
                 if re.search(r"level=(warn|error)", line)]
        self.assertEqual(lines, [])

    def test_no_target_has_an_error(self):
        answer = json.loads(request(self.prometheus.address, "/api/v1/targets").text)
        targets = answer["data"]["activeTargets"]
        self.assertEqual({target["lastError"] for target in targets}, {""})
        self.assertEqual({target["health"] for target in targets}, {"up"})

    def test_both_formats_were_asked_for_and_given(self):
        given = {(path, kind) for path, _, kind in self.relay.seen}
        self.assertEqual(given, {("/as_it_asks", OPENMETRICS), ("/text", TEXT)})
        self.assertTrue(all("openmetrics" in accept for _, accept, _ in self.relay.seen))

    def test_both_formats_store_the_same_series(self):
        missing = ('{__name__=~"netstack_.+", job="direct"} unless ignoring(job, instance) '
                   '{__name__=~"netstack_.+", job="%s"}')
        for job in ("as_it_asks", "text"):  # A new device is in one some time before the other.
            await_true(lambda: not self.prometheus.query(missing % job), f"all series of {job}")
        counted = self.by_job('count({__name__=~"netstack_.+"}) by (job)')
        self.assertGreater(min(counted.values()), 500)

    def test_types_and_help_arrive(self):
        path = "/api/v1/targets/metadata?" + urllib.parse.urlencode(
            {"match_target": '{job="text"}', "metric": "netstack_path_drops_total"})
        answer = json.loads(request(self.prometheus.address, path).text)
        self.assertEqual([row["type"] for row in answer["data"]], ["counter"])
        self.assertTrue(answer["data"][0]["help"])


class PromtoolTest(unittest.TestCase):
    def test_the_live_page_is_clean_without_exclusions(self):
        with Exporter("--collector.protocols.tier=all", "--collector.link.tier=all") as exporter:
            page = exporter.get().body
        done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True,
                              timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))


if __name__ == "__main__":
    runner.main(tools=["prometheus", "promtool"])
