"""A CPU that has more packets than time: its softirq goes on in ksoftirqd, and is told apart there."""

import os
import socket
import unittest

import two_namespaces
from two_namespaces import B, TwoNamespaces, scrape
import runner
from exporter_process import await_true

RUNS = "netstack_softirq_run_seconds_count"
WAITS = "netstack_softirq_wait_seconds_count"
PORT = 9000


class SoftirqTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        if os.cpu_count() < 2:
            self.skipTest("needs a CPU to send and one to receive")
        self.exporter = self.enterContext(self.hosts.exporter("b", "--collector.napi"))
        if not scrape(self.exporter).find(RUNS):
            self.skipTest("the kernel takes no program")

    def flood(self):
        with self.hosts.inside("a"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(20_000):
                sender.sendto(bytes(1000), (B, PORT))

    def test_runs_in_ksoftirqd_and_their_waits_are_apart_and_in_the_ledger(self):
        cpus = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, cpus)
        os.sched_setaffinity(0, {min(cpus)})
        # What CPU 0 sends, another one receives.
        receiver = 1 << (1 if min(cpus) == 0 else 0)
        self.hosts.tool("b", "sh", "-c", f"echo {receiver:x} >/sys/class/net/vb/queues/rx-0/rps_cpus")

        def page_with_ksoftirqd():
            self.flood()
            page = scrape(self.exporter)
            labels = {"vector": "net_rx", "context": "ksoftirqd"}
            return page if page.value(RUNS, **labels) and page.value(WAITS, **labels) else None
        page = await_true(page_with_ksoftirqd, "a run in ksoftirqd")
        waits = [value for _, value in page.find(WAITS, vector="net_rx")]
        self.assertEqual(len(waits), 2)
        self.assertEqual(page.value("netstack_path_wait_seconds_count", path="receive",
                                    stage="napi"), sum(waits))


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
