"""Ethernet frames with IPv4 packets, right ones and damaged ones."""

import socket
import struct

from syn import checksum

TO_B = bytes.fromhex("020000007702") + bytes.fromhex("020000007701") + b"\x08\x00"
UNASSIGNED = 253  # For experiments (RFC 3692): no kernel handles it.


def ipv4(source, target, protocol=socket.IPPROTO_UDP, version=4, spoil=0, missing=0):
    """A packet with 40 bytes of payload. `spoil` is added to its checksum, `missing` bytes of what
    its header tells are not there."""
    def header(check):
        return struct.pack("!BBHHHBBH", version << 4 | 5, 0, 60, 1, 0, 64, protocol,
                           check) + socket.inet_aton(source) + socket.inet_aton(target)

    return (header((checksum(header(0)) + spoil) & 0xFFFF) + bytes(40))[:60 - missing]


def send(device, packets):
    """Puts packets on the wire from the namespace of the caller, past its own IP."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((device, 0))
        for packet in packets:
            wire.send(TO_B + packet)
