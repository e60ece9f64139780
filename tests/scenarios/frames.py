"""Ethernet frames with IPv4 packets, right ones and damaged ones."""

import socket
import struct

from syn import checksum

A_MAC = bytes.fromhex("020000007701")
B_MAC = bytes.fromhex("020000007702")
TO_B = B_MAC + A_MAC + b"\x08\x00"
TO_B6 = B_MAC + A_MAC + b"\x86\xdd"
DO_NOT_FRAGMENT, MORE_FRAGMENTS = 0x4000, 0x2000
UNASSIGNED = 253  # For experiments (RFC 3692): no kernel handles it.


def packet(source, target, payload, protocol=socket.IPPROTO_UDP, ttl=64, version=4, spoil=0,
           identity=1, fragment=0):
    """An IPv4 packet. `spoil` is added to its checksum; `fragment` is the field with the flags and
    the offset."""
    def header(check):
        return struct.pack("!BBHHHBBH", version << 4 | 5, 0, 20 + len(payload), identity, fragment,
                           ttl, protocol, check) + socket.inet_aton(source) + socket.inet_aton(target)

    return header((checksum(header(0)) + spoil) & 0xFFFF) + payload


def ipv4(source, target, protocol=socket.IPPROTO_UDP, version=4, spoil=0, missing=0):
    """A packet with 40 bytes of payload, of which the last `missing` are not there."""
    whole = packet(source, target, bytes(40), protocol, version=version, spoil=spoil)
    return whole[:len(whole) - missing]


def ipv6(source, target, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), socket.IPPROTO_UDP, 64) + b"".join(
        socket.inet_pton(socket.AF_INET6, address) for address in (source, target)) + payload


def udp(port, payload, check=0):
    """A UDP header before the payload; a checksum of 0 is none."""
    return struct.pack("!HHHH", 40000, port, 8 + len(payload), check) + payload


def send(device, packets, head=TO_B):
    """Puts packets on the wire from the namespace of the caller, past its own IP."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((device, 0))
        for one in packets:
            wire.send(head + one)
