"""The guest's file system: an uncompressed cpio archive, which the kernel unpacks fastest."""

import pathlib
import re
import stat
import subprocess

import skip

# Folders that Initramfs.tree leaves out: nothing runs them in a guest.
UNWANTED = {"test", "tests", "idlelib", "lib2to3", "ensurepip", "site-packages", "dist-packages",
            "tkinter", "turtledemo", "pydoc_data", "__pycache__"}


class Initramfs:
    """Collects files by their path in the guest; written out with `write`."""

    def __init__(self):
        self._entries = {}
        self.directory("/")

    def directory(self, path):
        for each in reversed([path, *map(str, pathlib.PurePosixPath(path).parents)]):
            self._entries.setdefault(each, (stat.S_IFDIR | 0o755, b"", (0, 0)))

    def file(self, path, data, mode=0o644):
        self.directory(str(pathlib.PurePosixPath(path).parent))
        self._entries[path] = (stat.S_IFREG | mode, data, (0, 0))

    def symlink(self, path, target):
        self.directory(str(pathlib.PurePosixPath(path).parent))
        self._entries[path] = (stat.S_IFLNK | 0o777, target.encode(), (0, 0))

    def character_device(self, path, major, minor):
        self.directory(str(pathlib.PurePosixPath(path).parent))
        self._entries[path] = (stat.S_IFCHR | 0o600, b"", (major, minor))

    def program(self, source, path):
        """A program of this machine and the shared libraries that it loads."""
        self.file(path, pathlib.Path(source).read_bytes(), 0o755)
        for library in shared_libraries(source):
            self.file(library, pathlib.Path(library).read_bytes(), 0o755)

    def tree(self, source, path):
        """A folder, with the libraries that its shared objects load; such as Python's own modules."""
        source = pathlib.Path(source)
        for here in sorted(source.rglob("*")):
            inside = here.relative_to(source)
            if not here.is_file() or UNWANTED.intersection(inside.parts):
                continue
            try:
                libraries = shared_libraries(here) if here.suffix == ".so" else []
            except skip.Missing:
                continue  # It could not be loaded here either.
            self.file(f"{path}/{inside}", here.read_bytes(), stat.S_IMODE(here.stat().st_mode))
            for library in libraries:
                self.file(library, pathlib.Path(library).read_bytes(), 0o755)

    def write(self, file):
        for number, (path, (mode, data, device)) in enumerate(self._entries.items(), 1):
            name = path.lstrip("/") or "."
            _write_entry(file, name, number, mode, data, device)
        _write_entry(file, "TRAILER!!!", 0, 0, b"", (0, 0))


def _write_entry(file, name, number, mode, data, device):
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    for part in (header + encoded, data):
        file.write(part + b"\0" * (-len(part) % 4))


def shared_libraries(program):
    """Paths of what the program loads, itself excluded; none for a static program or a script."""
    result = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if result.returncode != 0:
        return []
    absent = re.search(r"^\s*(\S+) => not found", result.stdout, re.M)
    if absent:
        raise skip.Missing(f"{program} needs {absent[1]}, which this machine lacks")
    return re.findall(r"(?:=> |^\s*)(/\S+) \(0x", result.stdout, re.M)
