"""What is known without privilege: every loss that root knows is a number, or said to be blind."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
# pylint: disable=wrong-import-position
import runner
from exporter_process import program
from page import Page

NOBODY = "65534"
UNPRIVILEGED = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


def keys(page, family, *without):
    return {tuple(value for name, value in labels.items() if name not in without)
            for labels, _ in page.series.get(family, [])
            if labels.get("class", "loss") == "loss"}


class PrivilegeTest(unittest.TestCase):
    def setUp(self):
        done = subprocess.run([*UNPRIVILEGED, program(), "--version"], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"nobody cannot run the program: {done.stderr.strip()}")

    def page(self, *prefix):
        return Page(subprocess.run([*prefix, program(), "metrics"], capture_output=True, text=True,
                                   timeout=60, check=True).stdout)

    def test_nobody_knows_of_each_loss_what_root_knows_or_that_it_is_blind(self):
        root, nobody = self.page(), self.page(*UNPRIVILEGED)
        drops = "netstack_path_drops_total"
        exact, blind = keys(nobody, drops), keys(nobody, "netstack_path_blind", "reason", "device")
        self.assertGreater(len(exact), 15)
        for path, stage, *cause in sorted(keys(root, drops) - exact):
            self.assertIn((path, stage), blind, cause)
        self.assertLessEqual(exact, keys(root, drops))

    def test_the_default_collectors_need_no_privilege(self):
        states = self.page(*UNPRIVILEGED).states()
        refused = {name: state for name, state in states.items()
                   if state not in ("ok", "absent")}
        self.assertEqual(refused, {})


if __name__ == "__main__":
    if os.geteuid() != 0:
        runner.skip("needs root, to give it up")
    runner.main(tools=["setpriv"])
