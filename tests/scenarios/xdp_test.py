"""What XDP programs drop has its stage and is counted once, whoever else counts it."""

import json
import unittest
from tempfile import TemporaryDirectory

import two_namespaces
from two_namespaces import A, B, TwoNamespaces, scrape
import frames
import ledger
import runner
import xdp
from exporter_process import await_true

COUNT = 37
PACKET = frames.packet(A, B, frames.udp(9000, bytes(40)))
BLIND = "netstack_path_blind"
BY_DEVICE = "netstack_skb_device_drops_total"


class XdpTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(self.hosts.exporter("b", "--devices.container-ports"))
        self.before = scrape(self.exporter)
        if not self.before.find("netstack_path_drops_total", cause="generic_program"):
            self.skipTest("programs are not taken, or functions have no addresses here")

    def attach(self, mode, verdict=xdp.DROP):
        try:
            with self.hosts.inside("b"):
                self.enterContext(xdp.Verdict("vb", mode, verdict))
        except OSError as error:
            self.skipTest(str(error))

    def send(self, count=COUNT):
        with self.hosts.inside("a"):
            frames.send("va", [PACKET] * count)

    def await_rise(self, cause, count=COUNT):
        """The page that has it in the ledger."""
        def risen():
            page = scrape(self.exporter)
            rise = self.rises(page).get(cause, 0)
            self.assertLessEqual(rise, count)
            return page if rise == count else None
        return await_true(risen, f"{count} of {cause}")

    def rises(self, page):
        return ledger.rises(self.before, page, "netstack_path_drops_total")

    def of_driver(self, name):
        """What ethtool says of vb, of all its queues."""
        lines = self.hosts.tool("b", "ethtool", "-S", "vb").splitlines()
        return sum(int(line.split(":")[1]) for line in lines if f"{name}:" in line)

    def link(self, side="b"):
        """What ip says of packets that va or vb received."""
        shown = self.hosts.tool(side, "ip", "-s", "-j", "link", "show", "dev", f"v{side}")
        return json.loads(shown)[0]["stats64"]["rx"]

    def by_device(self, page, reason):
        return {labels["device"]: value for labels, value in page.find(BY_DEVICE, reason=reason)}

    def test_what_a_program_above_the_driver_drops(self):
        self.attach(xdp.GENERIC)
        self.send()
        page = self.await_rise("receive/xdp/generic_program")
        self.assertEqual(self.rises(page), {"receive/xdp/generic_program": COUNT})
        self.assertEqual(self.by_device(page, "generic_xdp"), {"vb": COUNT})
        self.assertEqual(self.hosts.counters("b")["IpInReceives"], 0)
        self.assertEqual(self.link()["dropped"], 0)
        self.assertEqual(self.of_driver("xdp_drops"), 0)
        self.assertEqual(page.find(BLIND, stage="xdp"), [])

    def test_what_the_program_of_a_veth_drops(self):
        self.attach(xdp.NATIVE)
        self.send()
        page = self.await_rise("receive/xdp/native_program")
        self.assertEqual(self.rises(page), {"receive/xdp/native_program": COUNT})
        self.assertEqual(self.by_device(page, "veth_xdp"), {"vb": COUNT})
        self.assertEqual(self.of_driver("xdp_drops"), COUNT)
        self.assertEqual(self.link()["dropped"], 0)
        self.assertEqual(page.find(BLIND, stage="xdp"), [])

    def test_a_program_that_fails(self):
        self.attach(xdp.GENERIC, xdp.ABORTED)
        self.send()
        page = self.await_rise("receive/xdp/generic_program")
        self.assertEqual(self.rises(page), {"receive/xdp/generic_program": COUNT})

    def test_what_a_program_redirects_to_nobody_is_lost(self):
        self.attach(xdp.GENERIC, xdp.REDIRECT)
        self.send()
        page = self.await_rise("receive/xdp/redirect_failed")
        self.assertEqual(self.rises(page), {"receive/xdp/redirect_failed": COUNT})
        self.assertEqual(ledger.losses(self.before, page), {"receive/xdp/redirect_failed": COUNT})

    def test_what_a_program_sends_back_is_no_drop(self):
        self.attach(xdp.GENERIC, xdp.TX)
        before = self.link("a")["packets"]
        self.send()
        await_true(lambda: self.link("a")["packets"] == before + COUNT, "packets sent back")
        self.assertEqual(self.rises(scrape(self.exporter)), {})

    def test_both_kinds_in_turn_on_one_device(self):
        with self.hosts.inside("b"), xdp.Verdict("vb", xdp.GENERIC):
            self.send()
            self.await_rise("receive/xdp/generic_program")
        self.attach(xdp.NATIVE)
        self.send(3)
        page = self.await_rise("receive/xdp/native_program", 3)
        self.assertEqual(self.rises(page), {"receive/xdp/generic_program": COUNT,
                                            "receive/xdp/native_program": 3})

    def test_a_veth_among_the_others(self):
        address = f"unix:{self.enterContext(TemporaryDirectory())}/socket"
        exporter = self.enterContext(self.hosts.exporter("b", listen=address))
        before = scrape(exporter)
        self.attach(xdp.NATIVE)
        self.send()
        wanted = {"path": "receive", "stage": "xdp", "cause": "native_program"}

        def risen():
            page = scrape(exporter)
            family = "netstack_path_drops_total"
            then = {labels["device"]: value for labels, value in before.find(family, **wanted)}
            return {labels["device"]: value - then[labels["device"]]
                    for labels, value in page.find(family, **wanted)} == {"other": COUNT}
        await_true(risen, "packets of other")


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip", "ethtool"])
