"""Runs programs in the CPU time that nobody else wants."""

import pathlib
import shlex
import time

CGROUPS = pathlib.Path("/sys/fs/cgroup")

# Of cgroup v1 and v2: where the hierarchy is, and the least share of the CPUs.
_LAYOUTS = (("cpu", "cpu.shares", "2"), ("", "cpu.weight", "1"))


class SpareTime:
    """A cgroup with the least share of the CPUs.

    Niceness does not do it: where the kernel gives each session the same share
    (kernel.sched_autogroup_enabled, sched(7)), it counts among the processes of one
    session, and each action of Bazel's is a session. Where there can be no such cgroup,
    as without root, niceness is all that is left.
    """

    def __init__(self, name, root=CGROUPS):
        self._folder = None
        for hierarchy, file, least in _LAYOUTS:
            # Not where some file system of the host's would take any directory.
            if not (root / hierarchy / "cgroup.procs").exists():
                continue
            folder = root / hierarchy / name
            try:
                folder.mkdir(exist_ok=True)
                (folder / file).write_text(least)
            except OSError:
                _remove(folder)
                continue
            self._folder = folder
            return

    def command(self, arguments):
        """The command that runs a program so, and all that it starts."""
        if self._folder is None:
            return ["nice", "-n", "19", *arguments]
        procs = shlex.quote(str(self._folder / "cgroup.procs"))
        enter = f'echo $$ >{procs}; exec nice -n 19 "$@"'
        return ["sh", "-c", enter, "sh", *arguments]

    def close(self, seconds=10):
        """Removes the cgroup, once the last of its processes has ended; whether it
        is gone."""
        deadline = time.monotonic() + seconds
        while self._folder is not None and not _remove(self._folder):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


def _remove(folder):
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return True
