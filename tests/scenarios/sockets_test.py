"""The sockets with the most queued bytes, by HTTP: what is told, and to whom."""

import json
import unittest

import two_namespaces
from two_namespaces import A, B, TwoNamespaces
import runner
from exporter_process import await_true, request

PORT = 9000
PATH = "/api/v1/sockets"
WALK_NOW = "--collector.sockets.min-interval=0s"


class SocketsTest(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())

    def report(self, exporter, **how):
        reply = request(exporter.address, PATH, **how)
        self.assertEqual((reply.status, reply.headers["Content-Type"]), (200, "application/json"))
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        return json.loads(reply.text)["data"]

    def test_an_unread_byte_is_told_with_both_addresses(self):
        exporter = self.enterContext(self.hosts.exporter("b", WALK_NOW))
        sender, _receiver = self.enterContext(self.hosts.connection(PORT))
        sender.sendall(b"hello")

        def unread():
            return self.report(exporter)["receive"]
        offender, = await_true(unread, "5 bytes to arrive")
        local, remote = (B, PORT), sender.getsockname()
        self.assertEqual(remote[0], A)
        self.assertGreater(offender.pop("memory_bytes"), 5)
        self.assertGreater(offender.pop("memory_limit_bytes"), 5)
        self.assertGreater(offender.pop("rtt_seconds"), 0)
        self.assertEqual(offender, {"ip_version": 4, "state": "established",
                                    "local_address": local[0], "local_port": local[1],
                                    "remote_address": remote[0], "remote_port": remote[1],
                                    "queued_bytes": 5})
        data = self.report(exporter)
        self.assertEqual(data["transmit"], [])
        self.assertEqual(data["walk"]["sockets"], 2)  # The listener is one.
        self.assertFalse(data["walk"]["truncated"])
        self.assertLess(data["walk"]["age_seconds"], 60)

    def test_strangers_are_refused_unless_the_flag_says_otherwise(self):
        for flags, status in (((), 403), (("--web.show-sockets",), 200)):
            with self.subTest(flags=flags), \
                    self.hosts.exporter("b", *flags, listen=f"{B}:0") as exporter, \
                    self.hosts.inside("a"):
                reply = request(exporter.address, PATH)
                self.assertEqual(reply.status, status)
                self.assertEqual("--web.show-sockets" in reply.text, status == 403)
                self.assertNotIn(B, reply.text if status == 403 else "")

    def test_a_proxy_on_the_same_host_is_a_stranger(self):
        exporter = self.enterContext(self.hosts.exporter("b"))
        self.assertEqual(request(exporter.address, PATH,
                                 headers={"X-Forwarded-For": "192.0.2.1"}).status, 403)
        self.assertEqual(request(exporter.address, PATH).status, 200)

    def test_without_the_collector_there_is_nothing_to_tell(self):
        exporter = self.enterContext(self.hosts.exporter("b", "--no-collector.sockets"))
        self.assertEqual(request(exporter.address, PATH).status, 404)


if __name__ == "__main__":
    two_namespaces.skip_unless_possible()
    runner.main(tools=["ip"])
