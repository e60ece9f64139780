"""Programs in the kernel as bpf(2) has them: empty ones, and those of an exporter, on and off."""

import contextlib
import ctypes
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SYS_BPF = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
BPF_OBJ_GET = 7
BPF_PROG_GET_FD_BY_ID = 13
BPF_RAW_TRACEPOINT_OPEN = 17
BPF_ENABLE_STATS = 32
LIBC = ctypes.CDLL(None, use_errno=True)


def tool(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def bpf(command, *words):
    """bpf(2) with attributes made of 64-bit words: a file descriptor."""
    attributes = (ctypes.c_uint64 * 4)(*words)
    fd = LIBC.syscall(SYS_BPF, command, attributes, ctypes.sizeof(attributes))
    if fd < 0:
        raise OSError(ctypes.get_errno(), f"bpf {command}")
    return fd


@contextlib.contextmanager
def run_times_counted():
    fd = bpf(BPF_ENABLE_STATS, 0)
    try:
        yield
    finally:
        os.close(fd)


def run_times():
    """By id: name, whether it is an empty one of two instructions, runs and nanoseconds."""
    return {program["id"]: (program["name"], program["bytes_xlated"] <= 16,
                            program.get("run_cnt", 0), program.get("run_time_ns", 0))
            for program in json.loads(tool("bpftool", "-j", "prog", "show"))
            if program["type"] == "tracing"}


def programs_of(pid):
    """The ids of the tracing programs that a process holds."""
    ids = set()
    for link in os.scandir(f"/proc/{pid}/fd"):
        try:
            if os.readlink(link.path) != "anon_inode:bpf-prog":
                continue
            with open(f"/proc/{pid}/fdinfo/{link.name}", encoding="ascii") as file:
                ids |= {int(line.split()[1]) for line in file if line.startswith("prog_id:")}
        except FileNotFoundError:
            continue
    return ids


class Switch:
    """Programs that are at work or not, and those that are at work instead of them. They and what they
    remember stay when the process ends that has loaded them: nothing but its programs is at work
    then."""

    def __init__(self, ids, instead=()):
        self.programs = {is_on: [bpf(BPF_PROG_GET_FD_BY_ID, number) for number in sorted(some)]
                         for is_on, some in ((True, ids), (False, instead))}
        self.links = []

    def turn(self, is_on):
        self.turn_off()
        self.links = [bpf(BPF_RAW_TRACEPOINT_OPEN, 0, program) for program in self.programs[is_on]]

    def turn_off(self):
        for link in self.links:
            os.close(link)
        self.links = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.turn_off()
        for fd in self.programs[True] + self.programs[False]:
            os.close(fd)


def hold_empty_programs(built):
    """In a mount namespace of its own: attaches them, until the standard input ends."""
    tool("mount", "-t", "bpf", "bpf", "/mnt")
    tool("bpftool", "prog", "loadall", built, "/mnt/empty")
    for pin in pathlib.Path("/mnt/empty").iterdir():
        path = ctypes.create_string_buffer(str(pin).encode())
        bpf(BPF_RAW_TRACEPOINT_OPEN, 0, bpf(BPF_OBJ_GET, ctypes.addressof(path)))
    print("ready", flush=True)
    sys.stdin.read()


@contextlib.contextmanager
def empty_programs():
    """Attached for as long as the context lasts; their pins are seen in no other mount namespace."""
    with tempfile.TemporaryDirectory() as work:
        built = f"{work}/empty.o"
        tool("clang", "-g", "-O2", "-target", "bpf", "-c", str(HERE / "empty.bpf.c"), "-o", built)
        holder = subprocess.Popen(["unshare", "--mount", sys.executable, __file__, built],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            if holder.stdout.readline().strip() != "ready":
                sys.exit("the empty programs cannot be attached")
            yield
        finally:
            holder.stdin.close()
            holder.wait()


if __name__ == "__main__":
    hold_empty_programs(sys.argv[1])
