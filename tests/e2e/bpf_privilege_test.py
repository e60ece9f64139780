"""The programs in the kernel: what privilege they take, and that it is given up at once."""

import os
import tempfile

import runner
from bpf_case import ALL, COLLECTORS, STATE, BpfCase, can_load, source_of, states, status_of
from exporter_process import Exporter
from page import Page

NOBODY = "65534"


def as_nobody(*capabilities):
    """A prefix that runs a program as nobody with these capabilities only."""
    kept = ",".join(f"+{name}" for name in capabilities)
    sets = "-all" + ("," + kept if kept else "")
    return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
            f"--inh-caps={sets}", f"--ambient-caps={sets}", f"--bounding-set={sets}", "--")


class BpfPrivilegeTest(BpfCase):
    def test_without_privilege_it_says_so_and_runs(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        page = self.page(prefix=as_nobody())
        self.assertLessEqual(states(page), {"no_permission", "not_built"})
        for collector in COLLECTORS:
            self.assertEqual(page.states()[collector], "absent")
            self.assertEqual(page.value("netstack_scrape_collector_success", collector=collector),
                             1)
        self.assertNotIn("netstack_skb_drops_total", page.series)
        self.assertEqual(source_of(page), "sock_diag")

    def test_two_capabilities_are_enough_and_are_given_up(self):
        if os.geteuid() != 0 or not can_load():
            self.skipTest("no programs can be loaded here")
        with Exporter(*ALL, prefix=as_nobody("bpf", "perfmon")) as exporter:
            page = Page(exporter.get().text)
            self.assertIn("ok", states(page))
            self.assertNotIn("no_permission", states(page))
            for collector in COLLECTORS:
                self.assertEqual(page.states()[collector], "ok")
            for kind in ("CapEff", "CapPrm", "CapAmb"):
                self.assertEqual(int(status_of(exporter.process, kind), 16), 0, kind)
            self.assertEqual(source_of(page), "ebpf")
            # With nothing left it still counts, and a reload changes nothing.
            exporter.reload()
            page_after = Page(exporter.get().text)
            self.assertEqual(states(page_after), states(page))
            self.assertEqual(source_of(page_after), "ebpf")

    def test_where_functions_lie_takes_a_third_capability(self):
        if os.geteuid() != 0 or not can_load():
            self.skipTest("no programs can be loaded here")
        with open("/proc/sys/kernel/perf_event_paranoid", encoding="ascii") as file:
            if int(file.read()) < 2:
                self.skipTest("everybody may know where functions lie")
        blind = {"path": "receive", "stage": "xdp"}
        for capabilities, reasons in ((("bpf", "perfmon"), ["no_reason"]),
                                      (("bpf", "perfmon", "syslog"), [])):
            with Exporter("--collector.bpf", prefix=as_nobody(*capabilities)) as exporter:
                exporter.get()
                page = Page(exporter.get().text)
                told = [labels["reason"] for labels, _ in page.find("netstack_path_blind", **blind)
                        if "device" not in labels]
                self.assertEqual(told, reasons)
                self.assertEqual(bool(page.find("netstack_path_drops_total",
                                                cause="generic_program")), not reasons)
                log = exporter.log()
            self.assertEqual("/proc/kallsyms" in log, bool(reasons), log)

    def test_a_reload_ends_programs_and_cannot_bring_them_back(self):
        if os.geteuid() != 0 or not can_load():
            self.skipTest("no programs can be loaded here")
        path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "config.yml")

        def state(program):
            (labels, _), = Page(exporter.get().text).find(STATE, program=program)
            return labels["state"]

        def write(napi, accept_wait):
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"collectors: {{bpf: {{enabled: true}}, napi: {{enabled: {napi}}}, "
                           f"queue_peaks: {{enabled: true, accept-wait: {accept_wait}}}}}\n")

        write("false", "true")
        with Exporter(f"--config.file={path}") as exporter:
            self.assertEqual((state("accept_ready"), state("napi_poll")), ("ok", "disabled"))
            write("true", "false")
            exporter.reload()
            self.assertEqual((state("accept_ready"), state("napi_poll")), ("disabled", "disabled"))
            self.assertEqual(state("tcp_probe"), "ok")
            write("true", "true")
            exporter.reload()
            self.assertEqual((state("accept_ready"), state("napi_poll")), ("disabled", "disabled"))
            self.assertEqual(Page(exporter.get().text).states()["napi"], "absent")


if __name__ == "__main__":
    runner.main()
