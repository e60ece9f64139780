"""How long connections wait for accept(), held against clock readings around both ends."""

import contextlib
import json
import math
import pathlib
import re
import select
import shutil
import socket
import struct
import threading
import time
import unittest

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, ip, scrape, tool
import runner
from exporter_process import await_true

WAIT = "netstack_listener_accept_wait_seconds"
PROGRAMS = ("accept_ready", "accepted")


class AcceptWaitTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def watch(self, *flags):
        """An exporter in b that times, where this kernel lets it."""
        self.exporter = self.enterContext(self.hosts.exporter(
            "b", "--collector.queue_peaks.tier=extended", "--collector.bpf", *flags))
        return scrape(self.exporter)

    def time_it(self):
        page = self.watch("--collector.queue_peaks.accept-wait")
        for program in PROGRAMS:
            if not page.find("netstack_bpf_program_state", program=program, state="ok"):
                self.skipTest(f"no program: {page.series.get('netstack_bpf_program_state')}")

    def listener(self, address=B, family=socket.AF_INET):
        with self.hosts.inside("b"):
            made = self.enterContext(socket.socket(family))
        made.bind((address, 0))
        made.listen(50)
        scrape(self.exporter)  # From here on the port has a group.
        return made, made.getsockname()[1]

    def connect(self, port, address=B, family=socket.AF_INET, side="a"):
        with self.hosts.inside(side):
            made = self.enterContext(socket.socket(family))
        made.connect((address, port))
        return made

    def accepted_late(self, listening, connect, pause):
        """Connects, and accepts a while later: the least and the most that the wait can have been."""
        begin = time.monotonic()
        connect()
        self.assertTrue(select.select([listening], [], [], 10)[0])
        is_there = time.monotonic()
        time.sleep(pause)
        late = time.monotonic()
        self.enterContext(listening.accept()[0])
        return late - is_there, time.monotonic() - begin

    def waits(self, port):
        """Of a port: the counts by upper bound, and the sum."""
        page = scrape(self.exporter)
        buckets = {float(labels["le"]): int(value)
                   for labels, value in page.find(f"{WAIT}_bucket", port=str(port))}
        self.assertEqual(page.value(f"{WAIT}_count", port=str(port)), buckets.get(math.inf))
        self.assertEqual(page.value("netstack_waits_untimed_total", wait="accept"), 0)
        return buckets, page.value(f"{WAIT}_sum", port=str(port))

    def counted(self, port):
        return self.waits(port)[0][math.inf]

    def check(self, port, bounds):
        """The buckets and the sum are as they must be for waits within these bounds."""
        buckets, total = self.waits(port)
        self.assertEqual(buckets[math.inf], len(bounds))
        for upper, count in buckets.items():
            self.assertGreaterEqual(count, sum(most <= upper for _, most in bounds), upper)
            self.assertLessEqual(count, sum(least <= upper for least, _ in bounds), upper)
        self.assertGreaterEqual(total, sum(least for least, _ in bounds))
        self.assertLessEqual(total, sum(most for _, most in bounds))

    def test_a_listener_that_comes_200_ms_late(self):
        self.time_it()
        listening, port = self.listener()
        bounds = [self.accepted_late(listening, lambda: self.connect(port), pause)
                  for pause in (0.2, 0.02, 0.2)]
        self.check(port, bounds)
        # Between 134 and 268 ms, unless this machine took longer.
        if max(most for _, most in bounds) < 0.26:
            buckets, _ = self.waits(port)
            self.assertEqual((buckets[0.134217728], buckets[0.268435456]), (1, 3))

    def test_the_same_with_ipv6(self):
        for side in "ab":
            self.hosts.set(side, "net/ipv6/conf/lo/disable_ipv6", "0")
        ip("-n", self.hosts.names["b"], "address", "replace", "::1/128", "dev", "lo")
        self.time_it()
        listening, port = self.listener("::1", socket.AF_INET6)
        self.check(port, [self.accepted_late(
            listening, lambda: self.connect(port, "::1", socket.AF_INET6, "b"), 0.2)])

    def test_a_program_that_waits_before_the_connection_comes(self):
        self.time_it()
        listening, port = self.listener()
        accepted = []
        waiting = threading.Thread(target=lambda: accepted.append(listening.accept()[0]))
        waiting.start()
        time.sleep(0.3)  # None of the connection's time.
        begin = time.monotonic()
        self.connect(port)
        waiting.join()
        end = time.monotonic()
        with contextlib.closing(accepted[0]):
            self.check(port, [(0, end - begin)])

    def test_the_handshake_is_no_part_of_it(self):
        self.time_it()
        listening, port = self.listener()
        # The answer to the SYN is lost until the route back is there.
        ip("-n", self.hosts.names["b"], "route", "add", "blackhole", f"{A}/32")
        with self.hosts.inside("a"):
            connecting = self.enterContext(socket.socket())
        connecting.setblocking(False)
        begin = time.monotonic()
        connecting.connect_ex((B, port))
        time.sleep(0.3)
        ip("-n", self.hosts.names["b"], "route", "del", "blackhole", f"{A}/32")
        self.assertTrue(select.select([listening], [], [], 30)[0])
        self.assertGreater(time.monotonic() - begin, 0.3)
        late = time.monotonic()
        self.enterContext(listening.accept()[0])
        self.assertEqual(self.counted(port), 1)
        self.assertLess(self.waits(port)[1], time.monotonic() - late + 0.2)

    def test_many_that_wait_at_once(self):
        self.time_it()
        listening, port = self.listener()
        begin = time.monotonic()
        for _ in range(40):
            self.connect(port)
        time.sleep(0.1)
        late = time.monotonic()
        for _ in range(40):
            listening.accept()[0].close()
        self.assertEqual(self.counted(port), 40)
        total = self.waits(port)[1]
        self.assertGreaterEqual(total, 40 * 0.1)
        self.assertLessEqual(total, 40 * (time.monotonic() - begin))
        self.assertGreater(late - begin, 0.1)

    def test_one_whose_peer_has_gone_meanwhile(self):
        self.time_it()
        listening, port = self.listener()
        self.connect(port).close()
        reset = self.connect(port)
        reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        reset.close()
        time.sleep(0.1)
        for _ in range(2):
            listening.accept()[0].close()
        # That with a FIN is a connection like others; the reset one had ended.
        self.assertEqual(self.counted(port), 1)
        # Its place is free for another.
        self.check_next(listening, port)

    def check_next(self, listening, port):
        before = self.counted(port)
        self.accepted_late(listening, lambda: self.connect(port), 0.01)
        await_true(lambda: self.counted(port) == before + 1, "one more")

    def still_waiting(self):
        """Connections that the programs remember: the entries of their table."""
        ours = set()
        for path in pathlib.Path(f"/proc/{self.exporter.process.pid}/fdinfo").iterdir():
            ours |= set(re.findall(r"^prog_id:\t(\d+)$", path.read_text(encoding="ascii"), re.M))
        (program,) = [found for found in json.loads(tool("bpftool", "-j", "prog", "show"))
                      if str(found["id"]) in ours and found.get("name") == "accept_ready"]
        (table,) = [found["id"] for found in json.loads(tool("bpftool", "-j", "map", "show"))
                    if found["id"] in program["map_ids"] and found.get("name") == "waiting"]
        return len(json.loads(tool("bpftool", "-j", "map", "dump", "id", str(table))))

    def test_nobody_is_remembered_who_waits_no_more(self):
        if not shutil.which("bpftool"):
            self.skipTest("bpftool is not there")
        self.time_it()
        listening, port = self.listener()
        gone, gone_port = self.listener()
        for _ in range(10):
            self.connect(port)
            self.connect(gone_port)
        await_true(lambda: self.still_waiting() == 20, "20 that wait")
        gone.close()  # And with it those that wait there.
        await_true(lambda: self.still_waiting() == 10, "10 that wait")
        for _ in range(10):
            listening.accept()[0].close()
        await_true(lambda: self.still_waiting() == 0, "none that waits")
        self.assertEqual(self.counted(port), 10)
        self.assertEqual(self.counted(gone_port), 0)

    def test_it_is_off_unless_somebody_asks(self):
        page = self.watch()
        self.assertEqual(page.find(f"{WAIT}_count"), [])
        for program in PROGRAMS:
            (labels, _), = page.find("netstack_bpf_program_state", program=program)
            self.assertIn(labels["state"], ("disabled", "not_built"))


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
