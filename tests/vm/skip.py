"""What a run cannot do without, and how it says so."""

import os
import shutil

EXIT_SKIPPED = 77  # ctest's SKIP_RETURN_CODE.


class Missing(Exception):
    """A part that this machine lacks. The text is one line that names it."""


def find_tool(name, package):
    """The path of a program; /sbin is searched too, which users seldom have in PATH."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    found = shutil.which(name, path=path)
    if found is None:
        raise Missing(f"{name} is not installed (package {package})")
    return found
