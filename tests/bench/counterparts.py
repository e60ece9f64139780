"""What node_exporter has to read to read the same kernel sources as a netstack_exporter."""

import re

# By collector of ours. One that is not here has no counterpart: what it costs is ours alone.
# netstat leaves most fields out unless told otherwise.
FLAGS = {
    "link": ["--collector.netdev", "--collector.netclass"],
    "protocols": ["--collector.netstat", "--collector.netstat.fields=.*"],
    "sockstat": ["--collector.sockstat"],
    "softnet": ["--collector.softnet"],
    "qdisc": ["--collector.qdisc"],
    "ethtool": ["--collector.ethtool"],
    "conntrack": ["--collector.conntrack"],
    "neighbour": ["--collector.arp"],
    "irq": ["--collector.interrupts"],
    "bonding": ["--collector.bonding"],
    "listeners": ["--collector.tcpstat"],
    "datagram": ["--collector.udp_queues"],
}
# What node_exporter shows of the same sources and a default page leaves out.
AS_MUCH = ["--collector.link.tier=extended", "--collector.qdisc.tier=extended",
           "--collector.neighbour.tier=extended"]
COLLECTOR = re.compile(rb'^netstack_scrape_collector_success\{collector="([^"]+)"\}', re.M)
TUNABLE = re.compile(rb'^netstack_tunable(_info)?\{.*\bname="(net\.[^"]+)".*\bfield="([^"]+)"', re.M)


def flags_for_the_same_sources(page):
    """Flags that have a netstack_exporter show as much as node_exporter can, and nothing else."""
    names = [name.decode() for name in COLLECTOR.findall(page)]
    return AS_MUCH + [f"--no-collector.{name}" for name in names
                      if name not in FLAGS and name != "tunables"]


def sysctl_flags(page):
    """The same settings for node_exporter's sysctl collector, which has to be told each."""
    fields, words = {}, []
    for info, name, field in TUNABLE.findall(page):
        if info:
            words.append(name.decode())
        else:
            fields.setdefault(name.decode(), []).append(field.decode())
    flags = ["--collector.sysctl"] if fields or words else []
    for name, of_it in fields.items():
        spec = name if len(of_it) == 1 else name + ":" + ",".join(of_it)
        flags.append("--collector.sysctl.include=" + spec)
    return flags + ["--collector.sysctl.include-info=" + name for name in words]


def node_exporter_flags(page):
    """Flags for what `page`, of a netstack_exporter, shows."""
    flags = ["--collector.disable-defaults"]
    for name in COLLECTOR.findall(page):
        flags += FLAGS.get(name.decode(), [])
    return flags + sysctl_flags(page)
