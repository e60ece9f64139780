"""Packets that a queueing discipline, a filter or a device has no room for, on their way out."""

import json
import re
import socket

import two_namespaces
from two_namespaces import A, B
import ledger
import runner
from scenario import Scenario
from tun import Tun

PORT = 9000
COUNT = 200
CLASS = re.compile(r"^class htb (\S+) .*\n\s*Sent (\d+) bytes (\d+) pkt \(dropped (\d+),", re.M)
DROP = "1,6 0 0 2"  # Classic BPF: return TC_ACT_SHOT.


class QdiscTest(Scenario):
    def tc(self, *arguments):
        return self.hosts.tool("a", "tc", *arguments)

    def qdiscs(self):
        return json.loads(self.tc("-s", "-j", "qdisc", "show", "dev", "va"))

    def flood(self, address=B):
        """How many of COUNT datagrams the kernel said it took."""
        sender = self.udp("a")
        taken = 0
        for _ in range(COUNT):
            try:
                sender.sendto(bytes(500), (address, PORT))
                taken += 1
            except OSError:
                pass
        return taken

    def provoke(self):
        """Sends COUNT datagrams: the pages before and after."""
        exporter = self.watch("a", "--devices.container-ports")
        self.receiver = self.udp("b")
        self.receiver.bind((B, PORT))
        before = self.scrape(exporter)
        self.flood()
        return before, self.scrape(exporter)

    def test_a_full_shaper_is_named_once_with_its_exact_number(self):
        self.tc("qdisc", "replace", "dev", "va", "root", "tbf", "rate", "100kbit", "burst", "1600",
                "limit", "8000")
        before, page = self.provoke()
        qdisc = self.qdiscs()[0]
        dropped = qdisc["drops"]
        self.assertGreater(dropped, COUNT / 2)
        self.assertLess(dropped, COUNT)
        # The same packets are in UdpSndbufErrors, IpOutDiscards and tx_dropped; counted once.
        self.assertEqual(self.count("a", "UdpSndbufErrors"), dropped)
        self.assert_drops(before, page, loss={"transmit/qdisc/qdisc_full": dropped})
        self.assertEqual(page.value("netstack_qdisc_drops_total", device="va", kind="tbf"), dropped)
        pressure = ledger.pressure(before, page)["transmit/qdisc/overlimit"]
        self.assertGreater(pressure, 0)
        self.assertLessEqual(pressure, qdisc["overlimits"])

    def test_a_full_leaf_is_not_counted_again_at_its_parent(self):
        self.tc("qdisc", "replace", "dev", "va", "root", "handle", "1:", "htb", "default", "1")
        self.tc("class", "add", "dev", "va", "parent", "1:", "classid", "1:1", "htb", "rate",
                "100kbit", "burst", "1600")
        self.tc("qdisc", "add", "dev", "va", "parent", "1:1", "pfifo", "limit", "5")
        before, page = self.provoke()
        drops = {qdisc["kind"]: qdisc["drops"] for qdisc in self.qdiscs()}
        self.assertGreater(drops["pfifo"], COUNT / 2)
        self.assertEqual(drops["htb"], drops["pfifo"])
        self.assert_drops(before, page, loss={"transmit/qdisc/qdisc_full": drops["pfifo"]})

    def test_each_class_of_htb_has_its_own_numbers(self):
        self.tc("qdisc", "replace", "dev", "va", "root", "handle", "1:", "htb", "default", "20")
        self.tc("class", "add", "dev", "va", "parent", "1:", "classid", "1:1", "htb", "rate",
                "8gbit")
        self.tc("class", "add", "dev", "va", "parent", "1:1", "classid", "1:20", "htb", "rate",
                "4gbit", "ceil", "8gbit")
        _, page = self.provoke()
        # iproute2 6.1 has no JSON for classes.
        classes = CLASS.findall(self.tc("-s", "class", "show", "dev", "va"))
        self.assertEqual(len(classes), 2)
        for name, *numbers in classes:
            labels = {"device": "va", "kind": "htb", "class": name}
            for family, value in zip(("bytes", "packets", "drops"), numbers):
                self.assertEqual(page.value(f"netstack_qdisc_class_{family}_total", **labels),
                                 int(value), (name, family))
            self.assertEqual(page.value("netstack_qdisc_class_ceiling_bytes_per_second", **labels),
                             1_000_000_000)

    def test_a_filter_on_the_way_out(self):
        self.tc("qdisc", "add", "dev", "va", "clsact")
        self.tc("filter", "add", "dev", "va", "egress", "bpf", "da", "bytecode", DROP)
        before, page = self.provoke()
        self.assertEqual(self.count("a", "UdpSndbufErrors"), COUNT)
        self.assert_drops(before, page, policy={"transmit/egress/filter": COUNT})
        self.assert_blind(page, "transmit", "egress")

    def test_filters_of_both_directions_share_a_counter(self):
        self.tc("qdisc", "add", "dev", "va", "clsact")
        for direction in ("ingress", "egress"):
            self.tc("filter", "add", "dev", "va", direction, "bpf", "da", "bytecode", DROP)
        before, page = self.provoke()
        self.assert_drops(before, page,
                          policy={"transmit/egress/filter_either_direction": COUNT})

    def test_a_tunnel_device_whose_reader_is_too_slow(self):
        try:
            with self.hosts.inside("a"):
                tun = self.enterContext(Tun("tun0"))
        except OSError as error:
            self.skipTest(f"/dev/net/tun: {error}")
        name = self.hosts.names["a"]
        two_namespaces.ip("-n", name, "link", "set", "tun0", "up", "txqueuelen", "50")
        two_namespaces.ip("-n", name, "route", "add", "10.80.0.0/24", "dev", "tun0", "src", A)
        exporter = self.watch("a")
        before = self.scrape(exporter)
        self.assertEqual(self.flood("10.80.0.1"), COUNT)
        page = self.scrape(exporter)
        kept = tun.read_all()
        self.assertGreater(kept, 0)
        self.assert_drops(before, page, loss={"transmit/queue/device_dropped": COUNT - kept})


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "tc"])
