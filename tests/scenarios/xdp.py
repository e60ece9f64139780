"""An XDP program with one verdict for every frame, loaded by hand: no compiler, no library."""

import ctypes
import os
import socket
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
BPF = 321  # System call number of x86-64.
PROG_LOAD, LINK_CREATE = 5, 28
TYPE_TC, TYPE_XDP, ATTACH_XDP = 3, 6, 37
GENERIC = 2  # XDP_FLAGS_SKB_MODE
NATIVE = 4  # XDP_FLAGS_DRV_MODE
ABORTED, DROP, PASS, TX, REDIRECT = range(5)


def bpf(command, attributes):
    attributes = attributes.ljust(128, b"\0")
    fd = LIBC.syscall(BPF, command, ctypes.c_char_p(attributes), len(attributes))
    if fd < 0:
        raise OSError(ctypes.get_errno(), f"bpf({command})")
    return fd


def returning(verdict):
    """r0 = verdict; exit"""
    return struct.pack("=BBhiBBhi", 0xB7, 0, 0, verdict, 0x95, 0, 0, 0)


class Verdict:
    """A context manager; the program goes with it. For a device of the caller's namespace. Raises
    OSError where the kernel does not have it."""

    def __init__(self, device, mode, verdict=DROP, kind=TYPE_XDP, attach=ATTACH_XDP):
        code = returning(verdict)
        instructions = ctypes.create_string_buffer(code, len(code))
        licence = ctypes.create_string_buffer(b"GPL")
        self._program = bpf(PROG_LOAD, struct.pack("=IIQQ", kind, 2,
                                                   ctypes.addressof(instructions),
                                                   ctypes.addressof(licence)))
        try:
            self._link = bpf(LINK_CREATE, struct.pack("=IIII", self._program,
                                                      socket.if_nametoindex(device), attach,
                                                      mode))
        except OSError:
            os.close(self._program)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._link)
        os.close(self._program)
