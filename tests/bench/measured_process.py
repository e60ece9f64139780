"""An exporter that runs for a measurement, and what the kernel says of it."""

import contextlib
import dataclasses
import glob
import gzip
import http.client
import os
import subprocess
import time

START_SECONDS = 20
SCRAPE_SECONDS = 10

# What Prometheus 2.42 sends.
HEADERS = {
    "User-Agent": "Prometheus/2.42.0",
    "Accept": "application/openmetrics-text;version=1.0.0,"
              "application/openmetrics-text;version=0.0.1;q=0.75,"
              "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "Accept-Encoding": "gzip",
    "X-Prometheus-Scrape-Timeout-Seconds": str(SCRAPE_SECONDS),
}


class Failed(Exception):
    """The measurement could not be made."""


@dataclasses.dataclass
class Page:
    text: bytes
    series: int
    wire_bytes: int


def listening_port(pid):
    """The port of the process's listening TCP socket, or None."""
    inodes = set()
    for link in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[len("socket:["):-1])
    for table in ("tcp", "tcp6"):
        with open(f"/proc/net/{table}", encoding="ascii") as lines:
            for line in lines:
                fields = line.split()
                if fields[3] == "0A" and fields[9] in inodes:
                    return int(fields[1].rsplit(":", 1)[1], 16)
    return None


class Exporter:
    """Runs `command`, which listens on a port of 127.0.0.1, until the end of the with block."""

    def __init__(self, name, command):
        self.name = name
        self._command = command
        self._process = None
        self._connection = None

    def __enter__(self):
        try:
            self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        except OSError as error:
            raise Failed(f"{self._command[0]}: {error.strerror}") from error
        port = None
        deadline = time.monotonic() + START_SECONDS
        while port is None:
            if self._process.poll() is not None:
                raise Failed(f"{self.name} ended with {self._process.returncode}")
            if time.monotonic() > deadline:
                self.__exit__()
                raise Failed(f"{self.name} does not listen after {START_SECONDS} s")
            time.sleep(0.02)
            port = listening_port(self._process.pid)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SCRAPE_SECONDS)
        return self

    def __exit__(self, *_):
        if self._connection is not None:
            self._connection.close()
        self._process.terminate()
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @contextlib.contextmanager
    def again(self):
        """The same process over a connection of its own."""
        other = Exporter(self.name, self._command)
        other._process = self._process
        other._connection = http.client.HTTPConnection(
            "127.0.0.1", self._connection.port, timeout=SCRAPE_SECONDS)
        try:
            yield other
        finally:
            other._connection.close()

    def scrape(self, path="/metrics"):
        """One scrape; on the connection of the last one if the exporter kept it, as Prometheus."""
        try:
            self._connection.request("GET", path, headers=HEADERS)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{self.name}: {error!r}") from error
        if response.status != 200:
            raise Failed(f"{self.name} answers {response.status}")
        plain = gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body
        series = sum(1 for line in plain.split(b"\n") if line and not line.startswith(b"#"))
        return Page(plain, series, len(body))

    @property
    def pid(self):
        return self._process.pid

    def cpu_ns(self):
        """CPU time of all threads so far, of those that have ended too."""
        # What clock_getcpuclockid(3) gives.
        return time.clock_gettime_ns((~self._process.pid << 3) | 2)

    def memory_mb(self):
        """Resident memory in MB (10^6 bytes)."""
        wanted = {"VmRSS": "rss_mb", "RssAnon": "rss_anon_mb", "RssFile": "rss_file_mb"}
        found = {}
        with open(f"/proc/{self._process.pid}/status", encoding="ascii") as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key in wanted:
                    found[wanted[key]] = int(value.split()[0]) * 1024 / 1e6
        return found
