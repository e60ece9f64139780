"""Every family that the exporter has is on a panel, or on the list of those that are not, and why."""

import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
# pylint: disable=wrong-import-position
import dashboard_files
import runner
from exporter_process import program

LINE = re.compile(r"(?:role=(\w+) )?(\S+) : (\S.+)")


def exceptions():
    """Role or None, and the names, for each line of the list."""
    for line in (dashboard_files.FOLDER / "not-on-a-panel.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            role, names, _ = LINE.fullmatch(line).groups()
            yield line, role, re.compile(names)


def families():
    said = subprocess.run([program(), "reference", "--format=json"], check=True, capture_output=True,
                          text=True).stdout
    return json.loads(said)["families"]


class CoverageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shown = set()
        for dashboard in dashboard_files.dashboards().values():
            for _, _, expression in dashboard_files.expressions(dashboard):
                cls.shown |= dashboard_files.families(expression)
        cls.families = families()

    def test_every_name_in_a_query_is_declared(self):
        self.assertEqual(self.shown - {family["name"] for family in self.families}, set())

    def test_every_name_in_the_rules_is_declared(self):
        rules = "".join(path.read_text(encoding="utf-8")
                        for path in (dashboard_files.FOLDER / "alerts").glob("*.rules.yml"))
        code = "".join(line for line in rules.splitlines(True) if not line.lstrip().startswith("#"))
        named = dashboard_files.families(re.sub(r"\bnetstack:\w+:\w+", "", code))
        self.assertGreater(len(named), 5)
        self.assertEqual(named - {family["name"] for family in self.families}, set())

    def test_every_family_is_on_a_panel_or_listed_with_a_reason(self):
        used = set()
        for family in self.families:
            if family["name"] in self.shown:
                continue
            matching = [line for line, role, names in exceptions()
                        if role in (None, family["role"]) and names.fullmatch(family["name"])]
            used |= set(matching[:1])
            with self.subTest(family["name"]):
                self.assertTrue(matching, "put it on a panel (dashboards/src), or on "
                                          "dashboards/not-on-a-panel.txt with the reason")
        self.assertEqual({line for line, _, _ in exceptions()} - used, set(), "lines without use")


if __name__ == "__main__":
    runner.main()
