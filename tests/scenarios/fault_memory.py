"""Memory whose first touch waits: who fills it, even the kernel, sleeps until it is told to go on."""

import ctypes
import fcntl
import mmap
import os
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
USERFAULTFD = 323  # System call number of x86-64.
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_ZEROPAGE = 0xC018AA3F, 0xC020AA00, 0xC020AA04
API, MODE_MISSING = 0xAA, 1


class FaultMemory:
    """A context manager; raises OSError where the kernel has no userfaultfd. Leaving it lets every
    sleeper go on."""

    def __enter__(self):
        self._fd = LIBC.syscall(USERFAULTFD, os.O_CLOEXEC)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "userfaultfd")
        self._released = False
        fcntl.ioctl(self._fd, UFFDIO_API, struct.pack("QQQ", API, 0, 0))
        self.memory = mmap.mmap(-1, mmap.PAGESIZE)
        self._view = (ctypes.c_char * mmap.PAGESIZE).from_buffer(self.memory)
        start = ctypes.addressof(self._view)
        self._range = struct.pack("QQ", start, mmap.PAGESIZE)
        fcntl.ioctl(self._fd, UFFDIO_REGISTER, self._range + struct.pack("QQ", MODE_MISSING, 0))
        return self

    def await_toucher(self):
        """Returns when somebody waits for the memory."""
        os.read(self._fd, 32)

    def release(self):
        if not self._released:
            fcntl.ioctl(self._fd, UFFDIO_ZEROPAGE, self._range + struct.pack("Qq", 0, 0))
        self._released = True

    def __exit__(self, *_):
        self.release()
        os.close(self._fd)
