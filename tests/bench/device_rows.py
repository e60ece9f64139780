"""What the comparisons of hosts with many devices have in common: collectors, rows and the bar."""

import re
import subprocess

OF_DEVICES = {"link", "qdisc", "ethtool", "queues", "irq", "nic", "netdev", "neighbour",
              "conntrack", "bonding"}
CPU_BAR = 0.1


def other_collectors(exporter):
    """Flags that leave out all collectors but those of devices."""
    page = subprocess.run([exporter, "metrics"], check=True, text=True, capture_output=True).stdout
    names = re.findall(r'^netstack_scrape_collector_success\{collector="([^"]+)"\}', page, re.M)
    return [f"--flag=--no-collector.{name}" for name in names if name not in OF_DEVICES]


def table(results):
    """`results` are rows of a size, a title, and what `compare` says of ours and of node_exporter."""
    lines = ["| host | series | node_exporter | CPU per scrape (ms) | node_exporter | ratio |",
             "|---|---:|---:|---:|---:|---:|"]
    for _, title, ours, theirs in results:
        lines.append(f"| {title} | {ours['series']} | {theirs['series']} | {ours['cpu_ms']:.2f} | "
                     f"{theirs['cpu_ms']:.2f} | 1/{theirs['cpu_ms'] / ours['cpu_ms']:.1f} |")
    return "\n".join(lines)


def missed_bars(results):
    return [f"{title}: CPU ratio {ours['cpu_ms'] / theirs['cpu_ms']:.2f}"
            for _, title, ours, theirs in results
            if ours["cpu_ms"] > CPU_BAR * theirs["cpu_ms"]]
