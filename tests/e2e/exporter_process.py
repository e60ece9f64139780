"""The real program as a child process: started, asked over HTTP, stopped.

The program is named by the environment variable NETSTACK_EXPORTER. It listens on ports that the
kernel gives; its log says which.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 60  # Seconds for what takes none on an idle machine. Only a failure waits that long.


def program():
    return os.environ["NETSTACK_EXPORTER"]


def run(*arguments, prefix=()):
    """Runs a subcommand to its end: a CompletedProcess with text."""
    return subprocess.run([*prefix, program(), *arguments], capture_output=True, text=True,
                          timeout=PATIENCE, check=False)


def await_true(claim, what, patience=PATIENCE):
    """Asks until `claim()` is true, and returns what it said."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        said = claim()
        if said:
            return said
        time.sleep(0.02)
    raise AssertionError(f"waited {patience} s in vain: {what}")


class Connection(http.client.HTTPConnection):
    """An HTTP connection to an address as the log writes it: 1.2.3.4:5, [::1]:5 or unix:/path."""

    def __init__(self, address, tls=None):
        super().__init__("localhost", timeout=PATIENCE)
        self.address = address
        self.tls = tls

    def connect(self):
        if self.address.startswith("unix:"):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(PATIENCE)
            self.sock.connect(self.address.removeprefix("unix:"))
        else:
            host, port = self.address.rsplit(":", 1)
            self.sock = socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
        if self.tls:
            self.sock = self.tls.wrap_socket(self.sock, server_hostname="localhost")


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode("utf-8")


def request(address, path="/metrics", method="GET", headers=None, tls=None):
    connection = Connection(address, tls)
    try:
        connection.request(method, path, headers=headers or {})
        return Reply(connection.getresponse())
    finally:
        connection.close()


class Exporter:
    """A running exporter; a context manager that leaves no process behind."""

    def __init__(self, *flags, listen=("127.0.0.1:0",), prefix=(), executable=None):
        self._directory = tempfile.TemporaryDirectory(prefix="netstack_e2e.")
        self._log_path = os.path.join(self._directory.name, "log")
        addresses = [f"--web.listen-address={address}" for address in listen]
        with open(self._log_path, "wb") as log:
            self.process = subprocess.Popen([*prefix, executable or program(), *addresses, *flags],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.addresses = await_true(lambda: self._listening(len(listen)), "Listening")
        except BaseException:
            self.kill()
            raise
        self.address = self.addresses[0]

    def _listening(self, count):
        if self.process.poll() is not None:
            raise AssertionError(f"the exporter ended: {self.log()}")
        found = re.findall(r"msg=Listening address=(\S+)", self.log())
        return found if len(found) == count else None

    def log(self):
        with open(self._log_path, encoding="utf-8") as log:
            return log.read()

    def log_lines(self, *words):
        return [line for line in self.log().splitlines() if all(word in line for word in words)]

    def get(self, path="/metrics", **how):
        return request(self.address, path, **how)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def reload(self):
        """Sends SIGHUP and waits until the log tells how it went."""
        before = len(self._reloads())
        self.process.send_signal(signal.SIGHUP)
        await_true(lambda: len(self._reloads()) > before, "a reload")

    def _reloads(self):
        return re.findall(r"msg=\"Configuration (?:loaded|refused)", self.log())

    def wait(self):
        return self.process.wait(PATIENCE)

    def stop(self):
        """Ends the program in the regular way and returns its exit code."""
        self.terminate()
        return self.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._directory.cleanup()

    def close(self):
        """As kill, but in the regular way: a sanitizer tells at the end of its program what leaked."""
        try:
            if self.process.poll() is None and (code := self.stop()) != 0:
                raise AssertionError(f"the exporter ended with {code}: {self.log()}")
        finally:
            self.kill()

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        if error is None:
            self.close()
        else:
            self.kill()
