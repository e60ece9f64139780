"""Two hosts made of network namespaces, a and b, joined by a veth pair.

Addresses are 10.77.0.1 (a) and 10.77.0.2 (b). Neighbours are static and IPv6 is off, so that no
packet is on the wire that the scenario did not send.
"""

import contextlib
import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
# pylint: disable=wrong-import-position
import runner
from exporter_process import Exporter, await_true, request
from page import Page

A = "10.77.0.1"
B = "10.77.0.2"
ELSEWHERE = "10.78.0"  # b's way there is by a, who has no such address and does not answer.
SETTINGS = {"net/ipv6/conf/all/disable_ipv6": "1", "net/ipv6/conf/default/disable_ipv6": "1"}
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*arguments):
    """What ip prints."""
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True,
                          timeout=60).stdout


def tool(*command):
    """What a program prints that this machine or its kernel may lack: then the test is skipped."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        raise unittest.SkipTest(f"{command[0]} is not installed") from None
    if done.returncode != 0:
        raise unittest.SkipTest(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def setns(fd):
    if LIBC.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def can_be_made():
    name = f"netstack_try_{os.getpid()}"
    try:
        ip("netns", "add", name)
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False
    ip("netns", "del", name)
    return True


class TwoNamespaces:
    """A context manager that leaves no namespace behind."""

    def __init__(self):
        self.names = {side: f"netstack_{side}_{os.getpid()}" for side in "ab"}
        self._cleanup = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._directory = stack.enter_context(tempfile.TemporaryDirectory())
            for name in self.names.values():
                ip("netns", "add", name)
                stack.callback(ip, "netns", "del", name)
            self._join()
            self._cleanup = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._cleanup.close()

    def _join(self):
        a, b = self.names["a"], self.names["b"]
        for side in "ab":
            for setting, value in SETTINGS.items():
                self.set(side, setting, value)
        ip("-n", a, "link", "add", "va", "type", "veth", "peer", "name", "vb", "netns", b)
        for side, address, mac in (("a", A, "02:00:00:00:77:01"), ("b", B, "02:00:00:00:77:02")):
            name, device = self.names[side], f"v{side}"
            ip("-n", name, "link", "set", device, "address", mac)
            ip("-n", name, "address", "add", f"{address}/24", "dev", device)
            ip("-n", name, "link", "set", "lo", "up")
            ip("-n", name, "link", "set", device, "up")
        for side in "ab":
            await_true(lambda side=side: self._carries(side), f"v{side} to carry packets")
        ip("-n", a, "neigh", "replace", B, "lladdr", "02:00:00:00:77:02", "dev", "va")
        ip("-n", b, "neigh", "replace", A, "lladdr", "02:00:00:00:77:01", "dev", "vb")
        ip("-n", b, "route", "add", f"{ELSEWHERE}.0/24", "via", A)

    def _carries(self, side):
        # A device is up some time before packets pass: until then its qdisc is noop.
        link = json.loads(ip("-n", self.names[side], "-j", "link", "show", "dev", f"v{side}"))[0]
        return link["operstate"] == "UP" and link["qdisc"] != "noop"

    @contextlib.contextmanager
    def inside(self, side):
        """Sockets and processes made within belong to that side, and stay there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.names[side]}", os.O_RDONLY)
        try:
            setns(there)
            yield
        finally:
            setns(home)
            os.close(there)
            os.close(home)

    @contextlib.contextmanager
    def connection(self, port):
        """A TCP connection from a to b: the sender's socket in a, the receiver's in b."""
        with contextlib.ExitStack() as stack:
            with self.inside("b"):
                listener = stack.enter_context(socket.create_server((B, port), backlog=1))
            with self.inside("a"):
                sender = stack.enter_context(socket.create_connection((B, port)))
            yield sender, stack.enter_context(listener.accept()[0])

    def set(self, side, setting, value):
        """Writes a setting of the namespace, as net/ipv4/tcp_syncookies."""
        with self.inside(side), open(f"/proc/sys/{setting}", "w", encoding="utf-8") as file:
            file.write(value)

    def counters(self, side):
        """The kernel's own protocol counters, as TcpExtListenDrops."""
        found = {}
        with self.inside(side):
            for name in ("snmp", "netstat"):
                with open(f"/proc/thread-self/net/{name}", encoding="utf-8") as file:
                    lines = [line.split() for line in file]
                for names, values in zip(lines[::2], lines[1::2]):
                    for field, value in zip(names[1:], values[1:]):
                        found[names[0].rstrip(":") + field] = int(value)
        return found

    def counters6(self, side):
        """Those of IPv6, as Ip6InTooBigErrors."""
        with self.inside(side), open("/proc/thread-self/net/snmp6", encoding="utf-8") as file:
            return {name: int(value) for name, value in map(str.split, file)}

    def tool(self, side, *command):
        """tool(), on that side."""
        return tool("ip", "netns", "exec", self.names[side], *command)

    def exporter(self, side, *flags, listen=None, prefix=()):
        listen = listen or f"unix:{self._directory}/{side}"
        return Exporter(*flags, listen=(listen,),
                        prefix=("ip", "netns", "exec", self.names[side], *prefix))


def scrape(exporter):
    return Page(request(exporter.address).text)


def skip_unless_possible():
    if os.geteuid() != 0:
        runner.skip("needs root")
    if not can_be_made():
        runner.skip("network namespaces cannot be made here")
