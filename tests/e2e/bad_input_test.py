"""A sick host costs the sick collector its samples and nothing else."""

import time
import unittest

import runner
from exporter_process import PATIENCE, Exporter, await_true
from fixture_tree import FixtureTree
from page import Page

HALF_A_MINUTE = {"X-Prometheus-Scrape-Timeout-Seconds": "30"}


class BadInputTest(unittest.TestCase):
    def setUp(self):
        self.tree = FixtureTree()
        self.addCleanup(self.tree.remove)

    def start(self, *flags):
        exporter = Exporter(*self.tree.flags, *flags)
        self.addCleanup(exporter.close)
        return exporter

    def page(self, exporter):
        reply = exporter.get(headers=HALF_A_MINUTE)
        self.assertEqual(reply.status, 200)
        return Page(reply.text)

    def assert_all_but(self, page, sick, state):
        states = page.states()
        self.assertEqual(states.pop(sick), state)
        self.assertGreater(len(states), 4)
        self.assertEqual({name: found for name, found in states.items() if found != "ok"}, {})


class HangingFileTest(BadInputTest):
    def test_a_file_that_hangs_costs_one_collector_its_deadline(self):
        gate = self.tree.make_fifo("self/net/sockstat")
        self.addCleanup(gate.close)
        exporter = self.start("--scrape.collector-timeout=500ms")
        begin = time.monotonic()
        page = self.page(exporter)
        took = time.monotonic() - begin
        self.assertLess(took, 30)
        self.assert_all_but(page, "sockstat", "timeout")
        self.assertEqual(page.value("netstack_scrape_collector_success", collector="sockstat"), 0)
        self.assertNotIn("netstack_sockstat_tcp_inuse", page.series)
        self.assertIn("netstack_softnet_processed_total", page.series)

        # The stuck call is not waited for again: many scrapes take less than its time-out each.
        begin = time.monotonic()
        for _ in range(20):
            self.assert_all_but(self.page(exporter), "sockstat", "timeout")
        self.assertLess(time.monotonic() - begin, 20 * 0.5)
        self.assertEqual(len(exporter.log_lines("collector=sockstat")), 1, exporter.log())

        begin = time.monotonic()
        self.assertEqual(exporter.stop(), 0)
        self.assertLess(time.monotonic() - begin, PATIENCE)

    def test_the_scrapers_own_deadline_holds_for_a_file_that_hangs(self):
        gate = self.tree.make_fifo("self/net/sockstat")
        self.addCleanup(gate.close)
        exporter = self.start("--scrape.collector-timeout=10m", "--scrape.timeout=10m")
        begin = time.monotonic()
        reply = exporter.get(headers={"X-Prometheus-Scrape-Timeout-Seconds": "2"})
        self.assertLess(time.monotonic() - begin, 30)
        self.assertEqual(reply.status, 200)
        self.assertEqual(Page(reply.text).states()["sockstat"], "timeout")

    def test_a_file_that_hangs_no_longer_is_shown_again(self):
        gate = self.tree.make_fifo("self/net/softnet_stat")
        self.addCleanup(gate.close)
        exporter = self.start("--scrape.collector-timeout=200ms")
        self.assert_all_but(self.page(exporter), "softnet", "timeout")
        gate.await_reader()  # The stuck call; what is read next is a file again.
        self.tree.write("self/net/softnet_stat", gate.text)
        gate.open()
        await_true(lambda: self.page(exporter).states()["softnet"] == "ok", "ok")
        page = self.page(exporter)
        self.assertEqual(page.states()["softnet"], "ok")
        self.assertIn("netstack_softnet_processed_total", page.series)
        self.assertEqual(len(exporter.log_lines("collector=softnet")), 2, exporter.log())

    def test_a_reload_goes_on_although_a_collector_is_stuck(self):
        gate = self.tree.make_fifo("self/net/sockstat")
        self.addCleanup(gate.close)
        exporter = self.start("--scrape.collector-timeout=200ms")
        self.page(exporter)
        exporter.reload()
        self.assert_all_but(self.page(exporter), "sockstat", "timeout")
        self.assertEqual(exporter.stop(), 0)


class MalformedFileTest(BadInputTest):
    def test_the_tree_itself_is_sound(self):
        page = self.page(self.start())
        self.assertEqual({state for state in page.states().values()}, {"ok"})
        self.assertGreater(len(page), 500)

    def test_a_failing_collector_logs_once_per_change_of_state(self):
        good = self.tree.read("self/net/softnet_stat")
        exporter = self.start()
        self.page(exporter)
        self.assertEqual(exporter.log_lines("collector=softnet"), [])
        for spoiled in range(1, 3):
            self.tree.write("self/net/softnet_stat", "no hex here\n")
            for _ in range(10):
                page = self.page(exporter)
                self.assert_all_but(page, "softnet", "failed")
                self.assertNotIn("netstack_softnet_processed_total", page.series)
            self.tree.write("self/net/softnet_stat", good)
            for _ in range(3):
                self.assertEqual(self.page(exporter).states()["softnet"], "ok")
            warnings = exporter.log_lines("level=warn", "collector=softnet")
            self.assertEqual(len(warnings), spoiled, exporter.log())
            self.assertIn("softnet_stat line 1", warnings[-1])
            self.assertEqual(len(exporter.log_lines("level=info", "collector=softnet")), spoiled)

    def test_an_empty_file_takes_no_other_collector_with_it(self):
        for name, collector in (("self/net/softnet_stat", "softnet"),
                                ("self/net/sockstat", "sockstat"), ("self/stat", "process")):
            with self.subTest(name=name):
                tree = self.tree
                good = tree.read(name)
                tree.write(name, "")
                with Exporter(*tree.flags) as exporter:
                    self.assert_all_but(self.page(exporter), collector,
                                        self.page(exporter).states()[collector])
                    self.assertIn(self.page(exporter).states()[collector], ("failed", "partial"))
                tree.write(name, good)

    def test_a_missing_tree_is_no_reason_to_end(self):
        with Exporter("--path.procfs=/nonexistent/proc", "--path.sysfs=/nonexistent/sys") as exporter:
            page = self.page(exporter)
            self.assertEqual(page.states()["softnet"], "absent")
            self.assertEqual(exporter.stop(), 0)


if __name__ == "__main__":
    runner.main()
