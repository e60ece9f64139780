"""Frames that are refused between the wire and IP: policy, or in no counter of the ledger at all."""

import two_namespaces
from two_namespaces import A, B
import frames
import runner
import xdp
from exporter_process import await_true
from scenario import Scenario

COUNT = 10
SOMEBODY = bytes.fromhex("020000007799")
LLDP = bytes.fromhex("0180c200000e") + frames.A_MAC + b"\x88\xcc"
PACKET = frames.packet(A, B, frames.udp(9000, bytes(40)))
DROP = "1,6 0 0 2"  # Classic BPF: return TC_ACT_SHOT.


class IngressTest(Scenario):
    def setUp(self):
        super().setUp()
        self.exporter = self.watch("b", "--devices.container-ports")

    def provoke(self, family, head=frames.TO_B, **labels):
        """Sends the packet COUNT times, until that family tells of it: the pages before, after."""
        before = self.scrape(self.exporter)
        with self.hosts.inside("a"):
            frames.send("va", [PACKET] * COUNT, head)

        def arrived():
            after = self.scrape(self.exporter)
            rise = after.value(family, **labels) - (before.value(family, **labels) or 0)
            self.assertLessEqual(rise, COUNT)
            return after if rise == COUNT else None
        return before, await_true(arrived, f"{COUNT} of {family}")

    def test_a_frame_for_another_machine(self):
        head = SOMEBODY + frames.TO_B[6:]
        pages = self.provoke("netstack_path_drops_total", head, device="vb", cause="other_host")
        self.assert_drops(*pages, policy={"receive/ingress/other_host": COUNT})

    def test_a_protocol_that_nobody_handles_is_out_of_sight(self):
        pages = self.provoke("netstack_link_receive_dropped_total", LLDP, device="vb")
        self.assert_drops(*pages)
        self.assert_blind(pages[1], "receive", "ingress")

    def tc(self, *arguments):
        return self.hosts.tool("b", "tc", *arguments)

    def test_a_filter_of_an_ingress_qdisc(self):
        self.tc("qdisc", "add", "dev", "vb", "ingress")
        self.tc("filter", "add", "dev", "vb", "ingress", "bpf", "da", "bytecode", DROP)
        pages = self.provoke("netstack_qdisc_ingress_drops_total", device="vb")
        self.assert_drops(*pages, policy={"receive/ingress/filter": COUNT})

    def test_a_filter_of_clsact_on_the_way_in(self):
        self.tc("qdisc", "add", "dev", "vb", "clsact")
        self.tc("filter", "add", "dev", "vb", "ingress", "bpf", "da", "bytecode", DROP)
        pages = self.provoke("netstack_qdisc_clsact_drops_total", device="vb",
                             direction="receive")
        self.assert_drops(*pages, policy={"receive/ingress/filter": COUNT})
        self.assert_blind(pages[1], "transmit", "egress")

    def drop_all(self, mode):
        try:
            with self.hosts.inside("b"):
                self.enterContext(xdp.Verdict("vb", mode))
        except OSError as error:
            self.skipTest(str(error))

    def test_generic_xdp_is_out_of_sight(self):
        self.drop_all(xdp.GENERIC)
        pages = self.provoke("netstack_link_receive_packets_total", device="vb")
        self.assertEqual(self.count("b", "IpInReceives"), 0)
        self.assert_drops(*pages)
        self.assert_blind(pages[1], "receive", "xdp")

    def test_native_xdp_is_out_of_sight(self):
        self.drop_all(xdp.NATIVE)
        before = self.scrape(self.exporter)
        with self.hosts.inside("a"):
            frames.send("va", [PACKET] * COUNT)
        after = self.scrape(self.exporter)
        self.assertEqual(self.count("b", "IpInReceives"), 0)
        self.assert_drops(before, after)
        self.assert_blind(after, "receive", "xdp")


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
