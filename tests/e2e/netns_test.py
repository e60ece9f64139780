"""Other network namespaces: what they show agrees with ip and nstat there, nothing keeps one alive."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../scenarios"))
# pylint: disable=wrong-import-position
import runner
import two_namespaces
from exporter_process import Exporter, await_true
from page import Page
from two_namespaces import ip

FLAGS = ("--collector.disable-defaults", "--collector.netns", "--collector.protocols",
         "--collector.sockstat", "--collector.link", "--devices.container-ports")
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
          "--bounding-set=-all", "--inh-caps=-all")
CHURN = 50



class NetnsTest(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(contextlib.ExitStack())
        self.red = self.namespace("red")
        self.blue = self.namespace("blue")
        ip("-n", self.red, "link", "add", "vr", "type", "veth", "peer", "name", "vb", "netns",
           self.blue)
        for name, device, address in ((self.red, "vr", "10.77.1.1"), (self.blue, "vb", "10.77.1.2")):
            ip("-n", name, "address", "add", f"{address}/24", "dev", device)
            ip("-n", name, "link", "set", device, "up")
            ip("-n", name, "link", "set", "lo", "up")

    def namespace(self, short):
        name = f"netstack_{short}_{os.getpid()}"
        ip("netns", "add", name)
        self.stack.callback(subprocess.run, ["ip", "netns", "del", name], check=False,
                            capture_output=True)
        return name

    def exporter(self, *flags, max_wait="1m", **how):
        """Shows what it looked at in the same scrape, however busy the machine is."""
        ours = f"--collector.netns.include=netstack_[a-z0-9]+_{os.getpid()}"
        return self.enterContext(Exporter(
            *FLAGS, ours, f"--collector.netns.max-wait={max_wait}", *flags, **how))

    def test_counters_agree_with_nstat_and_ip_there(self):
        exporter = self.exporter()
        sender = self.socket_in(self.red, socket.SOCK_DGRAM)
        for _ in range(3):
            sender.sendto(b"x", ("10.77.1.2", 9))

        def read():
            nstat = subprocess.run(
                ["ip", "netns", "exec", self.blue, "nstat", "-asz"], check=True, text=True,
                capture_output=True, env={**os.environ, "NSTAT_HISTORY": "/dev/null"}).stdout
            words = [line.split() for line in nstat.splitlines() if not line.startswith("#")]
            link = json.loads(ip("-n", self.blue, "-s", "-j", "link", "show", "dev", "vb"))[0]
            return {name: int(value) for name, value, *_ in words}, link["stats64"]

        (before, link_before), page = read(), Page(exporter.get().text)
        after, link_after = read()
        for name, family, labels in (
                ("IpInReceives", "netstack_ip_in_receives_total", {"ip_version": "4"}),
                ("IpInDelivers", "netstack_ip_in_delivers_total", {"ip_version": "4"}),
                ("UdpNoPorts", "netstack_udp_no_ports_total", {"ip_version": "4"})):
            with self.subTest(name=name):
                value = page.value(family, netns=self.blue, **labels)
                self.assertLessEqual(before[name], value)
                self.assertLessEqual(value, after[name])
                self.assertGreaterEqual(value, 3)
        received = page.value("netstack_link_receive_packets_total", netns=self.blue, device="vb")
        self.assertGreaterEqual(received, 3)
        self.assertLessEqual(link_before["rx"]["packets"], received)
        self.assertLessEqual(received, link_after["rx"]["packets"])

    def test_what_is_one_for_the_whole_host_is_there_once(self):
        page = Page(self.exporter().get().text)
        self.assertEqual([labels for labels, _ in page.find("netstack_sockstat_tcp_memory_bytes")],
                         [{}])
        self.assertEqual(len(page.find("netstack_sockstat_sockets_used")), 3)
        for labels, _ in page.series["netstack_path_packets_total"]:
            self.assertNotIn("netns", labels)

    def test_a_listener_there_is_shown_with_its_queue(self):
        exporter = self.exporter()
        listener = self.socket_in(self.red)
        listener.bind(("10.77.1.1", 0))
        listener.listen(7)
        page = Page(exporter.get().text)
        self.assertEqual(page.value("netstack_listener_accept_queue_limit_connections", netns=self.red,
                                    port=str(listener.getsockname()[1])), 7)

    def socket_in(self, name, kind=socket.SOCK_STREAM):
        made = []

        def make():
            with open(f"/run/netns/{name}", encoding="ascii") as file:
                two_namespaces.setns(file.fileno())
            made.append(socket.socket(type=kind))

        thread = threading.Thread(target=make)  # The namespace is the thread's alone.
        thread.start()
        thread.join()
        self.addCleanup(made[0].close)
        return made[0]

    def test_nothing_keeps_a_namespace_alive(self):
        exporter = self.exporter()
        page = Page(exporter.get().text)
        self.assertEqual(page.value("netstack_netns_namespaces", state="shown"), 2)
        ip("netns", "del", self.blue)
        # The kernel takes a namespace down by and by; only then its devices go, and their peers.
        await_true(lambda: "vr" not in ip("-n", self.red, "-o", "link"), "the peer to go")
        page = Page(exporter.get().text)
        self.assertEqual(page.find("netstack_link_receive_packets_total", device="vr"), [])
        self.assertEqual({labels["netns"] for labels, _ in page.find("netstack_netns_info")},
                         {self.red})

    def test_namespaces_come_and_go_during_scrapes(self):
        exporter = self.exporter()
        exporter.get()
        descriptors = len(os.listdir(f"/proc/{exporter.process.pid}/fd"))
        stop = threading.Event()
        faults = []

        def churn():
            for number in range(CHURN):
                name = f"netstack_churn{number}_{os.getpid()}"
                ip("netns", "add", name)
                ip("netns", "del", name)
            stop.set()

        thread = threading.Thread(target=churn)
        thread.start()
        scrapes = 0
        while not stop.is_set():
            reply = exporter.get()
            state = Page(reply.text).states()["netns"]
            if reply.status != 200 or state not in ("ok", "partial"):
                faults.append((reply.status, state))
            scrapes += 1
        thread.join()
        self.assertEqual(faults, [])
        self.assertGreater(scrapes, 2)
        exporter.get()
        self.assertLessEqual(len(os.listdir(f"/proc/{exporter.process.pid}/fd")), descriptors)

    def test_a_walk_that_takes_long_goes_on_beside_the_scrapes(self):
        exporter = self.exporter(max_wait="0s")
        began = Page(exporter.get().text).value("netstack_netns_walk_timestamp_seconds")
        listener = self.socket_in(self.red)
        listener.bind(("10.77.1.1", 0))
        listener.listen(7)
        port = str(listener.getsockname()[1])

        def is_shown():
            page = Page(exporter.get().text)
            self.assertEqual(page.states()["netns"], "ok")
            self.assertEqual(page.value("netstack_netns_namespaces", state="shown"), 2)
            if not page.find("netstack_listener_accept_queue_limit_connections", port=port):
                return False
            return page.value("netstack_netns_walk_timestamp_seconds") > began
        await_true(is_shown, "a later walk's result")

    def test_a_walk_ends_when_its_time_is_spent(self):
        page = Page(self.exporter("--collector.netns.max-time=0s").get().text)
        counts = {labels["state"]: value for labels, value in
                  page.find("netstack_netns_namespaces")}
        self.assertEqual((counts["shown"], counts["not_reached"]), (0, 2))
        self.assertEqual(page.find("netstack_netns_info"), [])

    def test_without_privilege_it_shows_what_it_may_and_says_the_rest(self):
        if not shutil.which("setpriv"):
            self.skipTest("setpriv is not installed")
        exporter = self.exporter(prefix=NOBODY)
        page = Page(exporter.get().text)
        states = {(labels["collector"], labels["state"]) for labels, _ in
                  page.find("netstack_netns_collector_state", netns=self.red)}
        self.assertEqual({state for _, state in states}, {"no_permission"})
        self.assertEqual(page.value("netstack_netns_namespaces", state="shown"), 2)

    def test_without_privilege_a_process_of_ones_own_opens_its_counters(self):
        if not shutil.which("setpriv"):
            self.skipTest("setpriv is not installed")
        sleeper = subprocess.Popen(["ip", "netns", "exec", self.red, *NOBODY, "sleep", "300"])
        self.addCleanup(sleeper.wait)
        self.addCleanup(sleeper.kill)
        red = os.stat(f"/run/netns/{self.red}").st_ino
        await_true(lambda: os.stat(f"/proc/{sleeper.pid}/ns/net").st_ino == red and
                   os.stat(f"/proc/{sleeper.pid}").st_uid == 65534, "the process to be there")
        exporter = self.exporter("--collector.netns.find=all", prefix=NOBODY)
        page = Page(exporter.get().text)
        states = {labels["collector"]: labels["state"] for labels, _ in
                  page.find("netstack_netns_collector_state", netns=self.red)}
        self.assertEqual((states["protocols"], states["link"]), ("ok", "no_permission"))
        self.assertIsNotNone(
            page.value("netstack_ip_in_receives_total", netns=self.red, ip_version="4"))


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=("ip", "nstat"))
