"""What passes between two network namespaces for a measurement."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time

from two_namespaces import B
from exporter_process import await_true


class Traffic:
    """An iperf3 from a to b, before all else that this machine has to do; who else is at work on it
    costs both halves of a pair alike. Small writes are packets of their own. Each end has a CPU, or both
    have the same: then neither waits for the other to wake up, and a small window makes them take
    turns often."""

    def __init__(self, hosts, size, protocol="TCP", cpus=2):
        self.hosts = hosts
        with hosts.inside("b"), socket.create_server((B, 0)) as free:
            self.port = str(free.getsockname()[1])
        self.server = self._run("b", cpus - 1, "--server", "--one-off")
        self.client = None
        await_true(lambda: f":{self.port} " in hosts.tool("b", "ss", "-ltn"), "a server")
        flags = () if size >= 1000 else ("--no-delay",)
        if protocol == "UDP":
            flags = ("--udp", "--bitrate", "0")
        elif cpus == 1:
            flags += ("--window", "256K")
        self.client = self._run("a", 0, "--client", B, "--length", str(size), "--time", "3600",
                                *flags)
        with hosts.inside("b"):
            self.device = os.open("/proc/thread-self/net/dev", os.O_RDONLY)
        await_true(lambda: self.received() > 1 << 20, "traffic")

    def _run(self, side, cpu, *arguments):
        cpu = str(min(cpu, os.cpu_count() - 1))
        return subprocess.Popen(
            ["ip", "netns", "exec", self.hosts.names[side], "chrt", "--rr", "1", "taskset", "-c", cpu,
             "iperf3", *arguments, "--port", self.port], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.client, self.server):
            process.kill()
            process.wait()
        os.close(self.device)

    @contextlib.contextmanager
    def paused(self):
        """Leaves the CPUs to others."""
        self.client.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.client.send_signal(signal.SIGCONT)

    def received(self):
        """Bytes that came to b so far."""
        lines = os.pread(self.device, 4096, 0).decode().splitlines()
        return next(int(line.split()[1]) for line in lines if line.split()[0] == "vb:")

    def rate(self, seconds):
        """Bytes per second."""
        before, start = self.received(), time.monotonic()
        time.sleep(seconds)
        return (self.received() - before) / (time.monotonic() - start)


class Refused:
    """Datagrams from a to a port of b on which nobody listens: each is thrown away."""

    def __init__(self, hosts):
        with hosts.inside("a"):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with hosts.inside("b"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind((B, 0))
            self.to = (B, free.getsockname()[1])
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._send)

    def _send(self):
        while not self.end.is_set():
            self.socket.sendto(bytes(100), self.to)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()
        self.socket.close()

    @contextlib.contextmanager
    def paused(self):
        yield
