"""Asks generic netlink families of the kernel, with nothing but a socket."""

import socket
import struct

NETLINK_GENERIC = 16
CONTROL, GET_FAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3


class Refused(OSError):
    """The kernel's answer is an error; errno says which."""


def attribute(kind, payload):
    return struct.pack("HH", 4 + len(payload), kind) + payload + b"\0" * (-len(payload) % 4)


def attributes(data):
    """Payloads by type; of one that comes twice the last."""
    found, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("HH", data, at)
        if size < 4:
            break
        found[kind & 0x3fff] = data[at + 4:at + size]
        at += (size + 3) & ~3
    return found


def numbers(data):
    return {kind: int.from_bytes(payload, "little") for kind, payload in attributes(data).items()}


class Family:
    def __init__(self, name):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.socket.bind((0, 0))
        request = attribute(FAMILY_NAME, name.encode() + b"\0")
        answer = self.ask(CONTROL, GET_FAMILY, request, ACK)
        self.number = int.from_bytes(attributes(answer[0])[FAMILY_ID], "little")

    def dump(self, command, request=b""):
        return [numbers(data) for data in self.ask(self.number, command, request, DUMP)]

    def ask(self, family, command, request, flags):
        body = struct.pack("=BBH", command, 1, 0) + request
        self.socket.send(struct.pack("=IHHII", 16 + len(body), family, REQUEST | flags, 1, 0) + body)
        found = []
        while True:
            data, at = self.socket.recv(1 << 16), 0
            while at < len(data):
                size, kind = struct.unpack_from("=IH", data, at)
                if kind == ERROR:
                    code = struct.unpack_from("=i", data, at + 16)[0]
                    if code:
                        raise Refused(-code, "netlink")
                if kind in (ERROR, DONE):
                    return found
                found.append(data[at + 20:at + size])
                at += (size + 3) & ~3
