"""What the program says to bad input on the command line and in its files, before it serves."""

import os
import re
import tempfile
import unittest

import runner
from exporter_process import run
from page import Page


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def file(self, text):
        path = os.path.join(self.directory, "config.yml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def refused(self, *arguments):
        ended = run(*arguments)
        self.assertEqual((ended.returncode, ended.stdout), (2, ""))
        return ended.stderr

    def test_an_unknown_flag_is_refused_by_name(self):
        for flag in ("--nope", "--collector.nope", "--web.listen-adress=:0"):
            with self.subTest(flag=flag):
                self.assertIn(f"unknown flag '{flag.split('=')[0]}'", self.refused(flag))

    def test_a_bad_value_is_refused(self):
        self.assertIn("web.max-requests", self.refused("--web.max-requests=many"))
        self.assertIn("log.level", self.refused("--log.level=loud"))

    def test_an_unknown_subcommand_is_refused(self):
        self.assertIn("nope", self.refused("nope"))

    def test_a_broken_file_refuses_to_start_with_its_place(self):
        for text, place, word in (("web:\n  max-requests: many\n", "2 column 17", "many"),
                                  ("web:\n  max-request: 1\n", "2 column 3", "max-request"),
                                  ("log: {level: info}\nlog: {level: info}\n", "2 column 1", "log"),
                                  ("web: [\n", "2 column 1", "not YAML")):
            path = self.file(text)
            for arguments in ((f"--config.file={path}",), ("check-config", path)):
                with self.subTest(text=text, arguments=arguments):
                    said = self.refused(*arguments)
                    self.assertIn(f"{path} line {place}: ", said)
                    self.assertIn(word, said)

    def test_a_missing_file_is_refused(self):
        path = os.path.join(self.directory, "none.yml")
        self.assertIn(path, self.refused(f"--config.file={path}"))
        self.assertIn(path, self.refused("check-config", path))

    def test_a_right_file_is_found_right(self):
        path = self.file("collectors: {softnet: {enabled: false}}\n")
        ended = run("check-config", path)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, f"{path}: ok\n", ""))

    def test_a_broken_web_file_is_found_by_check_config(self):
        web = os.path.join(self.directory, "web.yml")
        with open(web, "w", encoding="utf-8") as out:
            out.write("tls_server_config:\n  cert_fil: x\n")
        path = self.file(f"web: {{config-file: {web}}}\n")
        self.assertIn(f"{web} line 2 column 3: ", self.refused("check-config", path))

    def test_metrics_prints_one_page(self):
        for form, end in (("text", "\n"), ("openmetrics", "\n# EOF\n")):
            with self.subTest(form=form):
                ended = run("metrics", f"--format={form}")
                self.assertEqual((ended.returncode, ended.stderr), (0, ""))
                self.assertTrue(ended.stdout.endswith(end))
                self.assertGreater(len(Page(ended.stdout)), 500)

    def test_version_and_help_say_what_this_is(self):
        version = run("--version")
        self.assertEqual(version.returncode, 0)
        self.assertTrue(re.match(r"netstack_exporter, version \d+\.\d+\.\d+ ", version.stdout))
        self.assertIn("--web.listen-address=:10417", run("--help").stdout)

    def test_an_address_that_cannot_be_had_ends_the_program(self):
        path = os.path.join(self.directory, "none", "socket")
        ended = run(f"--web.listen-address=unix:{path}")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("Cannot serve", ended.stderr)
        self.assertIn(path, ended.stderr)


if __name__ == "__main__":
    runner.main()
