"""scripts/skipped-tests on what ctest and GoogleTest really write: skipped_tests_test.py SCRIPT."""

import pathlib
import subprocess
import sys
import tempfile

JUNIT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="3" failures="0" disabled="1" skipped="1">
  <testcase name="vm_boot_6.1" classname="vm_boot_6.1" time="0.1" status="notrun">
    <skipped message="SKIP_RETURN_CODE=77"/>
    <system-out>looking
skipped: qemu-system-x86_64 is not installed (package qemu-system-x86)
</system-out>
  </testcase>
  <testcase name="off" classname="off" time="0" status="disabled">
    <skipped message="Disabled"/>
  </testcase>
  <testcase name="collectors_test" classname="collectors_test" time="0.4" status="run">
    <system-out>[ RUN      ] Host.SeesTheHost
[       OK ] Host.SeesTheHost (68 ms)
[ RUN      ] Host.SeesOnlyItsOwnInANewNetworkNamespace
../../collectors/host/host_test.cc:52: Skipped
this process may not make a network namespace
[  SKIPPED ] Host.SeesOnlyItsOwnInANewNetworkNamespace (67 ms)
[ RUN      ] Other.GivesNoReason
../../collectors/other_test.cc:9: Skipped

[  SKIPPED ] Other.GivesNoReason (0 ms)
</system-out>
  </testcase>
  <testcase name="e2e_container" classname="e2e_container" time="1" status="run">
    <system-out>skipped: __main__.Container.test_of_the_host: needs root to compare with
OK: 2 passed, 1 skipped
</system-out>
  </testcase>
</testsuite>
"""

EXPECTED = """\
skipped: vm_boot_6.1: qemu-system-x86_64 is not installed (package qemu-system-x86)
skipped: off: disabled
skipped: collectors_test Host.SeesOnlyItsOwnInANewNetworkNamespace: \
this process may not make a network namespace
skipped: collectors_test Other.GivesNoReason: no reason given
skipped: e2e_container __main__.Container.test_of_the_host: needs root to compare with
"""

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "junit.xml"
    path.write_text(JUNIT)
    done = subprocess.run([sys.executable, sys.argv[1], path], capture_output=True, text=True,
                          check=True)
    if done.stdout != EXPECTED:
        sys.exit(f"expected:\n{EXPECTED}\nwas:\n{done.stdout}")
