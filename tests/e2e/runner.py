"""Runs the unit tests of a script so that ctest understands the result.

Exit code 77, with the reason, when a tool is missing or every test was skipped.
"""

import os
import shutil
import sys
import unittest

SKIPPED = 77

# Where Debian has the tools of root.
os.environ["PATH"] += ":/usr/sbin:/sbin"


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def main(tools=()):
    if "NETSTACK_EXPORTER" not in os.environ:
        sys.exit("NETSTACK_EXPORTER must name the program")
    for tool in tools:
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    result = unittest.main(exit=False, verbosity=2).result
    for test, reason in result.skipped:
        print(f"skipped: {test.id()}: {reason}")
    passed = result.testsRun - len(result.skipped) - len(result.failures) - len(result.errors)
    if not result.wasSuccessful() or result.testsRun == 0:
        print("FAILED")
        sys.exit(1)
    if passed == 0:
        sys.exit(SKIPPED)
    print(f"OK: {passed} passed, {len(result.skipped)} skipped")
    sys.exit(0)
