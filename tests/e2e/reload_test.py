"""SIGHUP: a good configuration applies, a broken one changes nothing."""

import os
import tempfile
import unittest

import runner
from exporter_process import Exporter
from page import Page


class ReloadTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "config.yml")
        self.write("collectors: {softnet: {enabled: true}}\n")
        self.exporter = Exporter(f"--config.file={self.path}")
        self.addCleanup(self.exporter.close)

    def write(self, text):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)

    def page(self):
        reply = self.exporter.get()
        self.assertEqual(reply.status, 200)
        return Page(reply.text)

    def test_a_good_file_applies_without_a_restart(self):
        before = self.page()
        self.assertIn("softnet", before.states())
        self.write("collectors: {softnet: {enabled: false}}\n")
        self.exporter.reload()
        after = self.page()
        self.assertNotIn("softnet", after.states())
        self.assertNotIn("netstack_softnet_processed_total", after.series)
        self.assertEqual(set(before.states()) - set(after.states()), {"softnet"})
        self.assertEqual(after.value("netstack_config_last_reload_successful"), 1)
        when = "netstack_config_last_reload_success_timestamp_seconds"
        self.assertGreater(after.value(when), before.value(when))
        self.assertEqual(after.value("process_start_time_seconds"),
                         before.value("process_start_time_seconds"))
        self.assertEqual(self.exporter.stop(), 0)

    def test_a_broken_file_changes_nothing_and_is_told(self):
        before = self.page()
        self.write("collectors:\n  softnet: {enabled: perhaps}\n")
        self.exporter.reload()
        broken = self.page()
        self.assertEqual(broken.states(), before.states())
        self.assertEqual(broken.value("netstack_config_last_reload_successful"), 0)
        when = "netstack_config_last_reload_success_timestamp_seconds"
        self.assertEqual(broken.value(when), before.value(when))
        self.assertTrue(self.exporter.log_lines("level=error", self.path, "line 2 column 22"),
                        self.exporter.log())
        self.write("collectors: {sockstat: {enabled: false}}\n")
        self.exporter.reload()
        healed = self.page()
        self.assertEqual(healed.value("netstack_config_last_reload_successful"), 1)
        self.assertNotIn("sockstat", healed.states())

    def test_a_flag_still_wins_after_a_reload(self):
        with Exporter(f"--config.file={self.path}", "--no-collector.link") as exporter:
            self.write("collectors: {link: {enabled: true}}\n")
            exporter.reload()
            self.assertNotIn("link", Page(exporter.get().text).states())

    def test_no_loss_appears_or_vanishes_at_a_reload(self):
        family = "netstack_path_drops_total"
        before = self.page().find(family, **{"class": "loss"})
        self.exporter.reload()
        after = self.page().find(family, **{"class": "loss"})
        self.assertGreater(len(before), 10)
        self.assertEqual([labels for labels, _ in after], [labels for labels, _ in before])
        for (labels, earlier), (_, later) in zip(before, after):
            with self.subTest(labels=labels):
                self.assertLess(later - earlier, 1000)


if __name__ == "__main__":
    runner.main()
