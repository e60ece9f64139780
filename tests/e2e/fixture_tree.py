"""A host made of files, which a test may spoil: a copy of the golden host of Linux 6.18."""

import errno
import os
import shutil
import tempfile

from exporter_process import await_true

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../hosts/linux-6.18")
FILE_COLLECTORS = ("softnet", "protocols", "sockstat", "tunables", "process", "host")


class FixtureTree:
    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="netstack_e2e.")
        self.proc = os.path.join(self._directory.name, "proc")
        self.sys = os.path.join(self._directory.name, "sys")
        shutil.copytree(os.path.join(GOLDEN, "proc"), self.proc, symlinks=True)
        shutil.copytree(os.path.join(GOLDEN, "sys"), self.sys, symlinks=True)
        os.makedirs(self.path("self/fd"), exist_ok=True)  # Not in the repository.
        # The collectors that read files only: netlink would tell of the machine the test runs on.
        self.flags = (f"--path.procfs={self.proc}", f"--path.sysfs={self.sys}",
                      "--collector.disable-defaults",
                      *(f"--collector.{name}" for name in FILE_COLLECTORS))

    def path(self, name):
        return os.path.join(self.proc, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        """Replaces a file at one stroke: no reader sees half of it."""
        with open(self.path(name) + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.path(name) + ".new", self.path(name))

    def make_fifo(self, name):
        """From now on a reader of the file waits until the Gate returned is opened."""
        text = self.read(name)
        os.mkfifo(self.path(name) + ".new")
        os.rename(self.path(name) + ".new", self.path(name))
        return Gate(self.path(name), text)

    def remove(self):
        self._directory.cleanup()


class Gate:
    """Holds back what a FIFO was before."""

    def __init__(self, path, text):
        self._path = path
        self.text = text
        self._writer = None

    def await_reader(self):
        """Returns when somebody waits for the content, who then goes on waiting."""
        self._writer = await_true(self._open, f"a reader of {self._path}")

    def _open(self):
        try:
            return os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno == errno.ENXIO:  # Nobody reads.
                return None
            raise

    def open(self):
        """Gives the reader the content."""
        os.set_blocking(self._writer, True)
        with os.fdopen(self._writer, "w", encoding="utf-8") as writer:
            writer.write(self.text)
        self._writer = None

    def close(self):
        if self._writer is not None:
            os.close(self._writer)
