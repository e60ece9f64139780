"""Provoked faults, each with another stage busy but healthy: the doctor names the right one first,
and what it advises, applied in the namespace, ends the loss."""

import json
import re
import socket
import subprocess
import threading
import time
import unittest

import two_namespaces
from two_namespaces import B, TwoNamespaces
import runner
from exporter_process import run

PORT = 9000  # Not one of those that clients are given, which are shown together.
INTERVAL = "2s"
PAUSE = 0.1  # Seconds in which a program does something else, while packets come.


class Load(threading.Thread):
    """Does the same again and again for as long as the doctor looks."""

    def __init__(self, step):
        super().__init__()
        self.step = step
        self.error = None
        self._stop_now = threading.Event()

    def run(self):
        try:
            while not self._stop_now.is_set():
                self.step()
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stop_now.set()
        self.join()
        assert self.error is None, self.error


def drain(receiver):
    while True:
        try:
            if not receiver.recv(65536):
                return
        except BlockingIOError:
            return


class DoctorTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def make(self, side, kind):
        with self.hosts.inside(side):
            return self.enterContext(socket.socket(socket.AF_INET, kind))

    def receiver(self, buffer=None, port=0):
        made = self.make("b", socket.SOCK_DGRAM)
        if buffer is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        made.bind((B, port))
        made.setblocking(False)
        return made

    def connection(self):
        """A sender in a and a receiver in b."""
        listener = self.make("b", socket.SOCK_STREAM)
        listener.bind((B, 0))
        listener.listen(1)
        sender = self.make("a", socket.SOCK_STREAM)
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sender.connect(listener.getsockname())
        receiver = self.enterContext(listener.accept()[0])
        sender.setblocking(False)
        receiver.setblocking(False)
        return sender, receiver

    def healthy_datagrams(self):
        """UDP from a to b that is read as it comes."""
        receiver = self.receiver()
        sender = self.make("a", socket.SOCK_DGRAM)

        def step():
            for _ in range(20):
                sender.sendto(bytes(200), receiver.getsockname())
            drain(receiver)
            time.sleep(PAUSE / 10)
        return step

    def healthy_stream(self):
        """TCP from a to b that is read as it comes."""
        sender, receiver = self.connection()

        def step():
            try:
                sender.send(bytes(4096))
            except BlockingIOError:
                pass
            drain(receiver)
            time.sleep(PAUSE / 10)
        return step

    def doctor(self, side, *steps):
        """What the doctor says while the steps are done again and again."""
        loads = [Load(step) for step in steps]
        for load in loads:
            load.__enter__()
        try:
            ended = run("doctor", f"--interval={INTERVAL}", "--json",
                        prefix=("ip", "netns", "exec", self.hosts.names[side]))
        finally:
            for load in loads:
                load.__exit__()
        self.assertIn(ended.returncode, (0, 1), ended.stderr)
        report = json.loads(ended.stdout)
        self.assertEqual(ended.returncode, 1 if report["loss"] else 0)
        # The backlog is the whole machine's: what else it is busy with is not the scenario's.
        report["findings"] = [finding for finding in report["findings"]
                              if finding["stage"] not in ("backlog", "napi")]
        return report

    def first(self, report):
        self.assertTrue(report["findings"], report)
        return report["findings"][0]

    def assert_ended(self, report, stage):
        """Neither a loss nor a finding about that stage is left."""
        left = [(finding["rule"], finding["title"]) for finding in report["findings"]
                if finding["harm"] == "loss" or finding["stage"] == stage]
        self.assertEqual(left, [])

    def apply(self, side, command):
        with self.hosts.inside(side):
            subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=60)

    def test_an_accept_queue_that_the_host_keeps_short(self):
        self.hosts.set("b", "net/core/somaxconn", "8")
        finding = self.first(self.doctor("b", self.clients(), self.healthy_datagrams()))
        self.assertEqual(finding["rule"], "accept_queue_somaxconn")
        command = finding["change"][0]["command"]
        self.assertRegex(command, r"^sysctl -w net\.core\.somaxconn=\d+$")
        self.apply("b", command)
        # The program is restarted, as the note says.
        self.assertIn("restart", finding["change"][0]["note"])
        self.assert_ended(self.doctor("b", self.clients(), self.healthy_datagrams()), "listen")

    def test_an_accept_queue_that_the_program_keeps_short(self):
        finding = self.first(self.doctor("b", self.clients(8), self.healthy_datagrams()))
        self.assertEqual(finding["rule"], "accept_queue_application")
        backlog = int(re.search(r"a backlog of (\d+) \(now 8\)", finding["change"][0]["note"])[1])
        self.assert_ended(self.doctor("b", self.clients(backlog), self.healthy_datagrams()),
                          "listen")

    def clients(self, backlog=4096):
        """Thirty clients at once, and a server that comes to accept them a little later."""
        listener = self.make("b", socket.SOCK_STREAM)
        listener.bind((B, 0))
        listener.listen(backlog)
        listener.setblocking(False)

        def step():
            made = []
            with self.hosts.inside("a"):
                for _ in range(30):
                    made.append(socket.socket())
            for client in made:
                client.setblocking(False)
                client.connect_ex(listener.getsockname())
            time.sleep(PAUSE)
            try:
                while True:
                    listener.accept()[0].close()
            except BlockingIOError:
                pass
            for client in made:
                client.close()
        return step

    def test_a_datagram_buffer_that_the_program_keeps_small(self):
        receiver = self.receiver(4096, PORT)
        finding = self.first(self.doctor("b", self.bursts(receiver), self.healthy_stream()))
        self.assertEqual(finding["rule"], "udp_buffer_application")
        self.assertIn(f"UDP port {PORT} ", finding["cause"])
        buffer = int(re.search(r"SO_RCVBUF (\d+) ", finding["change"][0]["note"])[1])
        for action in finding["change"]:
            self.assertNotIn("command", action)  # Else the host's rmem_max is in the way.
        self.assert_ended(self.doctor("b", self.bursts(self.receiver(buffer)),
                                      self.healthy_stream()), "datagram")

    def bursts(self, receiver):
        """Fifty datagrams at once, and a program that comes to read them a little later."""
        sender = self.make("a", socket.SOCK_DGRAM)

        def step():
            for _ in range(50):
                sender.sendto(bytes(500), receiver.getsockname())
            time.sleep(PAUSE)
            drain(receiver)
        return step

    def test_a_stream_buffer_that_is_pruned(self):
        self.hosts.set("b", "net/ipv4/tcp_rmem", "4096 8192 8192")
        finding = self.first(self.doctor("b", self.small_writes(), self.healthy_datagrams()))
        self.assertEqual(finding["stage"], "tcp")
        self.assertIn(finding["rule"], ("tcp_prune", "tcp_receive_queue_full", "tcp_zero_window",
                                        "tcp_out_of_order_queue_full", "tcp_beyond_window"))
        command = finding["change"][0]["command"]
        self.assertEqual(command, 'sysctl -w net.ipv4.tcp_rmem="4096 131072 6291456"')
        self.apply("b", command)
        self.assert_ended(self.doctor("b", self.small_writes(), self.healthy_datagrams()), "tcp")

    def small_writes(self):
        """Sixty little segments, and a program that comes to read them a little later."""
        sender, receiver = self.connection()

        def step():
            try:
                for _ in range(60):
                    sender.send(bytes(100))
            except BlockingIOError:
                pass
            time.sleep(PAUSE)
            drain(receiver)
        return step

    def tc(self, *arguments):
        done = subprocess.run(["tc", "-n", self.hosts.names["a"], *arguments],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            self.skipTest(f"tc: {done.stderr.strip()}")

    def test_a_short_queue_below_a_shaper(self):
        self.tc("qdisc", "add", "dev", "va", "root", "handle", "1:", "htb", "default", "10")
        self.tc("class", "add", "dev", "va", "parent", "1:", "classid", "1:10", "htb", "rate",
                "8mbit")
        self.tc("qdisc", "add", "dev", "va", "parent", "1:10", "handle", "10:", "pfifo", "limit",
                "5")
        self.assert_cured("qdisc_queue_full",
                          r"^tc qdisc change dev va parent 1:10 handle 10: pfifo limit \d+$")

    def test_a_short_queue_inside_a_shaper(self):
        self.tc("qdisc", "add", "dev", "va", "root", "tbf", "rate", "8mbit", "burst", "2000",
                "limit", "8000")
        self.assert_cured("qdisc_tbf_full",
                          r"^tc qdisc replace dev va parent \w+:1 bfifo limit \d+$")

    def assert_cured(self, rule, command):
        finding = self.first(self.doctor("a", self.sent(), self.healthy_stream()))
        self.assertEqual((finding["rule"], finding["device"]), (rule, "va"))
        self.assertRegex(finding["change"][0]["command"], command)
        self.apply("a", finding["change"][0]["command"])
        self.assert_ended(self.doctor("a", self.sent(), self.healthy_stream()), "qdisc")

    def sent(self):
        """Sixty datagrams sent at once, which the rate lets through in time."""
        receiver = self.receiver()
        sender = self.make("a", socket.SOCK_DGRAM)

        def step():
            for _ in range(60):
                try:
                    sender.sendto(bytes(500), receiver.getsockname())
                except OSError:
                    pass  # ENOBUFS is how a sender learns of the loss.
            time.sleep(PAUSE)
            drain(receiver)
        return step

    def test_a_healthy_host(self):
        report = self.doctor("b", self.healthy_datagrams(), self.healthy_stream())
        self.assertEqual(report["findings"], [])
        rates = {(rung["path"], rung["stage"]): rung.get("rate") for rung in report["ladder"]}
        self.assertGreater(rates["receive", "datagram"], 10)
        self.assertGreater(rates["receive", "tcp"], 10)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "tc"])
