"""Devices that come and go while they are read."""

import socket
import subprocess
import threading
import unittest

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, ip, scrape
import runner

SCRAPES = 60


class Churn(threading.Thread):
    """Makes and deletes a pair of devices, again and again, until it is told to stop."""

    def __init__(self, namespace):
        super().__init__()
        self.namespace = namespace
        self.pairs = 0
        self.error = None
        self._stop_now = threading.Event()

    def run(self):
        try:
            while not self._stop_now.is_set():
                ip("-n", self.namespace, "link", "add", "x0", "type", "veth", "peer", "name", "x1")
                ip("-n", self.namespace, "link", "set", "x0", "up")
                ip("-n", self.namespace, "link", "del", "x0")
                self.pairs += 1
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def end(self):
        self._stop_now.set()
        self.join()


class ChurnTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def churn(self):
        churn = Churn(self.hosts.names["b"])
        self.addCleanup(churn.end)
        churn.start()
        return churn

    def assert_sound(self, page):
        bad = {name: state for name, state in page.states().items()
               if state not in ("ok", "absent")}
        self.assertEqual(bad, {})

    def test_a_device_that_vanishes_spoils_no_scrape(self):
        exporter = self.enterContext(self.hosts.exporter("b", "--devices.container-ports",
                                                         "--collector.link.tier=all"))
        churn = self.churn()
        seen = set()
        scrapes = 0
        while scrapes < SCRAPES or (churn.pairs < 10 and churn.error is None):
            page = scrape(exporter)
            self.assert_sound(page)
            seen |= {labels["device"] for labels, _ in page.series["netstack_link_info"]}
            scrapes += 1
        churn.end()
        self.assertIsNone(churn.error)
        self.assertLessEqual({"lo", "vb", "x0"}, seen)
        self.assertEqual(exporter.log_lines("collector="), [])

    def test_the_sum_of_container_ports_never_falls(self):
        exporter = self.enterContext(self.hosts.exporter("b"))
        with self.hosts.inside("a"):
            sender = self.enterContext(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sender.bind((A, 0))
        self.churn()
        family = "netstack_path_packets_total"
        last = {}
        for _ in range(SCRAPES):
            sender.sendto(b"x", (B, 9))
            page = scrape(exporter)
            self.assert_sound(page)
            for labels, value in page.find(family, device="other"):
                key = (labels["path"], labels["stage"])
                self.assertGreaterEqual(value, last.get(key, 0), key)
                last[key] = value
        self.assertGreaterEqual(last["receive", "ingress"], SCRAPES - 1)

    def make_pairs(self, count):
        batch = "".join(f"link add m{i} type veth peer name m{i}p netns {self.hosts.names['a']}\n"
                        for i in range(count))
        subprocess.run(["ip", "-n", self.hosts.names["b"], "-batch", "-"], input=batch, text=True,
                       check=True, timeout=120)

    def test_a_thousand_pairs_are_summed_and_cost_no_collector(self):
        self.make_pairs(1000)
        page = scrape(self.enterContext(self.hosts.exporter("b")))
        self.assert_sound(page)
        self.assertEqual({labels["device"] for labels, _ in page.series["netstack_link_info"]},
                         {"lo"})
        self.assertIsNotNone(page.value("netstack_path_packets_total", path="receive",
                                        stage="ingress", device="other"))

    def test_each_of_a_thousand_pairs_is_shown_when_asked_for(self):
        self.make_pairs(1000)
        page = scrape(self.enterContext(
            self.hosts.exporter("b", "--devices.container-ports",
                                "--collector.link.max-series=1000000")))
        self.assert_sound(page)
        devices = {labels["device"] for labels, _ in page.series["netstack_link_info"]}
        self.assertLessEqual({f"m{i}" for i in range(1000)}, devices)

    def test_devices_of_any_name_that_the_kernel_takes_are_shown_apart(self):
        # As on the page: what is no UTF-8 is written as \\xNN, and so is a backslash.
        names = {b"a[0]{b}": "a[0]{b}", b'q"uote': '\\"'.join(("q", "uote")),
                 b"\xff\xfe": r"\\xff\\xfe", b"\\xff": r"\\x5cxff",
                 "\u2603".encode(): "\u2603", b"-": "-", b"a=b,c": "a=b,c"}
        for name in names:
            subprocess.run([b"ip", b"-n", self.hosts.names["b"].encode(), b"link", b"add", b"name",
                            name, b"type", b"veth", b"peer", b"name", name + b"p"], check=True,
                           timeout=60)
        page = scrape(self.enterContext(self.hosts.exporter("b", "--devices.container-ports")))
        self.assert_sound(page)
        for family in ("netstack_link_info", "netstack_link_receive_packets_total"):
            devices = [labels["device"] for labels, _ in page.series[family]]
            self.assertEqual(len(devices), len(set(devices)))
            self.assertLessEqual(set(names.values()), set(devices))


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
