"""A TCP end that keeps no rule but those it is told to keep, with an address that nobody has.

It sends from the wire of namespace a, past a's own TCP, and sees the answers there.
"""

import socket
import struct

from syn import checksum
from two_namespaces import ELSEWHERE
import frames

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ADDRESS = f"{ELSEWHERE}.1"
NOTHING = b"\x01\x01"  # Two NOPs fill a timestamp option up to twelve bytes.


def timestamp(value, echo=0):
    return NOTHING + struct.pack("!BBII", 8, 10, value, echo)


class RawPeer:
    """A context manager: connect(), then send() what and as often as wanted."""

    def __init__(self, hosts, target, port, own_port=40000, options=b""):
        self.target, self.port, self.own_port = target, port, own_port
        self.options = options  # Of every segment, a multiple of four bytes.
        self.sequence = 1000
        self.acknowledged = 0
        hosts.set("a", "net/ipv4/ip_forward", "0")  # Answers end there.
        with hosts.inside("a"):
            self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.wire.bind(("va", 0x0800))
        self.wire.settimeout(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wire.close()

    def connect(self):
        """The handshake; returns when the third packet is sent."""
        self.send(flags=SYN)
        self.sequence += 1
        header = self.await_answer()
        self.acknowledged = struct.unpack("!I", header[4:8])[0] + 1
        self.send()
        return self

    def await_answer(self):
        """The TCP header of the next segment that comes here, and what follows it."""
        while True:
            packet = self.wire.recv(2000)[14:]
            header = packet[(packet[0] & 15) * 4:]
            ports = struct.unpack("!HH", header[:4])
            if packet[9] == socket.IPPROTO_TCP and ports == (self.port, self.own_port):
                return header

    def send(self, data=b"", ahead=0, flags=ACK, options=None, ttl=64, words=None):
        """One segment, `ahead` bytes after the sequence number that is next. `words` is what the
        header tells of its own length, if not the truth."""
        options = self.options if options is None else options
        sequence = self.sequence + ahead
        addresses = socket.inet_aton(ADDRESS) + socket.inet_aton(self.target)
        length = (words or 5 + len(options) // 4) << 4

        def tcp(check):
            return struct.pack("!HHIIBBHHH", self.own_port, self.port, sequence, self.acknowledged,
                               length, flags, 65535, check, 0) + options + data

        segment = tcp(0)
        pseudo = addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(segment)) + segment
        segment = tcp(checksum(pseudo + b"\0" * (len(pseudo) % 2)))
        self.wire.send(frames.TO_B + frames.packet(ADDRESS, self.target, segment,
                                                   socket.IPPROTO_TCP, ttl))
