"""One emulated machine, from power-on to power-off."""

import contextlib
import dataclasses
import pathlib
import re
import subprocess
import sys

import skip

# The card as QEMU calls it, and the driver's module.
NIC_MODULES = {
    "e1000": "e1000",
    "e1000e": "e1000e",
    "rtl8139": "8139cp",
    "virtio-net-pci": "virtio_net",
    "vmxnet3": "vmxnet3",
}
DISK_MODULES = ("virtio_pci", "virtio_blk")
DISK_BYTES = 64 << 20

# Emulation is slow and the host may be busy: a minute to boot is rare, five mean that it hangs.
BOOT_SECONDS = 300

# QEMU 7.2 can lose the race between a processor that patches the kernel's code (a static key) and
# another that runs into the breakpoint put there meanwhile: rare, and nothing that a test has done.
EMULATOR_RACE = re.compile(r"\bint3: 0000 \[#1\]")
UP = re.compile(r"^guest: .* is up after", re.M)  # The word of guest_init.
BOOTS = 3


@dataclasses.dataclass
class Hardware:
    cpus: int = 2
    memory_mib: int = 512
    nics: tuple = ()
    # `user`: each card alone; `hub`: all cards on one wire; `tap`: ethN is at the other end of tapN
    # of the caller's network namespace, with several queues; `stream`: ethN's frames go to the unix
    # socket netN of the current folder.
    network: str = "user"
    append: str = ""  # Added to the kernel's command line.
    queues: int = None  # Of a card with `tap`; one for each processor if not told.
    # An instruction takes a nanosecond by the guest's clock, whatever else this machine does.
    counted_time: bool = False

    def tap_queues(self):
        return self.queues or self.cpus


class Stuck(Exception):
    """The guest did not switch itself off, or left no results."""


class Crashed(Stuck):
    """The emulator's fault, or a panic before the guest did anything of ours."""


def command_line(hardware, image, initrd, disk, console):
    qemu = skip.find_tool("qemu-system-x86_64", "qemu-system-x86")
    # The kernel's check of its timer fails on a busy machine, and then it does not boot.
    parameters = ("console=ttyS0 panic=-1 quiet loglevel=4 mitigations=off nokaslr "
                  "no_timer_check")
    accelerator = ["-accel", "tcg,thread=multi"]
    if hardware.counted_time:
        accelerator = ["-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off"]
    argv = [qemu, *accelerator, "-machine", "q35", "-cpu", "max",
            "-smp", str(hardware.cpus), "-m", str(hardware.memory_mib),
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-monitor", "none",
            "-serial", f"file:{console}", "-kernel", str(image), "-initrd", str(initrd),
            "-append", f"{parameters} {hardware.append}".strip(),
            "-drive", f"if=none,id=results,format=raw,cache=unsafe,file={disk}",
            "-device", "virtio-blk-pci,drive=results"]
    for index, nic in enumerate(hardware.nics):
        argv += ["-netdev", _netdev(hardware, index), "-device",
                 f"{nic},netdev=net{index},mac=52:54:00:12:34:{index:02x},romfile="]
        if hardware.network == "tap":
            # An interrupt for each queue and direction, for changes and for the control queue.
            argv[-1] += f",mq=on,vectors={2 * hardware.tap_queues() + 2}"
    return argv


def _netdev(hardware, index):
    network = hardware.network
    if network == "tap":
        return (f"tap,id=net{index},ifname=tap{index},script=no,downscript=no,"
                f"queues={hardware.tap_queues()}")
    if network == "hub":
        return f"hubport,id=net{index},hubid=0"
    if network == "stream":
        return f"stream,id=net{index},server=off,addr.type=unix,addr.path=net{index}"
    return f"user,id=net{index},net=10.0.{index + 2}.0/24,restrict=on"


def run(hardware, image, initrd, work, seconds):
    """Boots, waits and unpacks the results into work/result. The console is work/console.log.

    A guest that crashes by itself is booted again, and that is said; one that crashes under the
    test is not.
    """
    for boots_left in reversed(range(BOOTS)):
        try:
            return _boot(hardware, image, initrd, pathlib.Path(work), seconds)
        except Crashed as crash:
            if not boots_left:
                raise
            print(f"vm: {crash}; booting again", file=sys.stderr)


def _boot(hardware, image, initrd, work, seconds):
    disk, console = work / "disk", work / "console.log"
    with open(disk, "wb") as file:
        file.truncate(DISK_BYTES)
    argv = command_line(hardware, image, initrd, disk, console)
    # Even if this process is killed outright the guest does not outlive it.
    argv = [skip.find_tool("setpriv", "util-linux"), "--pdeathsig", "KILL", *argv]
    with open(work / "qemu.log", "wb") as log:
        guest = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        guest.wait(timeout=BOOT_SECONDS + seconds)
    except subprocess.TimeoutExpired:
        raise Stuck(f"the guest did not end within {BOOT_SECONDS + seconds} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            guest.kill()
        guest.wait()
    if guest.returncode != 0:
        raise Stuck(f"QEMU failed: {(work / 'qemu.log').read_text(errors='replace').strip()}")
    _raise_if_crashed(console.read_text(errors="replace"))
    _unpack(disk, work / "result")


def _raise_if_crashed(console):
    if "Kernel panic" not in console:
        return
    if EMULATOR_RACE.search(console):
        raise Crashed("the kernel ran into a breakpoint of its own, a fault of the emulator")
    if not UP.search(console):
        raise Crashed("the kernel panicked before the guest was up")


def _unpack(disk, result):
    result.mkdir()
    tar = subprocess.run(["tar", "-x", "-f", disk, "-C", result, "--no-same-owner"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if tar.returncode != 0 or not (result / "status").exists():
        raise Stuck("the guest wrote no results")
