"""What the tests of the Debian package share: the packages, and a root for them."""

import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("REEVE_BIN") or ROOT / "bazel-bin")
# None: the one that debootstrap takes by itself.
MIRROR = os.environ.get("REEVE_DEBIAN_MIRROR")
SUITE = os.environ.get("REEVE_DEBIAN_SUITE", "bookworm")
CACHE = pathlib.Path(
    os.environ.get("REEVE_TEST_CACHE")
    or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    / "reeve"
)

# What the root has beside the package's own needs: systemd, and what runs a test.
IN_THE_ROOT = ["dbus", "libpam-systemd", "python3", "systemd", "systemd-sysv"]


def run(*command, seconds=300, **options):
    """Runs a program; its output is in one."""
    return subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=seconds,
        **options,
    )


def must(*command, **options):
    done = run(*command, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def program_version():
    return must(BIN / "agent" / "reeve", "version").split()[1]


@functools.lru_cache(maxsize=None)
def _own_folder():
    """One for all packages; removed with the object, which is kept until the end."""
    return tempfile.TemporaryDirectory(prefix="reeve-package-")


@functools.lru_cache(maxsize=None)
def package(suffix=""):
    """The path of the package, with something behind the program's version.

    It is built once: $REEVE_PACKAGES keeps it for other tests.
    """
    given = os.environ.get("REEVE_PACKAGES")
    if given:
        folder = pathlib.Path(given)
    else:
        folder = pathlib.Path(_own_folder().name)
    version = program_version() + suffix
    path = folder / f"reeve_{version}_amd64.deb"
    if not path.exists():
        must(ROOT / "tools/package", "--output", folder, "--version", version,
             "--programs", BIN)  # fmt: skip
    return path


def needed_packages(deb):
    """The names of the packages that a package depends on."""
    depends = must("dpkg-deb", "--field", deb, "Depends")
    return [
        re.match(r"[a-z0-9.+-]+", entry.split("|")[0].strip())[0]
        for entry in depends.split(",")
    ]


def debian_root(test, deb):
    """A root of Debian with systemd and all that a package needs but itself.

    Made by debootstrap, and kept for the next run; not to be written to.
    """
    names = sorted({*IN_THE_ROOT, *needed_packages(deb)})
    key = hashlib.sha256(" ".join(names).encode()).hexdigest()[:12]
    root = CACHE / f"debian-{SUITE}-package-{key}"
    if (root / ".complete").exists():
        return root
    if not shutil.which("debootstrap"):
        test.skipTest("no debootstrap")
    CACHE.mkdir(parents=True, exist_ok=True)
    partial = pathlib.Path(f"{root}.{os.getpid()}")
    try:
        # It mounts /proc there, and leaves it mounted if it fails.
        made = run(
            "unshare", "--mount", "--fork", "--pid", "--kill-child",
            "debootstrap", "--variant=minbase", f"--include={','.join(names)}",
            SUITE, partial, *([MIRROR] if MIRROR else []),
            seconds=900,
        )  # fmt: skip
        if made.returncode != 0:
            lines = made.stdout.strip().splitlines() or ["it says nothing"]
            test.skipTest(f"debootstrap: {lines[-1]}")
        for name in ("var/cache/apt/archives", "var/lib/apt/lists"):
            shutil.rmtree(partial / name, ignore_errors=True)
        (partial / ".complete").touch()
        partial.rename(root)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return root


class PackageTest(unittest.TestCase):
    """A test that installs the package somewhere."""

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("installing a package needs root")
        if not shutil.which("dpkg-buildpackage"):
            self.skipTest("no dpkg-buildpackage")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-package-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
