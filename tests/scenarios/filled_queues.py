"""An exporter that looks at socket queues, and connections that fill them."""

import fcntl
import socket
import struct
import time
import unittest

from two_namespaces import B, TwoNamespaces, ip, scrape
from exporter_process import await_true

SIOCINQ = 0x541B
SIOCOUTQ = 0x5411
UNREAD = "netstack_socket_unread_peak_bytes"
SEND_QUEUE = "netstack_socket_send_queue_peak_bytes"


def in_queue(made, request):
    """Bytes in a socket's receive queue (SIOCINQ) or send queue (SIOCOUTQ)."""
    return struct.unpack("i", fcntl.ioctl(made, request, bytes(4)))[0]


def send_until_full(made):
    """Writes until the kernel takes no more: how much it took."""
    made.setblocking(False)
    sent = 0
    while True:
        try:
            sent += made.send(bytes(65536))
        except BlockingIOError:
            return sent


def fill(made, send=send_until_full):
    """Sends until the receiver's queue and the sender's are full: what stays in the sender's."""
    def attempt():
        sent = send(made)
        depth = at_rest(made, SIOCOUTQ)
        return depth if not sent else None
    return await_true(attempt, "full queues")


def at_rest(made, request):
    """The depth of a queue once it is the same twice."""
    def attempt():
        depth = in_queue(made, request)
        time.sleep(0.2)
        return depth if depth == in_queue(made, request) else None
    return await_true(attempt, "a queue at rest")


class QueuePeaksCase(unittest.TestCase):
    def setUp(self):
        self.hosts = self.enterContext(TwoNamespaces())
        self.exporter = self.enterContext(
            self.hosts.exporter("b", "--collector.queue_peaks.tier=extended", "--collector.bpf"))
        page = scrape(self.exporter)
        if not page.find("netstack_bpf_program_state", program="tcp_probe", state="ok"):
            self.skipTest(f"no program: {page.series.get('netstack_bpf_program_state')}")

    def listener(self, side, address, family=socket.AF_INET, backlog=50):
        with self.hosts.inside(side):
            made = socket.socket(family)
        self.addCleanup(made.close)
        made.bind((address, 0))
        made.listen(backlog)
        return made, made.getsockname()[1]

    def connect(self, side, address, family=socket.AF_INET):
        with self.hosts.inside(side):
            made = socket.socket(family)
        self.addCleanup(made.close)
        made.connect(address)
        return made

    def pair(self, server, client, address, family=socket.AF_INET):
        """A connection: the server's socket, the client's, and the server's port."""
        listening, port = self.listener(server, address, family)
        scrape(self.exporter)  # From here on the port has a group.
        connecting = self.connect(client, (address, port), family)
        accepted, _ = listening.accept()
        self.addCleanup(accepted.close)
        return accepted, connecting, port

    def peak(self, family, group):
        return scrape(self.exporter).value(family, socket_group=group)

    def pair6(self):
        """A connection over the loopback of b."""
        for side in "ab":
            self.hosts.set(side, "net/ipv6/conf/lo/disable_ipv6", "0")
        ip("-n", self.hosts.names["b"], "address", "replace", "::1/128", "dev", "lo")
        return self.pair("b", "b", "::1", socket.AF_INET6)

    def sender(self, family=socket.AF_INET):
        """A connection from b that nobody reads, in a group of its own."""
        accepted, connecting, port = (self.pair6() if family == socket.AF_INET6 else
                                      self.pair("b", "a", B))
        return accepted, connecting, f"in:{port}"

    def has_program(self, program, hook):
        return bool(scrape(self.exporter).find("netstack_bpf_program_state", program=program,
                                               hook=hook))
