"""The page at / in a real browser: loads, shows a provoked loss at its stage, asks nobody else."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../scenarios"), os.path.join(HERE, "../e2e")]
# pylint: disable=wrong-import-position
import runner
import two_namespaces
from exporter_process import Exporter, await_true
from two_namespaces import B, TwoNamespaces

PORT = 9000
SENT = 1000
RECEIVE = ["wire", "ring", "irq", "napi", "xdp", "backlog", "ingress", "ip", "netfilter", "listen",
           "tcp", "datagram"]
TRANSMIT = ["socket", "tcp", "ip", "netfilter", "neighbour", "egress", "qdisc", "queue", "ring",
            "completion", "wire"]
MODULES = os.environ.get("NETSTACK_NODE_MODULES", os.path.join(HERE, "node_modules"))


class Browser:
    """A browser in the namespace of one side, that tells what it sees."""

    def __init__(self, namespace, url, pictures):
        # Node finds modules beside the script only.
        self._folder = tempfile.TemporaryDirectory(prefix="netstack_browser.")
        shutil.copy(os.path.join(HERE, "look.mjs"), self._folder.name)
        os.symlink(MODULES, os.path.join(self._folder.name, "node_modules"))
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, "node",
             os.path.join(self._folder.name, "look.mjs"), url, pictures],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seen(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the browser ended: {self.process.wait()}")
        said = json.loads(line)
        if "error" in said:
            raise AssertionError(f"the browser failed: {said}")
        return said

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._folder.cleanup()


class LivePageTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(Exporter(
            prefix=("ip", "netns", "exec", self.hosts.names["b"])))
        # Before the page's first walk over the sockets, which is shown for some time.
        self.reader = self.stall_a_reader()
        kept = os.environ.get("NETSTACK_PICTURES")
        self.pictures = kept or self.enterContext(tempfile.TemporaryDirectory())
        self.browser = self.enterContext(Browser(
            self.hosts.names["b"], f"http://{self.exporter.address}/", self.pictures))

    def lose_datagrams(self):
        """Fills a receive buffer that nobody reads; returns how many datagrams did not fit."""
        with self.hosts.inside("b"):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        receiver.bind((B, PORT))
        with self.hosts.inside("a"):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        for _ in range(SENT):
            sender.sendto(bytes(1000), (B, PORT))
        await_true(lambda: self.hosts.counters("b")["UdpRcvbufErrors"] > 0, "a loss")
        return self.hosts.counters("b")["UdpRcvbufErrors"]

    def stall_a_reader(self):
        """Leaves bytes unread in a connection; returns the reader's address."""
        with self.hosts.inside("b"):
            listener = socket.create_server(("127.0.0.1", 0))
            self.addCleanup(listener.close)
            writer = socket.create_connection(listener.getsockname())
        self.addCleanup(writer.close)
        reader, _ = listener.accept()
        self.addCleanup(reader.close)
        writer.sendall(bytes(20_000))
        return reader.getsockname()

    def test_a_loss_is_shown_at_its_stage_and_the_page_behaves(self):
        first = self.browser.seen()
        self.assertEqual(first["verdict"], "No loss now.")
        self.assertEqual((first["receive"], first["transmit"]), (RECEIVE, TRANSMIT))

        lost = self.lose_datagrams()
        self.browser.go_on()
        shown = self.browser.seen()
        self.assertTrue(shown["verdict"].startswith("Losing packets now: receive datagram "), shown)
        self.assertTrue(shown["lost"].endswith(f"{lost} in all"), shown)
        self.assertEqual(shown["losing"], ["receive-datagram"])
        self.assertEqual(shown["expanded"], "true")
        self.assertIn("loss: receive_buffer_full: ", shown["detail"])

        self.assertIn("receive datagram", shown["finding"])
        self.assertIn(f"{self.reader[0]}:{self.reader[1]}", shown["sockets"])

        overflow = self.browser.seen()["overflow"]
        self.assertEqual({name: by for name, by in overflow.items() if by > 0}, {})
        for name in overflow:
            self.assertGreater(os.path.getsize(f"{self.pictures}/{name}.png"), 10_000)

        end = self.browser.seen()
        self.assertEqual(end["console"], [])
        self.assertEqual({request.split("/")[0] for request in end["requests"]},
                         {self.exporter.address})
        self.assertEqual(end["while_paused"], 0)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    if not os.path.isdir(os.path.join(MODULES, "playwright-core")):
        runner.skip("playwright-core is not installed (npm)")
    runner.main(tools=("ip", "node", os.environ.get("NETSTACK_CHROMIUM", "chromium")))
