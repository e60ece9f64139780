"""A tun device: packets sent to it wait until its owner reads them."""

import fcntl
import os
import struct

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000


class Tun:
    """A context manager; the device belongs to the caller's namespace and goes with it."""

    def __init__(self, name):
        self._fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        try:
            fcntl.ioctl(self._fd, TUNSETIFF, struct.pack("16sH14x", name.encode(),
                                                         IFF_TUN | IFF_NO_PI))
        except OSError:
            os.close(self._fd)
            raise

    def read_all(self):
        """How many packets waited."""
        count = 0
        while True:
            try:
                os.read(self._fd, 2000)
            except BlockingIOError:
                return count
            count += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._fd)
