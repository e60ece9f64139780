"""What a client sees: formats, methods, selections, addresses."""

import gzip
import json
import os
import tempfile
import unittest

import runner
from exporter_process import Exporter, await_true, request
from page import Page

OPENMETRICS = "application/openmetrics-text"


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter()

    @classmethod
    def tearDownClass(cls):
        cls.exporter.close()

    def get(self, path="/metrics", **how):
        return self.exporter.get(path, **how)

    def names(self, query):
        reply = self.get(f"/metrics?{query}")
        self.assertEqual(reply.status, 200, reply.body)
        return set(Page(reply.text).series)

    def test_the_format_follows_the_accept_header(self):
        text = "text/plain; version=0.0.4; charset=utf-8"
        open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
        prometheus = (f"{OPENMETRICS};version=1.0.0,{OPENMETRICS};version=0.0.1;q=0.75,"
                      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
        for accept, wanted in ((None, text), ("*/*", text), ("text/plain", text),
                               (f"{OPENMETRICS};version=1.0.0", open_metrics),
                               (prometheus, open_metrics),
                               (f"{OPENMETRICS};version=1.0.0;q=0.1,text/plain;q=0.9", text)):
            with self.subTest(accept=accept):
                reply = self.get(headers={"Accept": accept} if accept else None)
                self.assertEqual((reply.status, reply.headers["Content-Type"]), (200, wanted))
                self.assertEqual(reply.text.endswith("\n# EOF\n"), wanted == open_metrics)
                self.assertIn("\nnetstack_build_info{", reply.text)

    def test_gzip_holds_the_same_families(self):
        for accept in ("text/plain", f"{OPENMETRICS};version=1.0.0"):
            with self.subTest(accept=accept):
                plain = self.get(headers={"Accept": accept})
                packed = self.get(headers={"Accept": accept, "Accept-Encoding": "gzip"})
                self.assertIsNone(plain.headers["Content-Encoding"])
                self.assertEqual(packed.headers["Content-Encoding"], "gzip")
                self.assertEqual(packed.headers["Content-Type"], plain.headers["Content-Type"])
                self.assertIn("Accept-Encoding", packed.headers["Vary"])
                self.assertLess(len(packed.body), len(plain.body) / 4)
                unpacked = Page(gzip.decompress(packed.body).decode())
                self.assertEqual(unpacked.families, Page(plain.text).families)
                self.assertGreater(len(unpacked), 500)

    def test_head_has_the_headers_and_no_body(self):
        for path, kind in (("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
                           ("/", "text/html; charset=utf-8")):
            with self.subTest(path=path):
                reply = self.get(path, method="HEAD")
                self.assertEqual((reply.status, reply.body), (200, b""))
                self.assertEqual(reply.headers["Content-Type"], kind)
                self.assertGreater(int(reply.headers["Content-Length"]), 0)

    def test_collect_shows_the_named_collectors_only(self):
        names = self.names("collect[]=softnet&collect%5B%5D=sockstat")
        self.assertIn("netstack_softnet_processed_total", names)
        self.assertIn("netstack_sockstat_tcp_inuse", names)
        self.assertFalse({name for name in names
                          if name.startswith(("netstack_tcp_", "netstack_link_"))})
        self.assertNotIn("netstack_path_drops_total", names)

    def test_collect_path_shows_the_ledger(self):
        names = self.names("collect[]=path")
        self.assertIn("netstack_path_drops_total", names)
        self.assertNotIn("netstack_softnet_processed_total", names)

    def test_exclude_leaves_the_named_collectors_out(self):
        everything = self.names("")
        names = self.names("exclude[]=softnet")
        softnet = {name for name in everything
                   if name.startswith(("netstack_softnet_", "netstack_softirq_"))
                   and "_seconds" not in name}  # Times are of the collector napi.
        # A selection does not show what the exporter says of itself.
        own = {name for name in everything
               if name.startswith(("netstack_http_", "netstack_config_", "netstack_build_"))}
        self.assertTrue(softnet)
        self.assertEqual(everything - names - own, softnet)

    def test_a_wrong_selection_is_refused_with_its_reason(self):
        for query, reason in (
                ("collect[]=nope", "missing collector: nope\n"),
                ("exclude[]=nope", "missing collector: nope\n"),
                ("collect[]=softnet&exclude[]=link",
                 "Combined collect and exclude queries are not allowed.\n")):
            with self.subTest(query=query):
                reply = self.get(f"/metrics?{query}")
                self.assertEqual((reply.status, reply.text), (400, reason))

    def test_paths(self):
        for path, status, words in (("/", 200, '<a href="metrics">'),
                                    ("/-/healthy", 200, "healthy"),
                                    ("/-/ready", 200, "ready"),
                                    ("/nope", 404, "Not found"),
                                    ("/metrics/", 404, "Not found"),
                                    ("/../etc/passwd", 404, "")):
            with self.subTest(path=path):
                reply = self.get(path)
                self.assertEqual(reply.status, status)
                self.assertIn(words, reply.text)

    def test_findings_compare_with_an_earlier_question(self):
        def ask():
            reply = self.get("/api/v1/findings")
            self.assertEqual((reply.status, reply.headers["Content-Type"]),
                             (200, "application/json"))
            answer = json.loads(reply.text)
            self.assertEqual(answer["status"], "success")
            return answer["data"]

        self.assertIsNone(ask())
        report = await_true(ask, "a report")
        self.assertEqual(len(report["ladder"]), 23)
        self.assertIsInstance(report["findings"], list)

    def test_methods_that_change_things_are_refused(self):
        for method in ("POST", "PUT", "DELETE"):
            with self.subTest(method=method):
                reply = self.get(method=method)
                self.assertEqual((reply.status, reply.headers["Allow"]), (405, "GET, HEAD"))

    def test_requests_are_counted_by_their_status(self):
        def answered():
            page = Page(self.get().text)
            return {labels["code"]: value for labels, value
                    in page.series["netstack_http_responses_total"]}
        before = answered()
        self.get("/metrics?collect[]=nope")
        after = answered()
        self.assertEqual(after["200"] - before["200"], 1)
        self.assertEqual(after.get("400", 0) - before.get("400", 0), 1)


class ListenTest(unittest.TestCase):
    def test_ipv4_ipv6_and_a_unix_socket_at_once(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "socket")
            with Exporter(listen=(f"unix:{path}", "127.0.0.1:0", "[::1]:0")) as exporter:
                for address in exporter.addresses:
                    with self.subTest(address=address):
                        reply = request(address)
                        self.assertEqual(reply.status, 200)
                        self.assertGreater(len(Page(reply.text)), 500)
                self.assertEqual(exporter.stop(), 0)
            self.assertFalse(os.path.exists(path), "the socket file was left behind")

    def test_a_disabled_collector_is_not_the_same_as_an_unknown_one(self):
        with Exporter("--no-collector.link", "--web.telemetry-path=/m") as exporter:
            reply = exporter.get("/m?collect[]=link")
            self.assertEqual((reply.status, reply.text), (400, "disabled collector: link\n"))
            self.assertNotIn("netstack_link_", exporter.get("/m").text)
            self.assertEqual(exporter.get("/metrics").status, 404)


if __name__ == "__main__":
    runner.main()
