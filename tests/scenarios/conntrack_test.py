"""Connection tracking: the privileged are told by netlink what everybody reads in /proc."""

import collections
import os
import re
import shutil
import socket
import tempfile

import two_namespaces
from two_namespaces import A, B
import runner
from exporter_process import await_true, program
from page import Page
from scenario import Scenario

PORT = 9000
COUNT = 30
FILE = "net/stat/nf_conntrack"
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all",
          "--inh-caps=-all", "--no-new-privs")
ADMINISTRATOR = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                 *(f"--{kind}=-all,+net_admin"
                   for kind in ("inh-caps", "ambient-caps", "bounding-set")), "--")
# Columns of the file by their families. What kernels of today do not count has none.
FAMILIES = {
    "found": "found", "invalid": "invalid", "insert": "insertions",
    "insert_failed": "insert_failures", "drop": "drops", "early_drop": "early_drops",
    "icmp_error": "icmp_errors", "expect_new": "expectations_new",
    "expect_create": "expectations_created", "expect_delete": "expectations_deleted",
    "search_restart": "search_restarts", "clashres": "clashes_resolved",
    "chainlength": "chain_too_long",
}
# What `conntrack -S` calls them.
TOLD = {
    "found": "found", "invalid": "invalid", "insert": "insertions",
    "insert_failed": "insert_failures", "drop": "drops", "early_drop": "early_drops",
    "error": "icmp_errors", "search_restart": "search_restarts",
    "clash_resolve": "clashes_resolved", "chaintoolong": "chain_too_long",
}


class ConntrackTest(Scenario):
    def setUp(self):
        super().setUp()
        # Nothing is tracked before a rule wants to know.
        self.hosts.tool("b", "iptables", "-w", "-A", "INPUT", "-m", "conntrack", "--ctstate",
                        "INVALID", "-j", "ACCEPT")

    def columns(self):
        """The file's columns, added up over CPUs."""
        with self.hosts.inside("b"), open(f"/proc/thread-self/{FILE}", encoding="utf-8") as file:
            names, *rows = (line.split() for line in file)
        sums = {name: sum(int(row[at], 16) for row in rows) for at, name in enumerate(names)}
        sums["entries"] = int(rows[0][names.index("entries")], 16)
        return sums

    def page(self, *prefix):
        """Of a program that gives nothing up."""
        return Page(self.hosts.tool("b", *prefix, program(), "metrics"))

    def send(self):
        # ACKs of no connection are invalid, datagrams begin one each.
        raw = self.socket_of("a", socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        for number in range(COUNT):
            datagram = (10000 + number).to_bytes(2, "big") + PORT.to_bytes(2, "big")
            raw.sendto(datagram + b"\0\x08\0\0", (B, 0))
            raw.sendto(datagram + b"\0\xff\0\0", (B, 0))  # Longer than it is.
        await_true(lambda: self.columns()["invalid"] >= COUNT, "invalid packets")

    def assert_as_in_the_file(self, page, columns):
        for column, family in FAMILIES.items():
            if column in columns:
                self.assertEqual(page.value(f"netstack_conntrack_{family}_total"),
                                 columns[column], column)
        self.assertEqual(page.value("netstack_conntrack_entries"), columns["entries"])
        with open("/proc/sys/net/netfilter/nf_conntrack_max", encoding="utf-8") as file:
            self.assertEqual(page.value("netstack_conntrack_entries_limit"), int(file.read()))

    def source(self, page):
        return [labels["source"] for labels, _ in page.find("netstack_conntrack_source_info")]

    def test_root_and_nobody_say_the_same_from_two_sources(self):
        receiver = self.udp("b")
        receiver.bind((B, PORT))
        self.send()
        columns = self.columns()
        self.assertEqual(columns["invalid"], COUNT)
        self.assertGreaterEqual(columns["entries"], COUNT)
        root = self.page()
        if self.source(root) != ["netlink"]:
            self.skipTest("ctnetlink is not loaded here")
        nobody = self.page(*NOBODY)
        self.assertEqual(self.source(nobody), ["proc"])
        for page in (root, nobody):
            self.assertEqual(page.states()["conntrack"], "ok")
            self.assert_as_in_the_file(page, columns)

    def test_it_says_what_the_conntrack_tool_says(self):
        if not shutil.which("conntrack"):
            self.skipTest("conntrack is not installed")
        receiver = self.udp("b")
        receiver.bind((B, PORT))
        self.send()
        pages = {"netlink": self.page(), "proc": self.page(*NOBODY)}
        told = collections.Counter()
        for name, value in re.findall(r"(\w+)=(\d+)", self.hosts.tool("b", "conntrack", "-S")):
            told[name] += int(value)
        self.assertEqual(told["invalid"], COUNT)
        self.assertEqual(set(told) - {"cpu"}, set(TOLD), "a column that nobody compares")
        entries = int(self.hosts.tool("b", "conntrack", "-C"))
        self.assertGreaterEqual(entries, COUNT)
        for page in pages.values():
            for column, family in TOLD.items():
                self.assertEqual(page.value(f"netstack_conntrack_{family}_total"), told[column],
                                 column)
            self.assertEqual(page.value("netstack_conntrack_entries"), entries)

    def may_administrate(self, exporter):
        with open(f"/proc/{exporter.process.pid}/status", encoding="utf-8") as file:
            effective = int(next(line.split()[1] for line in file if "CapEff" in line), 16)
        return effective >> 12 & 1 == 1

    def administrator(self, *flags):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="netstack_conntrack."))
        os.chmod(folder, 0o777)
        return self.enterContext(self.hosts.exporter(
            "b", "--no-collector.drops", *flags, listen=f"unix:{folder}/b", prefix=ADMINISTRATOR))

    def test_a_server_keeps_the_capability_if_it_was_given_on_purpose(self):
        self.send()
        exporter = self.administrator()
        page = self.scrape(exporter)
        self.assertTrue(self.may_administrate(exporter))
        self.assert_as_in_the_file(page, self.columns())
        self.assertEqual(self.source(page), self.source(self.page()))

    def test_a_server_gives_up_what_it_does_not_use_or_has_as_root(self):
        self.assertFalse(self.may_administrate(self.administrator("--no-collector.conntrack")))
        exporter = self.watch("b")
        page = self.scrape(exporter)
        self.assertFalse(self.may_administrate(exporter))
        self.assertEqual(self.source(page), ["proc"])


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "iptables", "setpriv"])
