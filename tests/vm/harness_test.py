#!/usr/bin/env python3
"""What tests/vm/run promises, as far as it can be seen without booting anything."""

import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True

import initramfs
import kernels
import machine
import skip

HERE = pathlib.Path(__file__).resolve().parent


def make_tree(root, image="boot/vmlinuz-9.9", suffix=".ko"):
    """An unpacked kernel with the modules a, b and c, where c needs b and b needs a."""
    modules = root / "lib/modules/9.9"
    modules.mkdir(parents=True)
    (root / image).parent.mkdir(parents=True, exist_ok=True)
    (root / image).write_bytes(b"image")
    names = {name: f"kernel/net-{name}{suffix}" for name in "abc"}
    for name, path in names.items():
        (modules / path).parent.mkdir(exist_ok=True)
        (modules / path).write_bytes(name.encode())
    (modules / "modules.dep").write_text(
        f"{names['a']}:\n{names['b']}: {names['a']}\n{names['c']}: {names['b']} {names['a']}\n")
    (modules / "modules.builtin").write_text("kernel/lib/crc.ko\n")
    return root


class KernelTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def test_modules_come_after_what_they_need_and_once(self):
        kernel = kernels.Kernel(make_tree(self.root))
        self.assertEqual(kernel.modules(["net-c", "net_b"]),
                         [("net_a", b"a"), ("net_b", b"b"), ("net_c", b"c")])

    def test_an_algorithm_that_a_module_asks_for_comes_before_it(self):
        tree = make_tree(self.root)
        (tree / "lib/modules/9.9/modules.softdep").write_text("softdep net_b pre: sum post: x\n")
        (tree / "lib/modules/9.9/modules.alias").write_text("alias sum net_fast\nalias sum net_generic\n")
        (tree / "lib/modules/9.9/modules.dep").write_text(
            "kernel/net-a.ko:\nkernel/net-b.ko: kernel/net-a.ko\nkernel/net-generic.ko:\n")
        (tree / "lib/modules/9.9/kernel/net-generic.ko").write_bytes(b"g")
        names = [name for name, _ in kernels.Kernel(tree).modules(["net-b"])]
        self.assertEqual(names, ["net_a", "net_generic", "net_b"])

    def test_built_in_modules_need_no_loading(self):
        self.assertEqual(kernels.Kernel(make_tree(self.root)).modules(["crc"]), [])

    def test_unknown_module_is_missing_by_name(self):
        with self.assertRaisesRegex(skip.Missing, "9.9 has no module nosuch"):
            kernels.Kernel(make_tree(self.root)).modules(["nosuch"])

    def test_image_is_found_beside_the_modules_too(self):
        tree = make_tree(self.root, image="lib/modules/9.9/vmlinuz")
        self.assertEqual(kernels.Kernel(tree).image, tree / "lib/modules/9.9/vmlinuz")


class InitramfsTest(unittest.TestCase):
    def test_cpio_reads_what_was_written(self):
        guest = initramfs.Initramfs()
        guest.file("/a/b/three", b"123", 0o755)
        guest.file("/a/empty", b"")
        guest.symlink("/a/link", "b/three")
        archive = io.BytesIO()
        guest.write(archive)
        cpio = self.reader()
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run([*cpio, "-i", "-d"], input=archive.getvalue(), cwd=directory, check=True,
                           stderr=subprocess.DEVNULL)
            root = pathlib.Path(directory)
            self.assertEqual(sorted(str(p.relative_to(root)) for p in root.rglob("*")),
                             ["a", "a/b", "a/b/three", "a/empty", "a/link"])
            self.assertEqual((root / "a/link").read_bytes(), b"123")
            self.assertTrue(os.access(root / "a/b/three", os.X_OK))

    def reader(self):
        for tool in ("cpio", "busybox"):
            try:
                return [skip.find_tool(tool, tool)] + (["cpio"] if tool == "busybox" else [])
            except skip.Missing:
                pass
        self.skipTest("neither cpio nor busybox is installed")

    def test_a_program_brings_its_loader(self):
        libraries = initramfs.shared_libraries("/bin/sh")
        self.assertTrue(any("ld-linux" in library for library in libraries), libraries)

    def test_a_script_brings_nothing(self):
        self.assertEqual(initramfs.shared_libraries(str(HERE / "run")), [])

    def test_a_tree_comes_without_what_only_tests_it(self):
        guest, archive = initramfs.Initramfs(), io.BytesIO()
        with tempfile.TemporaryDirectory() as directory:
            for name in ("a.py", "b/c.py", "test/d.py", "b/__pycache__/e.py"):
                path = pathlib.Path(directory, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(name)
            guest.tree(directory, "/lib")
        guest.write(archive)
        self.assertEqual(re.findall(rb"lib/[a-z/_]+\.py", archive.getvalue()),
                         [b"lib/a.py", b"lib/b/c.py"])


class MachineTest(unittest.TestCase):
    def command_line(self, **hardware):
        try:
            return machine.command_line(machine.Hardware(**hardware), "image", "initrd", "disk",
                                        "console")
        except skip.Missing as missing:
            self.skipTest(str(missing))

    def test_the_processor_is_emulated(self):
        self.assertNotIn("kvm", " ".join(self.command_line()))

    def test_a_guest_cannot_reach_the_network(self):
        netdevs = [word for word in self.command_line(nics=("e1000e", "vmxnet3"))
                   if word.startswith("user,")]
        self.assertEqual(["restrict=on" in netdev for netdev in netdevs], [True, True])

    def test_counted_time_does_not_pass_with_that_of_this_machine(self):
        self.assertNotIn("-icount", self.command_line())
        self.assertIn("-icount", self.command_line(counted_time=True))

    def test_a_card_has_the_queues_and_interrupts_it_was_given(self):
        line = " ".join(self.command_line(nics=("virtio-net-pci",), network="tap", cpus=2, queues=9))
        self.assertIn(",queues=9 ", line)
        self.assertIn(",vectors=20", line)


class CrashTest(unittest.TestCase):
    """A program in QEMU's place writes one console per boot; the last one leaves results, too."""

    INT3 = "Oops: int3: 0000 [#1] PREEMPT SMP\nKernel panic - not syncing: Fatal exception\n"
    PANIC = "Kernel panic - not syncing: VFS: Unable to mount root fs\n"
    UP = "guest: 6.12 is up after 3 s\n"

    def boots(self, *consoles):
        """How often it boots, and the error in the end, if any."""
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        work = pathlib.Path(directory.name)
        for number, text in enumerate(consoles):
            (work / f"boot-{number}").write_text(text)
        qemu = work / "qemu-system-x86_64"
        qemu.write_text(f"""#!/bin/sh
            number=$(cat {work}/count 2>/dev/null || echo 0)
            echo $((number + 1)) >{work}/count
            mv {work}/boot-$number {work}/console.log
            [ -e {work}/boot-$((number + 1)) ] || tar -c -f {work}/disk -C {work}/left status
            """)
        qemu.chmod(0o755)
        (work / "left").mkdir()
        (work / "left/status").write_text("0")
        path = f"{work}:{os.environ['PATH']}"
        said = io.StringIO()
        with unittest.mock.patch.dict(os.environ, PATH=path), contextlib.redirect_stderr(said):
            try:
                machine.run(machine.Hardware(), "image", "initrd", work, 30)
                error = None
            except machine.Stuck as stuck:
                error = str(stuck)
        boots = int((work / "count").read_text())
        self.assertEqual(said.getvalue().count("booting again"), boots - 1)
        return boots, error

    def test_an_untroubled_guest_boots_once(self):
        self.assertEqual(self.boots(self.UP), (1, None))

    def test_a_crash_of_the_emulator_or_before_the_guest_is_up_is_tried_again(self):
        self.assertEqual(self.boots(self.PANIC, self.UP + self.INT3, self.UP), (3, None))

    def test_a_panic_under_the_test_stays(self):
        boots, error = self.boots(self.UP + self.PANIC + "\n", self.UP)
        self.assertEqual((boots, error), (1, "the guest wrote no results"))

    def test_it_gives_up_in_the_end(self):
        boots, error = self.boots(*[self.PANIC] * 4)
        self.assertEqual((boots, error), (3, "the kernel panicked before the guest was up"))


class RunTest(unittest.TestCase):
    def test_without_its_tools_it_is_skipped_and_says_why(self):
        with tempfile.TemporaryDirectory() as directory:
            make_tree(pathlib.Path(directory) / "linux-6.1")
            env = {"PATH": directory, "NETSTACK_VM_CACHE": directory, "LC_ALL": "C"}
            result = subprocess.run([sys.executable, HERE / "run", "--", "true"], env=env,
                                    capture_output=True, text=True)
        self.assertEqual(result.returncode, 77, result.stderr)
        self.assertRegex(result.stderr, r"^vm: skipped: .*\n$")


if __name__ == "__main__":
    unittest.main()
