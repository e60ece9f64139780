"""What the dashboards are asked about: load between two network namespaces, and a way to scrape there."""

import http.server
import socket
import struct
import threading
import time

from two_namespaces import B
from filled_queues import SIOCINQ, in_queue
from exporter_process import request

PORT = 9000
BACKLOG = 2
SENT = 100_000
TCPI_UNACKED = 24  # Of a listener's struct tcp_info: how many wait to be accepted.


class Relay(http.server.ThreadingHTTPServer):
    """A scrape of the exporter in the namespace, whose socket Prometheus cannot name."""

    def __init__(self, exporter):
        super().__init__(("127.0.0.1", 0), RelayHandler)
        self.exporter = exporter
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class RelayHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        reply = request(self.server.exporter.address, "/metrics")
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.headers["Content-Type"])
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


class Load:
    """Connections, datagrams and losses between the namespaces, a few a second, until told."""

    def __init__(self, hosts):
        self.hosts = hosts
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)
        # The most that was seen: connections that wait, and how long; bytes that are not read.
        self.waiting = self.unread_bytes = self.seconds = 0
        with hosts.inside("b"):
            self.listener = socket.create_server((B, PORT), backlog=BACKLOG)
            self.unread = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listener.settimeout(5)
        self.unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.unread.bind((B, PORT))
        with hosts.inside("a"):
            self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def run(self):
        while not self.stop.wait(0.2):
            start = time.monotonic()
            with self.hosts.inside("a"):
                clients = [socket.create_connection((B, PORT), 5) for _ in range(BACKLOG + 1)]
            info = self.listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            self.waiting = max(self.waiting, struct.unpack_from("I", info, TCPI_UNACKED)[0])
            served = [self.listener.accept()[0] for _ in clients]
            self.seconds = max(self.seconds, time.monotonic() - start)
            clients[0].sendall(bytes(SENT))
            self.unread_bytes = max(self.unread_bytes, in_queue(served[0], SIOCINQ))
            served[0].recv(SENT // 2)
            for made in clients + served:
                made.close()
            for _ in range(20):
                self.sender.sendto(bytes(1000), (B, PORT))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        for made in (self.listener, self.unread, self.sender):
            made.close()
