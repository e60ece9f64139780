"""The doctor's three ways to look, and its exit codes. What it says of a loss is tried where losses
are provoked: scenarios/doctor_test.py, vm/doctor_test."""

import json
import os
import tempfile
import unittest

import runner
from exporter_process import Exporter, request, run

DROPPED = 'netstack_path_drops_total{path="receive",stage="tcp",class="loss",cause="receive_queue"}'


class DoctorTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def save(self, name, text, seconds=0):
        """A file as if it had been saved so many seconds after some moment."""
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        os.utime(path, (1700000000 + seconds, 1700000000 + seconds))
        return path

    def refused(self, *arguments):
        ended = run("doctor", *arguments)
        self.assertEqual((ended.returncode, ended.stdout), (2, ""))
        return ended.stderr

    def assert_whole(self, ended):
        self.assertEqual(ended.stderr, "")
        report = json.loads(ended.stdout)
        self.assertEqual(ended.returncode, 1 if report["loss"] else 0)
        self.assertEqual(len(report["ladder"]), 23)
        return report

    def test_looks_at_this_host(self):
        report = self.assert_whole(run("doctor", "--interval=300ms", "--json"))
        self.assertEqual(report["subject"], "this host")
        self.assertGreaterEqual(report["seconds"], 0.3)
        self.assertIn("softnet", report["looked"])

    def test_looks_at_a_running_exporter(self):
        with tempfile.TemporaryDirectory() as directory:
            socket = f"unix:{directory}/socket"
            with Exporter(listen=("127.0.0.1:0", socket)) as exporter:
                ports = [at for at in exporter.addresses if not at.startswith("unix:")]
                for url in (f"http://{ports[0]}/metrics", socket):
                    with self.subTest(url=url):
                        report = self.assert_whole(
                            run("doctor", "--interval=200ms", "--json", f"--url={url}"))
                        self.assertEqual(report["subject"], url)
                self.assertIn("answered 404",
                              self.refused("--interval=10ms", f"--url=http://{ports[0]}/none"))
                self.assertIn("not a metric", self.refused("--interval=10ms",
                                                           f"--url=http://{ports[0]}/"))

    def test_compares_two_saved_pages_in_either_format(self):
        for accept in ("text/plain", "application/openmetrics-text;version=1.0.0"):
            with self.subTest(accept=accept), Exporter() as exporter:
                first = request(exporter.address, headers={"Accept": accept}).text
                was = next(line for line in first.splitlines() if line.startswith(DROPPED))
                now = f"{DROPPED} {int(was.split()[-1]) + 50}"
                earlier = self.save("first", first)
                later = self.save("second", first.replace(was, now), seconds=20)
                ended = run("doctor", "--json", earlier, later)
                report = self.assert_whole(ended)
                self.assertEqual(ended.returncode, 1)
                self.assertEqual(report["seconds"], 20)
                finding = report["findings"][0]
                self.assertEqual((finding["rule"], finding["rise"], finding["rate"]),
                                 ("tcp_receive_queue_full", 50, 2.5))
                self.assertIn("sysctl -w net.ipv4.tcp_rmem=",
                              run("doctor", earlier, later).stdout)
                said = self.assert_whole(run("doctor", "--json", "--interval=5s", earlier, later))
                self.assertEqual(said["seconds"], 5)
                same = self.assert_whole(run("doctor", "--json", earlier, earlier))
                self.assertEqual((same["seconds"], same["loss"]), (10, False))
                self.assertIn("is older than", self.refused(later, earlier))

    def test_says_why_it_could_not_look(self):
        page = self.save("page", "a 1\n")
        self.assertIn("not a whole page of netstack_exporter", self.refused(page, page))
        broken = self.save("broken", "a 1\nb{ 2\n")
        self.assertIn(f"{broken} line 2 column 3: not a label", self.refused(page, broken))
        cut = self.save("cut", "a 1\nb 2")
        self.assertIn("cut off", self.refused(cut, page))
        self.assertIn("/none", self.refused(page, os.path.join(self.directory, "none")))
        self.assertIn("needs FIRST SECOND", self.refused(page))
        self.assertIn("--interval", self.refused("--interval=0s"))
        self.assertIn("either", self.refused("--url=http://localhost:1/", page, page))
        self.assertIn("not http://", self.refused("--url=https://localhost/"))


if __name__ == "__main__":
    runner.main()
