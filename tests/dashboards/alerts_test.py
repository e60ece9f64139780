"""The rules as files: promtool, amtool, and what promtool does not look at."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(os.path.dirname(os.path.abspath(__file__)))
ROOT = HERE.parent.parent
ALERTS = ROOT / "dashboards/alerts"
RULE_FILES = sorted(ALERTS.glob("*.rules.yml"))
TESTS = sorted((HERE / "rules").glob("*.test.yml"))
SKIPPED = 77


def read(path):
    return path.read_text(encoding="utf-8")


def run(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, check=False, **how)


def alerts():
    """The text of each alert by its name."""
    pieces = re.split(r"^ *- (?=alert:|record:|name:)", read(ALERTS / "netstack.rules.yml"), flags=re.M)
    return {piece.split()[1]: piece for piece in pieces if piece.startswith("alert:")}


class AlertsTest(unittest.TestCase):
    def test_promtool_has_nothing_to_say(self):
        result = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *RULE_FILES)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_the_cases_of_every_rule_hold(self):
        for test in TESTS:
            with self.subTest(test.name):
                result = run("promtool", "test", "rules", test, cwd=test.parent)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(self):
        cases = "".join(read(test) for test in TESTS)
        self.assertGreater(len(alerts()), 10)
        for name in alerts():
            with self.subTest(name):
                self.assertIn(f"alertname: {name}\n", cases)  # With its words.
                silent = rf'alertname="{name}"[^\n]*(?:\n\s+eval_time: \S+\n\s+)?[^\n]*exp_samples: \[\]'
                self.assertRegex(cases, silent)

    def test_every_alert_has_hysteresis_a_severity_and_four_annotations(self):
        for name, text in alerts().items():
            with self.subTest(name):
                self.assertRegex(text, r"\n +for: \d+m\n +keep_firing_for: \d+m\n")
                self.assertRegex(text, r"\n +severity: (critical|warning|info)\n")
                self.assertEqual(re.findall(r"^ +(\w+): \"", text, re.M),
                                 ["summary", "description", "runbook_url", "dashboard_url"])

    def test_only_what_others_feel_wakes_somebody(self):
        critical = {name for name, text in alerts().items() if "severity: critical" in text}
        self.assertEqual(critical, {"NetstackAcceptQueueOverflow", "NetstackConntrackFull"})

    def test_the_object_for_the_operator_holds_the_same_rules(self):
        for rules in RULE_FILES:
            made = run(ALERTS / "make_prometheusrule", rules).stdout
            committed = rules.with_name(rules.name.replace(".rules.", ".prometheusrule."))
            self.assertEqual(read(committed), made)
            spec = made.split("\nspec:\n", 1)[1]
            self.assertEqual(re.sub(r"^  ", "", spec, flags=re.M), read(rules))

    def test_the_document_lists_every_alert_and_record(self):
        document = read(ROOT / "docs/alerts.md")
        rows = re.findall(r"^\| `(\S+)` \| .* \| (\w+) \| (\w+) \| (\w+) \|$", document, re.M)
        told = {name: re.search(r"for: (\w+)\n +keep_firing_for: (\w+)\n +labels:\n +severity: (\w+)",
                                text).groups() for name, text in alerts().items()}
        self.assertEqual({row[0]: row[1:] for row in rows}, told)
        records = re.findall(r"- record: (\S+)", read(ALERTS / "netstack.rules.yml"))
        self.assertEqual(re.findall(r"^\| `(netstack:\S+)` \|", document, re.M), records)

    def test_the_documents_lines_make_every_link_a_link(self):
        lines = re.findall(r"^    (sed .*)$", read(ROOT / "docs/alerts.md"), re.M)
        with tempfile.TemporaryDirectory() as directory:
            shutil.copytree(ROOT / "dashboards", pathlib.Path(directory, "dashboards"),
                            ignore=shutil.ignore_patterns("node_modules"))
            for line in lines:
                result = run("sh", "-c", line, cwd=directory)
                self.assertEqual(result.returncode, 0, result.stderr)
            for rules in pathlib.Path(directory, "dashboards/alerts").glob("netstack.*.yml"):
                links = re.findall(r'_url: "([^"]*)"', read(rules))
                self.assertGreater(len(links), 20)
                self.assertEqual([link for link in links if not link.startswith("https://")], [])


class PrometheusTest(unittest.TestCase):
    def test_promtool_takes_the_example(self):
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(ALERTS / "netstack.rules.yml", directory)
            shutil.copy(ROOT / "dashboards/provisioning/prometheus.yml", directory)
            result = run("promtool", "check", "config", "prometheus.yml", cwd=directory)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


class AlertmanagerTest(unittest.TestCase):
    def setUp(self):
        self.path = ALERTS / "alertmanager.example.yml"

    def test_amtool_takes_it(self):
        if not shutil.which("amtool"):
            self.skipTest("amtool is not installed")
        result = run("amtool", "check-config", self.path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_it_names_alerts_that_there_are(self):
        named = set(re.findall(r"Netstack\w+", read(self.path)))
        self.assertGreater(len(named), 5)
        self.assertEqual(named - alerts().keys(), set())


if __name__ == "__main__":
    if not shutil.which("promtool"):
        print("skipped: promtool is not installed")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
