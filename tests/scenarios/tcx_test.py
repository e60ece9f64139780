"""What filters of tc and tcx programs drop has one reason, and is told apart and counted once."""

import json
import socket
import unittest
from tempfile import TemporaryDirectory

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, scrape
import frames
import ledger
import runner
import tcx
from exporter_process import await_true

PACKET = frames.packet(A, B, frames.udp(9000, bytes(40)))
DROP = "1,6 0 0 2"  # Classic BPF: return TC_ACT_SHOT.
BLIND = "netstack_path_blind"
LEDGER = "netstack_path_drops_total"
BY_DEVICE = "netstack_skb_device_drops_total"
IN, OUT = "receive/ingress/", "transmit/egress/"


class TcxTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        # Nothing is to ask for addresses in between.
        two_namespaces.ip("-n", self.hosts.names["b"], "neigh", "replace", A, "lladdr",
                          "02:00:00:00:77:01", "dev", "vb")
        self.exporter = self.enterContext(self.hosts.exporter("b", "--devices.container-ports"))
        self.begin()

    def begin(self):
        self.before = scrape(self.exporter)
        if not self.before.find(LEDGER, cause="tcx_program"):
            self.skipTest("the kernel gives no reasons, or takes no program")

    def attach(self, direction):
        try:
            with self.hosts.inside("b"):
                return self.enterContext(tcx.dropping("vb", direction))
        except OSError as error:
            self.skipTest(str(error))

    def tc(self, *arguments):
        return self.hosts.tool("b", "tc", *arguments)

    def filter(self, *directions):
        for direction in directions:
            self.tc("filter", "add", "dev", "vb", direction, "bpf", "da", "bytecode", DROP)

    def receive(self, count):
        with self.hosts.inside("a"):
            frames.send("va", [PACKET] * count)

    def send(self, count):
        # By UDP: a raw socket is told of the drop.
        with self.hosts.inside("b"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(count):
                sender.sendto(bytes(40), (A, 9000))

    def rises(self, page):
        return ledger.rises(self.before, page, LEDGER)

    def await_rises(self, **counts):
        """The page on which these causes rose by that much; no other may, nor any by more."""
        wanted = {(IN if key.startswith("in_") else OUT) + key.partition("_")[2]: value
                  for key, value in counts.items()}

        def risen():
            page = scrape(self.exporter)
            for cause, rise in self.rises(page).items():
                self.assertLessEqual(rise, wanted.get(cause, 0), cause)
            return page if self.rises(page) == wanted else None
        return await_true(risen, str(wanted))

    def by_reason(self, page, reason):
        return page.value(BY_DEVICE, device="vb", reason=reason)

    def kernel_drops(self):
        """What tc says of the qdisc of the filters, and ip of the device: rx, tx."""
        shown = json.loads(self.tc("-s", "-j", "qdisc", "show", "dev", "vb"))
        link = json.loads(self.hosts.tool("b", "ip", "-s", "-j", "link", "show", "dev", "vb"))
        stats = link[0]["stats64"]
        return (sum(qdisc.get("drops", 0) for qdisc in shown),
                stats["rx"]["dropped"], stats["tx"]["dropped"])

    def test_programs_both_ways(self):
        self.attach(tcx.INGRESS)
        self.attach(tcx.EGRESS)
        self.receive(7)
        self.send(9)
        page = self.await_rises(in_tcx_program=7, out_tcx_program=9)
        self.assertEqual(self.by_reason(page, "TC_INGRESS"), 7)
        self.assertEqual(self.by_reason(page, "TC_EGRESS"), 9)
        self.assertEqual(self.kernel_drops(), (0, 0, 0))
        self.assertEqual(page.find(BLIND, stage="egress"), [])

    def test_a_program_in_and_a_filter_out(self):
        self.tc("qdisc", "add", "dev", "vb", "clsact")
        self.filter("egress")
        self.begin()
        self.attach(tcx.INGRESS)
        self.receive(7)
        self.send(9)
        page = self.await_rises(in_tcx_program=7, out_filter=9)
        self.assertEqual(self.by_reason(page, "TC_EGRESS"), 9)
        self.assertEqual(self.kernel_drops(), (9, 0, 0))

    def test_a_program_and_a_filter_one_after_the_other(self):
        self.tc("qdisc", "add", "dev", "vb", "ingress")
        self.filter("ingress")
        self.begin()
        self.receive(5)
        self.await_rises(in_filter=5)
        self.attach(tcx.INGRESS)
        self.receive(7)
        page = self.await_rises(in_filter=5, in_tcx_program=7)
        self.assertEqual(self.by_reason(page, "TC_INGRESS"), 12)
        self.assertEqual(self.kernel_drops(), (5, 0, 0))

    def test_a_program_and_a_filter_between_two_scrapes(self):
        self.tc("qdisc", "add", "dev", "vb", "clsact")
        self.filter("egress")
        self.begin()
        self.send(5)
        self.attach(tcx.EGRESS)
        self.send(9)
        self.await_rises(out_filter=5, out_tcx_program=9)

    def test_filters_both_ways_hide_the_direction_of_programs(self):
        self.tc("qdisc", "add", "dev", "vb", "clsact")
        self.filter("ingress", "egress")
        self.send(3)  # Each cause is there from the first drop on that has no direction.
        await_true(lambda: scrape(self.exporter).find(LEDGER, cause="tcx_program_either_direction"),
                   "the device to have filters both ways")
        self.begin()
        self.attach(tcx.EGRESS)
        self.receive(7)
        self.send(9)
        page = self.await_rises(out_filter_either_direction=7, out_tcx_program_either_direction=9)
        self.assertEqual(page.find(LEDGER, cause="tcx_program", device="vb"), [])
        self.assertEqual(self.kernel_drops(), (10, 0, 0))

    def test_a_bridge(self):
        for command in (["add", "br0", "type", "bridge"], ["set", "br0", "up"],
                        ["set", "vb", "master", "br0"]):
            self.hosts.tool("b", "ip", "link", *command)
        self.hosts.tool("b", "ip", "link", "set", "br0", "address", "02:00:00:00:77:02")
        self.tc("qdisc", "add", "dev", "br0", "ingress")
        self.tc("filter", "add", "dev", "br0", "ingress", "bpf", "da", "bytecode", DROP)
        self.begin()
        self.receive(5)
        page = self.await_rises(in_filter=5)
        self.assertEqual(page.value(BY_DEVICE, device="br0", reason="TC_INGRESS"), 5)

    def test_a_container_port_among_the_others(self):
        address = f"unix:{self.enterContext(TemporaryDirectory())}/socket"
        self.exporter = self.enterContext(self.hosts.exporter("b", listen=address))
        self.tc("qdisc", "add", "dev", "vb", "clsact")
        self.filter("ingress")
        self.begin()
        self.receive(5)
        self.await_rises(in_filter=5)
        self.attach(tcx.INGRESS)
        self.attach(tcx.EGRESS)
        self.receive(7)
        self.send(9)
        page = self.await_rises(in_filter=5, in_tcx_program=7, out_tcx_program=9)
        self.assertEqual({labels["device"] for labels, value in page.find(LEDGER)
                          if labels["cause"] == "tcx_program" and value != 0}, {"other"})


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "tc"])
