"""An exporter that is told why the kernel dropped a packet, and ways to have it drop some."""

import shutil
import socket
import subprocess
import unittest
from tempfile import TemporaryDirectory

from two_namespaces import B, TwoNamespaces, scrape
from exporter_process import Exporter

COUNT = 10
PORT = 9000
RECEIVED = "netstack_skb_received_drops_total"
ALL = "netstack_skb_drops_total"


class DropReasonsCase(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(self.hosts.exporter("b", "--collector.bpf"))
        self.before = scrape(self.exporter)
        if not self.before.find(RECEIVED, reason="UNHANDLED_PROTO"):
            self.skipTest("the kernel gives no reasons, or takes no program")

    def flood(self, side, target, count):
        with self.hosts.inside(side), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(count):
                try:
                    sender.sendto(bytes(100), (target, PORT))
                except PermissionError:  # What a rule on the way out says.
                    pass

    def another(self, *flags):
        """A second exporter in the same namespace."""
        return Exporter(*flags, listen=(f"unix:{self.enterContext(TemporaryDirectory())}/socket",),
                        prefix=("ip", "netns", "exec", self.hosts.names["b"]))

    def drop_by_rule(self, chain):
        with self.hosts.inside("b"):
            if shutil.which("iptables") is None:
                self.skipTest("no rules here: iptables is not installed")
            made = subprocess.run(["iptables", "-A", chain, "-p", "udp", "-j", "DROP"],
                                  capture_output=True, check=False)
        if made.returncode != 0:
            self.skipTest(f"no rules here: {made.stderr.decode().strip()}")

    def receiver(self, size=4096):
        """A socket of b that nobody reads."""
        with self.hosts.inside("b"):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(made.close)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        made.bind((B, PORT))
        return made
