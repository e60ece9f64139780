"""The programs in the kernel: what the exporter says where they cannot be, and that nothing stays."""

import json
import os
import shutil
import signal
import socket
import subprocess

import runner
from bpf_case import ALL, COLLECTORS, STATE, BpfCase, can_load, states, status_of
from exporter_process import Exporter, await_true, program, run
from page import Page


def bpftool(*arguments):
    return subprocess.run(["bpftool", *arguments], capture_output=True, text=True, check=False)


def programs_in_kernel():
    found = bpftool("-j", "prog", "show")
    return {program["id"] for program in json.loads(found.stdout)}


def softirqs():
    """Runs of each softirq, over all CPUs."""
    with open("/proc/softirqs", encoding="ascii") as file:
        return {row[0].rstrip(":"): sum(map(int, row[1:]))
                for row in map(str.split, list(file)[1:])}


def loopback_datagrams(count):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        receiver.bind(("127.0.0.1", 0))
        for _ in range(count):
            sender.sendto(b"x", receiver.getsockname())


class BpfTest(BpfCase):
    def test_each_program_has_a_state(self):
        page = self.page()
        programs = [(labels["collector"], labels["program"]) for labels, _ in page.series[STATE]]
        self.assertEqual(len(programs), len(set(programs)))
        self.assertEqual({collector for collector, _ in programs},
                         {*COLLECTORS, "sockets", "irq"})

    def test_handlers_are_timed_on_request_only(self):
        with Exporter("--collector.bpf") as exporter:
            page = Page(exporter.get().text)
        self.assertLessEqual({labels["state"] for labels, _ in page.find(STATE, collector="irq")},
                             {"disabled", "not_built"})
        self.assertNotIn("netstack_irq_handler_seconds_count", page.series)

    def test_softirqs_are_counted_as_the_kernel_does_and_feed_the_ledger(self):
        if os.geteuid() != 0 or not can_load():
            self.skipTest("no programs can be loaded here")
        run_count = "netstack_softirq_run_seconds_count"
        with Exporter(*ALL) as exporter:
            bounds, pages = [], []
            for _ in range(2):
                earliest = softirqs()
                pages.append(Page(exporter.get().text))
                bounds.append((earliest, softirqs()))
                loopback_datagrams(2000)
            for vector, row in (("net_rx", "NET_RX"), ("net_tx", "NET_TX")):
                risen = sum(value for _, value in pages[1].find(run_count, vector=vector))
                risen -= sum(value for _, value in pages[0].find(run_count, vector=vector))
                # One may be at work on another CPU: its run is counted at the end here.
                slack = os.cpu_count()
                self.assertGreaterEqual(risen, bounds[1][0][row] - bounds[0][1][row] - slack)
                self.assertLessEqual(risen, bounds[1][1][row] - bounds[0][0][row] + slack)
            self.assertGreater(bounds[1][0]["NET_RX"] - bounds[0][1]["NET_RX"], 100)
            contexts = {labels["context"] for labels, _ in pages[1].find(run_count)}
            self.assertEqual(contexts, {"interrupt", "ksoftirqd"})
        # What waits, of the same page: both contexts together are the ledger's.
        for vector, path, stage in (("net_rx", "receive", "napi"),
                                    ("net_tx", "transmit", "completion")):
            for part in ("bucket", "sum", "count"):
                waits = {}
                for labels, value in pages[1].find(f"netstack_softirq_wait_seconds_{part}",
                                                   vector=vector):
                    waits[labels.get("le")] = waits.get(labels.get("le"), 0) + value
                ledger = {labels.get("le"): value for labels, value in pages[1].find(
                    f"netstack_path_wait_seconds_{part}", path=path, stage=stage)}
                self.assertEqual(ledger.keys(), waits.keys())
                for bound, value in waits.items():
                    self.assertAlmostEqual(ledger[bound], value)
        self.assertGreater(pages[1].value("netstack_path_wait_seconds_count", path="receive",
                                          stage="napi"), 0)

    def test_what_the_kernel_keeps_from_it_is_absent(self):
        page = self.page()
        ok = {labels["program"] for labels, _ in page.find(STATE, state="ok")}
        shown = {labels["operation"]
                 for labels, _ in page.series.get("netstack_tcp_prune_seconds_count", [])}
        self.assertEqual(shown, {operation for operation in ("collapse", "prune") if
                                 {f"tcp_{operation}_start", f"tcp_{operation}_end"} <= ok})
        waits = {labels["wait"]
                 for labels, _ in page.series.get("netstack_waits_untimed_total", [])}
        self.assertEqual("accept" in waits, {"accept_ready", "accepted"} <= ok)
        # The refusal of one costs no other.
        if "lockdown" in states(page):
            self.assertLessEqual({"kfree_skb", "tcp_probe", "accepted", "tcp_sockets"}, ok)
            (labels, _), = page.find(STATE, program="accepted")
            self.assertEqual((labels["hook"], labels["last_failure"]),
                             ("tp_btf/sys_exit", "lockdown"))

    def test_a_collector_that_is_off_has_no_program(self):
        page = self.page("--no-collector.drops")
        found = {labels["state"] for labels, _ in page.find(STATE, collector="drops")}
        self.assertLessEqual(found, {"disabled", "not_built"})
        self.assertNotIn("drops", page.states())

    def test_without_type_information_it_says_so_and_runs(self):
        if os.geteuid() != 0 or not can_load():
            self.skipTest("no programs can be loaded here")
        masked = ("unshare", "--mount", "--", "sh", "-c",
                  'mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh")
        if subprocess.run([*masked, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("/sys/kernel/btf cannot be masked here")
        page = self.page(prefix=masked)
        self.assertEqual(states(page), {"no_btf"})

    def test_nothing_stays_in_the_kernel(self):
        if os.geteuid() != 0 or not shutil.which("bpftool") or not can_load():
            self.skipTest("needs root, bpftool and a kernel that takes programs")
        before = programs_in_kernel()
        for end in ("stop", "kill"):
            with Exporter(*ALL) as exporter:
                exporter.get()
                await_true(lambda: len(programs_in_kernel() - before) >= 8, "programs at work")
                getattr(exporter, end)()
            await_true(lambda: not programs_in_kernel() - before, "no programs")

    def test_nothing_of_a_recording_stays_in_the_kernel(self):
        if os.geteuid() != 0 or not shutil.which("bpftool") or not can_load():
            self.skipTest("needs root, bpftool and a kernel that takes programs")
        before = programs_in_kernel()
        for end in (signal.SIGTERM, signal.SIGKILL):
            recording = subprocess.Popen([program(), "record"], stdout=subprocess.DEVNULL)
            try:
                await_true(lambda: programs_in_kernel() - before, "programs at work")
            finally:
                recording.send_signal(end)
                recording.wait()
            await_true(lambda: not programs_in_kernel() - before, "no programs")

    def test_a_link_that_somebody_cuts_is_told_or_not_cut(self):
        if os.geteuid() != 0 or not shutil.which("bpftool") or not can_load():
            self.skipTest("needs root, bpftool and a kernel that takes programs")
        before = programs_in_kernel()
        with Exporter(*ALL) as exporter:
            ours = programs_in_kernel() - before
            links = [link["id"] for link in json.loads(bpftool("-j", "link", "show").stdout)
                     if link.get("prog_id") in ours]
            self.assertGreaterEqual(len(links), 4)
            first = Page(exporter.get().text)
            # The kernel refuses it for tracepoints; what it does not refuse has to be told.
            cut = [link for link in links
                   if bpftool("link", "detach", "id", str(link)).returncode == 0]
            page = Page(exporter.get().text)
            self.assertEqual(cut, [])
            self.assertEqual(states(page), states(first))
            self.assertEqual(exporter.get("/-/healthy").status, 200)

    def test_it_takes_little_memory(self):
        with Exporter(*ALL) as exporter:
            for _ in range(5):
                exporter.get()
            if "sanitize" in run("--version").stdout:
                self.skipTest("a sanitizer has memory of its own")
            self.assertLess(int(status_of(exporter.process, "VmRSS")), 20_000)

    def test_the_program_says_what_it_was_built_with(self):
        self.assertRegex(run("--version").stdout, r"eBPF: (libbpf \d+\.\d+|no \(.+\))")
        page = self.page()
        labels, _ = page.series["netstack_build_info"][0]
        self.assertIn(labels["ebpf"], run("--version").stdout)

    def test_one_scrape_to_standard_output_loads_nothing(self):
        page = Page(run("metrics", *ALL).stdout)
        self.assertEqual(page.states()["bpf"], "absent")


if __name__ == "__main__":
    runner.main()
