"""Debian kernels, fetched by apt into a cache and never installed."""

import contextlib
import fcntl
import lzma
import os
import pathlib
import re
import shutil
import subprocess

import skip

# What --kernel takes, and the Debian suite whose linux-image-amd64 that is.
SUITES = {
    "5.10": "bullseye",
    "6.1": "bookworm",
    "6.12": "trixie",
    "backports": "trixie-backports",
}

# Two thirds of a kernel package, of no use to a machine without a screen.
UNWANTED = ("drivers/gpu", "drivers/media", "drivers/staging", "drivers/usb", "drivers/scsi",
            "drivers/iio", "drivers/hwmon", "drivers/input", "drivers/net/wireless", "sound")

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]


def cache_dir():
    default = "~/.cache/netstack_exporter/vm"
    return pathlib.Path(os.environ.get("NETSTACK_VM_CACHE") or default).expanduser()


class Kernel:
    """One unpacked kernel: its image and its modules."""

    def __init__(self, tree):
        (self._dir,) = (tree / "lib/modules").iterdir()
        self.release = self._dir.name
        # Since Linux 7 Debian's image lies beside its modules.
        images = [tree / f"boot/vmlinuz-{self.release}", self._dir / "vmlinuz"]
        self.image = next(image for image in images if image.exists())
        self._depends = {}
        for line in self._lines("modules.dep"):
            path, depends = line.split(":", 1)
            self._depends[_module_name(path)] = (path, depends.split())
        self._builtin = {_module_name(path) for path in self._lines("modules.builtin")}
        # "softdep libcrc32c pre: crc32c": an algorithm is wanted, by the alias of its modules.
        self._soft = {name: wanted.split() for name, wanted in
                      re.findall(r"^softdep (\S+) pre: (.*?)(?: post:.*)?$",
                                 "\n".join(self._lines("modules.softdep")), re.M)}
        self._aliases = {}
        for alias, name in re.findall(r"^alias (\S+) (\S+)$",
                                      "\n".join(self._lines("modules.alias")), re.M):
            self._aliases.setdefault(alias, []).append(name)

    def modules(self, names):
        """Pairs of name and content of `names` and all they need, in the order to load them."""
        ordered = {}
        for name in (name.replace("-", "_") for name in names):
            if name not in self._builtin and name not in self._depends:
                raise skip.Missing(f"Linux {self.release} has no module {name}")
            self._order(name, ordered)
        return [(name, self._read(path)) for name, path in ordered.items()]

    def _order(self, name, ordered):
        if name not in self._depends:
            return
        path, depends = self._depends[name]
        for each in [*reversed(depends), path]:
            module = _module_name(each)
            for wanted in self._soft.get(module, []) if module not in ordered else []:
                self._order(self._provider(wanted), ordered)
            ordered.setdefault(module, each)

    def _provider(self, wanted):
        names = self._aliases.get(wanted, [wanted])
        generic = [name for name in names if name.endswith("_generic")]
        return (generic or names)[0].replace("-", "_")

    def _lines(self, name):
        path = self._dir / name
        return path.read_text().splitlines() if path.exists() else []

    def _read(self, path):
        data = (self._dir / path).read_bytes()
        return lzma.decompress(data) if path.endswith(".xz") else data


def get(name, refresh=False):
    """The kernel of that name, fetched if the cache has none. Raises skip.Missing."""
    cache = cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    tree = cache / f"linux-{name}"
    with _locked(cache / f"linux-{name}.lock"):
        if refresh or not tree.exists():
            _fetch(SUITES[name], cache / f"fetch-{name}", tree)
    return Kernel(tree)


@contextlib.contextmanager
def _locked(path):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _module_name(path):
    return pathlib.PurePath(path).name.split(".ko")[0].replace("-", "_")


def _fetch(suite, work, tree):
    depmod = skip.find_tool("depmod", "kmod")
    for tool, package in (("apt-get", "apt"), ("dpkg-deb", "dpkg")):
        skip.find_tool(tool, package)
    shutil.rmtree(work, ignore_errors=True)
    unpacked = work / "tree"
    unpacked.mkdir(parents=True)
    try:
        _download(suite, work)
        for package in sorted(work.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
        _prune(unpacked)
        release = next((unpacked / "lib/modules").iterdir()).name
        subprocess.run([depmod, "-b", unpacked, release], check=True)
        shutil.rmtree(tree, ignore_errors=True)
        unpacked.rename(tree)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _download(suite, work):
    apt = subprocess.run([SOURCE_DIR / "scripts/private-apt", work / "apt", suite],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if apt.returncode != 0:
        raise skip.Missing(f"no kernel of Debian {suite}: {apt.stderr.strip().splitlines()[-1]}")
    env = dict(os.environ, APT_CONFIG=apt.stdout.strip(), LC_ALL="C")
    packages = _kernel_packages("linux-image-amd64", env)
    result = subprocess.run(["apt-get", "-qq", "download", *sorted(packages)], cwd=work, env=env,
                            stderr=subprocess.PIPE, text=True)
    if not packages or result.returncode != 0:
        raise skip.Missing(f"no kernel of Debian {suite}: cannot download {sorted(packages)}")


def _kernel_packages(meta, env):
    """The versioned packages behind a meta package: one image, or, where Debian splits it, the
    image, the base, the binary and the modules."""
    found, queue = set(), [meta]
    while queue:
        output = subprocess.run(["apt-cache", "depends", queue.pop()], env=env, check=True,
                                stdout=subprocess.PIPE, text=True).stdout
        named = re.findall(r"^ +Depends: (linux-(?:base|image|binary|modules)-\d\S*)$", output, re.M)
        queue += [name for name in named if name not in found]
        found.update(named)
    return found


def _prune(tree):
    if not (tree / "lib/modules").exists():  # Since Debian 13 they are below /usr.
        (tree / "lib").symlink_to("usr/lib")
    for directory in (tree / "lib/modules").glob("*/kernel"):
        for unwanted in UNWANTED:
            shutil.rmtree(directory / unwanted, ignore_errors=True)
    shutil.rmtree(tree / "usr/share", ignore_errors=True)
