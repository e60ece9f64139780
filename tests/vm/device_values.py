#!/usr/bin/env python3
"""Compares a page with what tc and ip said before and after it: device_values.py FOLDER."""

import collections
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
# pylint: disable=wrong-import-position
from page import Page

# What tc says of every qdisc, by our family without "netstack_qdisc_".
COMMON = {"bytes_total": "bytes", "packets_total": "packets", "drops_total": "drops",
          "overlimits_total": "overlimits", "requeues_total": "requeues",
          "queue_length_packets": "qlen", "backlog_bytes": "backlog"}
# What it says of one kind; with options/ what was set, with a divisor what is no base unit there.
OWN = {
    "fq": {"fq_throttled_total": "throttled", "fq_flows": "flows", "fq_inactive_flows": "inactive",
           "fq_throttled_flows": "throttled_flows", "fq_flows_collected_total": "gc",
           "fq_flow_limit_drops_total": "flows_plimit", "limit_packets": "options/limit",
           "fq_fastpath_packets_total": "fastpath",
           "fq_unthrottle_latency_seconds": ("latency", 1e9)},
    "fq_codel": {"fq_codel_overlimit_drops_total": "drop_overlimit",
                 "fq_codel_overmemory_drops_total": "drop_overmemory",
                 "fq_codel_ecn_marked_total": "ecn_mark",
                 "fq_codel_new_flows_total": "new_flow_count",
                 "fq_codel_new_flows_length": "new_flows_len",
                 "fq_codel_old_flows_length": "old_flows_len", "limit_packets": "options/limit",
                 "memory_limit_bytes": "options/memory_limit"},
    "codel": {"codel_overlimit_drops_total": "drop_overlimit", "codel_ecn_marked_total": "ecn_mark",
              "codel_delay_seconds": ("ldelay", 1e6), "limit_packets": "options/limit"},
    "red": {"red_early_drops_total": "early", "red_overlimit_drops_total": "pdrop",
            "red_ecn_marked_total": "marked", "red_other_drops_total": "other",
            "limit_bytes": "options/limit"},
    "pie": {"pie_drops_total": "dropped", "pie_overlimit_drops_total": "overlimit",
            "pie_ecn_marked_total": "ecn_mark", "pie_delay_seconds": ("delay", 1e6),
            "limit_packets": "options/limit"},
    "fq_pie": {"pie_drops_total": "dropped", "pie_overlimit_drops_total": "overlimit",
               "pie_overmemory_drops_total": "overmemory", "pie_ecn_marked_total": "ecn_mark",
               "limit_packets": "options/limit", "memory_limit_bytes": "options/memory_limit"},
    "cake": {"cake_memory_peak_bytes": "memory_used", "memory_limit_bytes": "memory_limit"},
    "htb": {"htb_direct_packets_total": "options/direct_packets_stat"},
    "sfq": {"limit_packets": "options/limit"},
    "netem": {"limit_packets": "options/limit"},
    "pfifo": {"limit_packets": "options/limit"},
    "bfifo": {"limit_bytes": "options/limit"},
}
TINS = {"drops_total": "drops", "ack_drops_total": "ack_drops", "ecn_marked_total": "ecn_mark",
        "backlog_bytes": "backlog_bytes", "peak_delay_seconds": ("peak_delay_us", 1e6),
        "average_delay_seconds": ("avg_delay_us", 1e6)}
# Kinds that lose something here, and where they say so themselves.
LOSING = {"fq": "fq_flow_limit_drops_total", "fq_codel": "fq_codel_overlimit_drops_total",
          "codel": "codel_overlimit_drops_total", "red": "red_early_drops_total",
          "pie": "pie_overlimit_drops_total", "fq_pie": "pie_overlimit_drops_total",
          "cake": "cake_tin_drops_total", "sfq": "drops_total", "netem": "drops_total",
          "pfifo": "drops_total", "bfifo": "drops_total"}
CLASS = re.compile(
    r"class htb (?P<name>\S+) (?:root|parent (?P<parent>\S+)).*?"
    r"Sent (?P<bytes>\d+) bytes (?P<packets>\d+) pkt \(dropped (?P<drops>\d+), "
    r"overlimits (?P<overlimits>\d+) .*?backlog (?P<backlog>\d+)b (?P<qlen>\d+)p.*?"
    r"lended: (?P<lends>\d+) borrowed: (?P<borrows>\d+) giants: (?P<giants>\d+)", re.DOTALL)
CLASS_FAMILIES = {"bytes_total": "bytes", "packets_total": "packets", "drops_total": "drops",
                  "overlimits_total": "overlimits", "backlog_bytes": "backlog",
                  "queue_length_packets": "qlen", "htb_lends_total": "lends",
                  "htb_borrows_total": "borrows", "htb_giants_total": "giants"}


class Comparison:
    def __init__(self, folder):
        self.folder = folder
        self.page = Page((folder / "page").read_text())
        self.compared, self.wrong = collections.Counter(), 0

    def complain(self, what):
        self.wrong += 1
        print(what)

    def told(self, name, when):
        return (self.folder / f"{name}.{when}").read_text()

    def between(self, topic, family, first, last, **labels):
        value = self.page.value(family, **labels)
        self.compared[topic] += 1
        if value is None or not min(first, last) <= value <= max(first, last):
            self.complain(f"{family} {labels}: want {first} to {last}, have {value}")

    def pairs(self, family, before, after, names, topic, **labels):
        """Each of `names`, by our family, that was told: compares it."""
        for ours, theirs in names.items():
            name, divisor = theirs if isinstance(theirs, tuple) else (theirs, 1)
            first, last = look_up(before, name), look_up(after, name)
            if first is not None:
                self.between(topic, f"{family}{ours}", first / divisor, last / divisor, **labels)

    def qdiscs(self):
        before, after = ({(qdisc["dev"], qdisc["handle"]): qdisc
                          for qdisc in json.loads(self.told("qdiscs", when))
                          if qdisc["dev"].startswith("d_")} for when in ("before", "after"))
        for (device, handle), first in before.items():
            last, kind = after[device, handle], first["kind"]
            labels = {"device": device, "handle": handle, "kind": kind,
                      "parent": first.get("parent", "root")}
            self.pairs("netstack_qdisc_", first, last, COMMON, f"qdisc {kind}", **labels)
            self.pairs("netstack_qdisc_", first, last, OWN.get(kind, {}), f"qdisc {kind}", **labels)
            for tin, (one, other) in enumerate(zip(first.get("tins", []), last.get("tins", []))):
                self.pairs("netstack_qdisc_cake_tin_", one, other, TINS, "tins", tin=str(tin + 1),
                           **labels)
            family = f"netstack_qdisc_{LOSING.get(kind, 'packets_total')}"
            if not any(value for _, value in self.page.find(family, device=device, kind=kind)):
                self.complain(f"{family} of {device} is 0: nothing provoked")
        self.leaves(before)

    def leaves(self, qdiscs):
        """That of each device the leaves, and no other, are marked."""
        parents = {(device, qdisc.get("parent", "").partition(":")[0])
                   for (device, _), qdisc in qdiscs.items()}
        for (device, handle), qdisc in qdiscs.items():
            leaf = (device, handle.rstrip(":")) not in parents
            found = self.page.find("netstack_qdisc_drops_total", device=device, handle=handle)
            self.compared["leaves"] += 1
            if [labels["leaf"] for labels, _ in found] != [str(int(leaf))]:
                self.complain(f"{device} {qdisc['kind']} {handle}: want leaf={leaf}, have {found}")

    def classes(self):
        before, after = ({found["name"]: found.groupdict()
                          for found in CLASS.finditer(self.told("classes", when))}
                         for when in ("before", "after"))
        for name, first in before.items():
            first, last = ({key: int(value) for key, value in one.items()
                            if key not in ("name", "parent")} for one in (first, after[name]))
            self.pairs("netstack_qdisc_class_", first, last, CLASS_FAMILIES, "classes",
                       **{"class": name, "device": "d_htb"})

    def bonds(self):
        links = json.loads(self.told("links", "before"))
        slaves = {link["ifname"]: link["linkinfo"]["info_slave_data"] for link in links
                  if link.get("master") == "bond9"}
        up = sum(data["mii_status"] == "UP" for data in slaves.values())
        self.between("bond", "netstack_bonding_slaves", len(slaves), len(slaves), device="bond9")
        self.between("bond", "netstack_bonding_slaves_up", up, up, device="bond9")
        for name, data in slaves.items():
            failures = data["link_failure_count"]
            self.between("bond", "netstack_bonding_slave_link_failures_total", failures, failures,
                         device="bond9", slave=name)
            active = int(data["state"] == "ACTIVE")
            self.between("bond", "netstack_bonding_slave_active", active, active, device="bond9",
                         slave=name)
        if up != 1 or len(slaves) != 2:
            self.complain(f"the bond has {len(slaves)} slaves, of which {up} are up")

    def neighbours(self):
        counts = []
        for when in ("before", "after"):
            states = collections.Counter()
            for neighbour in json.loads(self.told("neighbours", when)):
                version = "6" if ":" in neighbour["dst"] else "4"
                states[version, neighbour["state"][0].lower()] += 1
            counts.append(states)
        for key in sorted(counts[0] | counts[1]):
            self.between("neighbours", "netstack_neighbour_state_entries", counts[0][key],
                         counts[1][key], ip_version=key[0], state=key[1])
        if not counts[0]["4", "failed"] + counts[0]["4", "incomplete"]:
            self.complain("no neighbour has failed")


def look_up(told, name):
    for part in name.split("/"):
        told = told.get(part)
        if told is None:
            return None
    return told


def main():
    comparison = Comparison(pathlib.Path(sys.argv[1]))
    for compare in (comparison.qdiscs, comparison.classes, comparison.bonds,
                    comparison.neighbours):
        compare()
    for topic, least in {**{f"qdisc {kind}": 8 for kind in OWN}, "tins": 18, "classes": 27,
                         "leaves": 22, "bond": 6, "neighbours": 2}.items():
        if comparison.compared[topic] < least:
            comparison.complain(f"only {comparison.compared[topic]} numbers of {topic} compared")
    print(f"{comparison.compared.total()} numbers compared, {comparison.wrong} wrong")
    sys.exit(1 if comparison.wrong else 0)


if __name__ == "__main__":
    main()
