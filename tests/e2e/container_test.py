"""What the exporter says where it sees less than the host: in a network namespace, and without
privilege."""

import os
import shutil
import subprocess
import tempfile
import unittest

import runner
from exporter_process import Exporter, program, request
from page import Page

NOBODY = "65534"
# A fresh namespace, as a container has: own /proc mount of the host, network of its own.
IN_NAMESPACE = ("unshare", "--net", "--")
UNPRIVILEGED = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--")
VISIBLE = "netstack_host_network_visible"


def unshare_works():
    return subprocess.run([*IN_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def is_in_initial_namespace():
    return os.path.exists("/proc/sys/net/core/netdev_max_backlog")


class NamespaceTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.socket = f"unix:{directory.name}/socket"

    def test_a_namespace_of_its_own_is_not_the_host(self):
        if not unshare_works():
            self.skipTest("network namespaces cannot be made here")
        with Exporter(listen=(self.socket,), prefix=IN_NAMESPACE) as exporter:
            reply = request(exporter.address)
            self.assertEqual(reply.status, 200)
            page = Page(reply.text)
            self.assertEqual(page.value(VISIBLE), 0)
            self.assertEqual([labels["device"] for labels, _ in page.series["netstack_link_info"]],
                             ["lo"])
            self.assertEqual(page.value("netstack_tcp_in_segs_total"), 0)
            bad = {name: state for name, state in page.states().items()
                   if state not in ("ok", "absent")}
            self.assertEqual(bad, {})
            self.assertEqual(exporter.stop(), 0)

    def test_the_host_is_the_host(self):
        if not is_in_initial_namespace():
            self.skipTest("this test itself runs in a namespace of its own")
        with Exporter(listen=(self.socket,)) as exporter:
            self.assertEqual(Page(request(exporter.address).text).value(VISIBLE), 1)


class UnprivilegedTest(unittest.TestCase):
    def setUp(self):
        # The folder of the program may be root's own.
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        os.chmod(directory.name, 0o755)
        self.copy = shutil.copy(program(), directory.name)

    def test_a_user_without_capabilities_misses_no_default_collector(self):
        prefix = UNPRIVILEGED if os.geteuid() == 0 else ()
        with Exporter(prefix=prefix, executable=self.copy) as exporter:
            with open(f"/proc/{exporter.process.pid}/status", encoding="utf-8") as file:
                status = dict(line.split(":\t", 1) for line in file)
            if os.geteuid() == 0:
                self.assertEqual(status["Uid"].split(), [NOBODY] * 4)
            self.assertEqual(int(status["CapEff"], 16), 0)
            page = Page(exporter.get().text)
            bad = {name: state for name, state in page.states().items()
                   if state not in ("ok", "absent")}
            self.assertEqual(bad, {}, exporter.log())
            self.assertGreater(len(page), 500)
            self.assertEqual(exporter.log_lines("level=warn"), [])
            if is_in_initial_namespace():
                self.assertEqual(page.value(VISIBLE), 1)
            self.assertEqual(exporter.stop(), 0)

    def test_a_user_without_capabilities_sees_the_same_families(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to compare with")
        # eBPF needs capabilities, and e2e_bpf_privilege tells what is missing without them.
        without = [f"--no-collector.{name}" for name in ("bpf", "drops", "queue_peaks", "napi")]
        with Exporter(*without) as exporter:
            as_root = Page(exporter.get().text).families
        with Exporter(*without, prefix=UNPRIVILEGED, executable=self.copy) as exporter:
            self.assertEqual(as_root - Page(exporter.get().text).families, set())


if __name__ == "__main__":
    runner.main(tools=["unshare", "setpriv"])
