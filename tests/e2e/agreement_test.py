"""The page agrees with what other programs read from the same kernel at the same moment.

Each source is read, then the page, then the source again: a counter of the page lies between the
two. The metric's name is found by spelling, not by the exporter's own table.
"""

import json
import os
import re
import subprocess
import tempfile
import unittest

import runner
from exporter_process import Exporter
from page import Page

IPV6_GROUP = re.compile(r"(Ip|Icmp|Udp|UdpLite)6(.*)")
ICMP_TYPE = re.compile(r"Icmp(6|Msg)(In|Out)Type(\d+)")
# iproute2's words for the fields that the page calls otherwise.
LINK_WORDS = {"rx": "receive", "tx": "transmit"}


def run(*command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60,
                          env={**os.environ, **environment})
    return done.stdout


def spelled(name):
    """A name without what differs by convention only."""
    return name.removesuffix("_total").replace("_", "").lower()


class AgreementTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter("--collector.protocols.tier=all", "--collector.link.tier=all",
                                "--devices.container-ports")
        cls.directory = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.exporter.close()
        cls.directory.cleanup()

    def bracket(self, read):
        """What `read` gives before and after the page, and the page."""
        before = read()
        page = Page(self.exporter.get().text)
        return before, page, read()

    def assert_between(self, before, value, after, what):
        self.assertLessEqual(before, value, what)
        self.assertLessEqual(value, after, what)

    def nstat(self):
        history = os.path.join(self.directory.name, "history")
        # Not --json, which gives the low 32 bits only (iproute2 6.1).
        lines = run("nstat", "-asz", NSTAT_HISTORY=history).splitlines()
        return {line.split()[0]: int(line.split()[1]) for line in lines if line[0] != "#"}

    def protocol_series(self, page):
        """The protocol counters by spelling and the labels that tell them apart."""
        known = {}
        for name, series in page.series.items():
            for labels, value in series:
                if name == "netstack_protocol_unknown_field_total":
                    key = (spelled(labels["group"] + labels["field"]), "", "")
                else:
                    key = (spelled(name.removeprefix("netstack_")), labels.get("ip_version", ""),
                           labels.get("icmp_type", ""))
                known[key] = value
        return known

    def find_protocol(self, known, field):
        if icmp := ICMP_TYPE.fullmatch(field):
            version = "6" if icmp[1] == "6" else "4"
            return known.get((f"icmpmsg{icmp[2].lower()}type", version, icmp[3]))
        version, name = "4", field
        if six := IPV6_GROUP.fullmatch(field):
            version, name = "6", six[1] + six[2]
        for labels in ((version, ""), ("", "")):
            if (value := known.get((spelled(name), *labels))) is not None:
                return value
            # The kernel counts milliseconds where the page has seconds.
            if (value := known.get((spelled(name) + "seconds", *labels))) is not None:
                return value * 1000
        return None

    def test_protocol_counters_are_those_of_nstat(self):
        before, page, after = self.bracket(self.nstat)
        known = self.protocol_series(page)
        compared, alive, missing = 0, 0, []
        for field in before.keys() & after.keys():
            value = self.find_protocol(known, field)
            if value is None:
                missing.append(field)
                continue
            self.assert_between(before[field], round(value), after[field], field)
            compared += 1
            alive += value > 0
        self.assertEqual(missing, [], "fields that nstat knows and the page does not")
        print(f"nstat: {compared} fields compared, {alive} of them not 0")
        self.assertGreater(compared, 300)
        self.assertGreater(alive, 20)

    def links(self):
        links = json.loads(run("ip", "-s", "-s", "-j", "link"))
        return {link["ifname"]: link for link in links}

    def test_link_counters_are_those_of_ip(self):
        before, page, after = self.bracket(self.links)
        unfilled = {(labels["device"], labels["field"])
                    for labels, _ in page.series.get("netstack_link_field_unfilled", [])}
        devices = set()
        compared, missing = 0, []
        for device in before.keys() & after.keys():
            if before[device]["ifindex"] != after[device]["ifindex"]:
                continue  # Another one of the same name.
            for way, word in LINK_WORDS.items():
                for field, first in before[device]["stats64"].get(way, {}).items():
                    name = self.link_name(word, field)
                    value = page.value(f"netstack_link_{name}_total", device=device)
                    if value is not None:
                        self.assert_between(first, value, after[device]["stats64"][way][field],
                                            f"{device} {way} {field}")
                        devices.add(device)
                        compared += 1
                    elif (device, name) not in unfilled:
                        missing.append((device, name))
        print(f"ip link: {compared} fields of {sorted(devices)} compared")
        self.assertEqual(missing, [])
        self.assertIn("lo", devices)
        self.assertGreater(compared, 20)

    def link_name(self, way, field):
        return field if field in ("collisions", "carrier_changes") else f"{way}_{field}"

    def test_what_links_are_is_what_ip_says(self):
        before, page, after = self.bracket(self.links)
        compared = 0
        for device, link in before.items():
            if after.get(device, {}).get("operstate") != link["operstate"]:
                continue
            for name, value in (("mtu_bytes", link["mtu"]),
                                ("transmit_queue_length_packets", link.get("txqlen"))):
                if value is not None:
                    self.assertEqual(page.value(f"netstack_link_{name}", device=device), value)
                    compared += 1
            state = page.find("netstack_link_operstate_info", device=device)[0][0]["operstate"]
            self.assertEqual(state, link["operstate"].lower())
        self.assertGreater(compared, 1)

    def softnet(self):
        """Counters by name and CPU, by the columns of Documentation/networking/scaling."""
        columns = {"processed": 0, "dropped": 1, "time_squeeze": 2, "received_rps": 9,
                   "flow_limit": 10}
        counters = {}
        with open("/proc/net/softnet_stat", encoding="utf-8") as file:
            for row, line in enumerate(file):
                words = [int(word, 16) for word in line.split()]
                cpu = words[12] if len(words) > 12 else row
                for name, column in columns.items():
                    counters[f"netstack_softnet_{name}_total", str(cpu)] = words[column]
        return counters

    def softirqs(self):
        counters = {}
        with open("/proc/softirqs", encoding="utf-8") as file:
            cpus = [word.removeprefix("CPU") for word in next(file).split()]
            for line in file:
                name, *words = line.split()
                if name in ("NET_RX:", "NET_TX:"):
                    for cpu, word in zip(cpus, words):
                        family = f"netstack_softirq_{name[:-1].lower()}_total"
                        counters[family, cpu] = int(word)
        return counters

    def assert_per_cpu(self, read):
        before, page, after = self.bracket(read)
        self.assertTrue(before)
        for (name, cpu), first in before.items():
            value = page.value(name, cpu=cpu)
            self.assertIsNotNone(value, (name, cpu))
            self.assert_between(first, value, after[name, cpu], (name, cpu))
        self.assertTrue(any(after.values()))

    def test_softnet_counters_are_those_of_proc(self):
        self.assert_per_cpu(self.softnet)

    def test_softirq_counters_are_those_of_proc(self):
        self.assert_per_cpu(self.softirqs)

    def is_sysctl(self, name):
        return not name.startswith("ethtool.")

    def test_tunables_are_those_of_sysctl(self):
        page = Page(self.exporter.get().text)
        names = sorted({labels["name"] for labels, _ in page.series["netstack_tunable"]
                        if self.is_sysctl(labels["name"])})
        fields = {1: ["current"], 2: ["min", "max"], 3: ["min", None, "max"]}
        compared = 0
        for name in names:
            with self.subTest(name=name):
                words = run("sysctl", "-n", name).split()
                shown = {labels["field"]: value
                         for labels, value in page.find("netstack_tunable", name=name)}
                text = page.find("netstack_tunable_info", name=name)
                if text:  # A bitmap of CPUs: the number is how many.
                    self.assertEqual([text[0][0]["value"]], words)
                    self.assertEqual(shown["current"],
                                     bin(int(words[0].replace(",", ""), 16)).count("1"))
                    continue
                for field, word in zip(fields[len(words)], words):
                    key = field or ("default" if "default" in shown else "pressure")
                    self.assertEqual(shown.pop(key), float(word))
                    compared += 1
                self.assertEqual(shown, {})
        print(f"sysctl: {compared} numbers compared")
        self.assertGreater(compared, 60)

    def test_words_are_those_of_sysctl(self):
        page = Page(self.exporter.get().text)
        sysctls = [labels for labels, _ in page.series["netstack_tunable_info"]
                   if self.is_sysctl(labels["name"])]
        self.assertTrue(sysctls)
        for labels in sysctls:
            with self.subTest(name=labels["name"]):
                self.assertEqual(labels["value"], run("sysctl", "-n", labels["name"]).strip())

    def test_sockstat_limits_are_in_the_unit_they_say(self):
        page = Page(self.exporter.get().text)
        words = run("sysctl", "-n", "net.ipv4.tcp_mem").split()
        for threshold, word in zip(("min", "pressure", "max"), words):
            self.assertEqual(page.value("netstack_sockstat_tcp_memory_limit_bytes",
                                        threshold=threshold),
                             int(word) * os.sysconf("SC_PAGESIZE"))


if __name__ == "__main__":
    runner.main(tools=["nstat", "ip", "sysctl"])
