"""The subcommand record: what it writes of a stalled reader is what the sockets say of themselves."""

import csv
import fcntl
import io
import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import unittest

import runner
from exporter_process import PATIENCE, await_true, program, run

SIOCOUTQ = termios.TIOCOUTQ
MESSAGE = bytes(30_000)
# Before Linux 5.19 what programs count is read with CAP_BPF only.
RELEASE = tuple(int(part) for part in os.uname().release.split(".")[:2])
MAY_STAY = 1 << 39 if RELEASE < (5, 19) else 0


def measures():
    """Whether this kernel and our privilege let it look each time data is queued."""
    done = run("record", "--interval=100ms", "--duration=100ms")
    return "samples only" not in done.stderr


def capabilities(process, kind):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1], 16) for line in file if line.startswith(kind + ":"))


def queued(made, request):
    return struct.unpack("i", fcntl.ioctl(made, request, bytes(4)))[0]


class RecordTest(unittest.TestCase):
    def connect(self, family=socket.AF_INET):
        """A connection on loopback: the end that accepted it and the one that made it."""
        address = "127.0.0.1" if family == socket.AF_INET else "::1"
        listener = socket.socket(family)
        self.addCleanup(listener.close)
        listener.bind((address, 0))
        listener.listen()
        self.listener = listener
        client = socket.create_connection(listener.getsockname()[:2])
        self.addCleanup(client.close)
        server, _ = listener.accept()
        self.addCleanup(server.close)
        return server, client

    def rows(self, *flags):
        done = run("record", "--interval=200ms", "--samples=4", *flags)
        self.assertEqual(done.returncode, 0)
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertLessEqual({row["lost_events"] for row in rows}, {"0"})
        return rows

    def test_a_stalled_reader_is_shown_with_its_exact_depth_at_both_ends(self):
        methods = ("sampled", "auto") if measures() else ("sampled",)
        for family, method in itertools.product((socket.AF_INET, socket.AF_INET6), methods):
            with self.subTest(family=family.name, method=method):
                server, client = self.connect(family)
                server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.sendall(MESSAGE)
                client.setblocking(False)
                try:
                    while True:
                        client.send(MESSAGE)
                except BlockingIOError:
                    pass
                await_true(lambda: queued(server, termios.FIONREAD) > 0, "bytes to read")
                unread, waiting = queued(server, termios.FIONREAD), queued(client, SIOCOUTQ)
                port = server.getsockname()[1]
                rows = self.rows("--duration=1s", f"--ports={port}", f"--method={method}")
                ours = [row for row in rows if row["source_port"] == str(port)]
                theirs = [row for row in rows if row["destination_port"] == str(port)]
                self.assertGreaterEqual(len(ours), 2)
                self.assertEqual({row["receive_peak_bytes"] for row in ours}, {str(unread)})
                self.assertEqual({row["send_peak_bytes"] for row in theirs}, {str(waiting)})
                self.assertEqual({row["source_address"] for row in ours},
                                 {server.getsockname()[0]})
                self.assertEqual({row["method"] for row in rows},
                                 {"measured" if method == "auto" else "sampled"})

    def recording(self, *flags):
        """A running recording; its lines are JSON, the first one of the socket that is there."""
        process = subprocess.Popen([program(), "record", "--format=json", *flags],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, json.loads(process.stdout.readline())

    def rest_of(self, process):
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0)
        return [json.loads(line) for line in rest.splitlines()]

    def test_what_came_and_went_between_two_samples_is_measured(self):
        if not measures():
            self.skipTest("it samples only")
        for family in (socket.AF_INET, socket.AF_INET6):
            with self.subTest(family=family.name):
                server, client = self.connect(family)
                port = server.getsockname()[1]
                process, _ = self.recording("--interval=300ms", f"--ports={port}")
                client.sendall(MESSAGE)
                await_true(lambda: queued(server, termios.FIONREAD) == len(MESSAGE), "the message")
                while queued(server, termios.FIONREAD):
                    server.recv(1 << 20)
                # One more that is gone before it can be sampled.
                with socket.create_connection(self.listener.getsockname()[:2]) as brief:
                    name = brief.getsockname()
                    other, _ = self.listener.accept()
                    brief.sendall(bytes(1234))
                    await_true(lambda: queued(other, termios.FIONREAD) == 1234, "the bytes")
                    other.close()
                rows = self.rest_of(process)
                ours = [row for row in rows if row["source_port"] == port]
                long = [row for row in ours
                        if row["destination_port"] == client.getsockname()[1]]
                self.assertEqual(max(row["receive_peak_bytes"] for row in long), len(MESSAGE))
                self.assertEqual(sum(row["receive_total_bytes"] for row in long), len(MESSAGE))
                short = [row for row in ours if row["destination_port"] == name[1]]
                self.assertEqual(sum(row["receive_total_bytes"] for row in short), 1234)
                self.assertEqual(max(row["receive_peak_bytes"] for row in short), 1234)
                self.assertEqual({row["destination_address"] for row in short}, {name[0]})
                theirs = [row for row in rows if row["source_port"] == name[1]]
                self.assertEqual(sum(row["send_total_bytes"] for row in theirs), 1234)
                self.assertEqual({row["lost_events"] for row in rows}, {0})

    def test_without_privilege_it_samples_and_says_so(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        server, _ = self.connect()
        done = run("record", "--interval=100ms", "--duration=100ms",
                   f"--ports={server.getsockname()[1]}",
                   prefix=("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                           "--inh-caps=-all", "--bounding-set=-all", "--"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("samples only: eBPF: ", done.stderr)
        methods = {row["method"] for row in csv.DictReader(io.StringIO(done.stdout))}
        self.assertEqual(methods, {"sampled"})

    def test_it_gives_its_capabilities_up(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        methods = ("sampled", "auto") if measures() else ("sampled",)
        for method in methods:
            with self.subTest(method=method):
                server, _ = self.connect()
                process, row = self.recording("--interval=100ms", f"--method={method}",
                                              f"--ports={server.getsockname()[1]}")
                self.assertEqual(row["method"], "measured" if method == "auto" else "sampled")
                for kind in ("CapEff", "CapPrm", "CapAmb"):
                    self.assertEqual(capabilities(process, kind) & ~MAY_STAY, 0, kind)
                self.rest_of(process)

    def test_bytes_that_passed_are_counted_though_nothing_waits(self):
        server, client = self.connect()
        port = server.getsockname()[1]
        process, first = self.recording("--interval=100ms", f"--ports={port}")
        self.assertIn(str(port), (str(first["source_port"]), str(first["destination_port"])))
        client.sendall(MESSAGE)
        received = 0
        while received < len(MESSAGE):
            received += len(server.recv(65536))
        totals = {"receive": first["receive_total_bytes"], "send": first["send_total_bytes"]}

        def whole():
            row = json.loads(process.stdout.readline())
            end = "receive" if row["source_port"] == port else "send"
            totals[end] += row[f"{end}_total_bytes"]
            return totals["receive"] >= len(MESSAGE) and totals["send"] >= len(MESSAGE)

        await_true(whole, "all bytes at both ends")
        self.assertEqual(totals, {"receive": len(MESSAGE), "send": len(MESSAGE)})
        self.rest_of(process)

    def test_without_a_filter_idle_connections_are_left_out(self):
        server, _ = self.connect()
        rows = self.rows("--duration=200ms")
        self.assertEqual([row for row in rows if row["source_port"] ==
                          str(server.getsockname()[1])], [])

    def test_a_file_is_written(self):
        server, client = self.connect()
        client.sendall(b"x")
        path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "out")
        done = run("record", "--interval=100ms", "--duration=100ms", f"--output={path}",
                   f"--ports={server.getsockname()[1]}")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        with open(path, encoding="ascii") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 2)

    def test_what_cannot_be_is_refused(self):
        for flags, words in ((["--ports=http"], "--ports"),
                             (["--addresses=example.org"], "not an IP address: 'example.org'"),
                             (["--interval=0s"], "--interval"),
                             (["--output=/nonexistent/out"], "/nonexistent/out: open"),
                             (["--format=xml"], "--format")):
            with self.subTest(flags=flags):
                done = run("record", *flags)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(words, done.stderr)

    def test_a_full_disk_ends_it_with_an_error(self):
        done = run("record", "--output=/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


if __name__ == "__main__":
    runner.main()
