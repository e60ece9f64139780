"""Many requests at once, and the end of the program while one is being answered."""

import concurrent.futures
import socket
import unittest

import runner
from exporter_process import Exporter, await_true
from fixture_tree import FixtureTree
from page import Page

PATIENT = ("--scrape.timeout=60s", "--scrape.collector-timeout=60s")


def refuses(address):
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port))).close()
    except ConnectionRefusedError:
        return True
    return False


class SlowScrapeTest(unittest.TestCase):
    """A scrape is held up by a file of /proc that the test lets go when it likes."""

    def setUp(self):
        self.tree = FixtureTree()
        self.addCleanup(self.tree.remove)
        self.gate = self.tree.make_fifo("self/net/sockstat")
        self.addCleanup(self.gate.close)
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.addCleanup(self.pool.shutdown)

    def start(self, *flags):
        exporter = Exporter(*self.tree.flags, *PATIENT, *flags)
        self.addCleanup(exporter.close)
        return exporter

    def assert_whole(self, reply):
        self.assertEqual(reply.status, 200)
        self.assertEqual(len(reply.body), int(reply.headers["Content-Length"]))
        self.assertEqual(Page(reply.text).states()["sockstat"], "ok")

    def test_a_scrape_in_flight_is_answered_in_full_before_the_end(self):
        exporter = self.start()
        scrape = self.pool.submit(exporter.get)
        self.gate.await_reader()
        exporter.terminate()
        await_true(lambda: exporter.log_lines("msg=Stopping"), "Stopping")
        self.assertIsNone(exporter.process.poll())
        await_true(lambda: refuses(exporter.address), "new connections refused")
        self.assertFalse(scrape.done())
        self.gate.open()
        self.assert_whole(scrape.result())
        self.assertEqual(exporter.wait(), 0)
        self.assertTrue(exporter.log_lines("msg=Stopped"))

    def test_beyond_max_requests_the_answer_is_503(self):
        exporter = self.start("--web.max-requests=1")
        scrape = self.pool.submit(exporter.get)
        self.gate.await_reader()
        refused = exporter.get()
        self.assertEqual(refused.status, 503)
        self.assertIn("imit", refused.text)
        self.gate.open()
        self.assert_whole(scrape.result())

    def test_scrapers_that_wait_are_all_answered(self):
        exporter = self.start("--web.max-requests=4")
        first = self.pool.submit(exporter.get)
        self.gate.await_reader()
        others = [self.pool.submit(exporter.get, headers=headers) for headers in
                  ({}, {"Accept": "application/openmetrics-text;version=1.0.0"},
                   {"Accept-Encoding": "gzip"})]
        # The round that they wait for begins when the first is over, and finds the file whole.
        self.tree.write("self/net/sockstat", self.gate.text)
        self.gate.open()
        self.assert_whole(first.result())
        for other in others:
            self.assertEqual(other.result().status, 200)

    def test_a_second_signal_changes_nothing(self):
        exporter = self.start()
        scrape = self.pool.submit(exporter.get)
        self.gate.await_reader()
        exporter.terminate()
        await_true(lambda: exporter.log_lines("msg=Stopping"), "Stopping")
        exporter.terminate()
        self.gate.open()
        self.assert_whole(scrape.result())
        self.assertEqual(exporter.wait(), 0)


if __name__ == "__main__":
    runner.main()
