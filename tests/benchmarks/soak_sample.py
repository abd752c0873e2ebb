"""What a running agent holds at one moment, seen from outside."""

import collections
import pathlib
import time
import urllib.request

# Counts, but for seconds, *_kib (KiB) and page_bytes, which is the size of
# /metrics. `strays` are processes that a shim should have reaped and that came to
# the subreaper above instead.
Sample = collections.namedtuple(
    "Sample",
    "launches seconds rss_kib private_kib fds threads zombies strays cgroups"
    " state_entries page_bytes",
)

_TCP_LISTEN = "0A"
# How long the last values of ended tasks may take to leave the page: each is
# scraped once, and gone with the next round of sampling.
_RETENTION_SECONDS = 5


def children(pid):
    """State by pid of the child processes of one process, zombies included."""
    found = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found[int(entry.name)] = fields[0]
    return found


def memory_kib(pid):
    """Resident memory, and that part which the process alone has, and has written.

    What it has not written, such as its program, is shared with whoever else
    happens to run the same.
    """
    kib = collections.Counter()
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    for line in text.splitlines()[1:]:
        name, rest = line.split(":", 1)
        kib[name] = int(rest.split()[0])
    return kib["Rss"], kib["Private_Dirty"]


def cgroup_roots():
    """Where the cgroup hierarchies of this machine are mounted."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] in ("cgroup", "cgroup2"):
            yield pathlib.Path(before.split()[4])


def cgroups_below(parent):
    """The cgroups below an absolute cgroup path, in every hierarchy."""
    found = []
    for root in cgroup_roots():
        folder = root / parent.lstrip("/")
        found += [path for path in folder.glob("**/*/") if path != folder]
    return found


def processes_below(parent):
    """Who is in those cgroups."""
    found = set()
    for folder in cgroups_below(parent):
        try:
            found.update((folder / "cgroup.procs").read_text().split())
        except (FileNotFoundError, OSError):
            continue
    return found


def _socket_inodes(pid):
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            yield target[len("socket:["):-1]


def listening_port(pid):
    """The port on which a process was told to listen as "127.0.0.1:0"."""
    own = set(_socket_inodes(pid))
    for line in pathlib.Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == _TCP_LISTEN and fields[9] in own:
            return int(fields[1].rpartition(":")[2], 16)
    raise SystemExit("the agent does not listen")


class Observer:
    """Looks at one agent. `reaper` is the pid that orphans of it come to, and
    `known` those of its children that are none."""

    def __init__(self, agent_pid, cgroup_parent, state_dir, reaper, known):
        self._pid = agent_pid
        self._parent = cgroup_parent
        self._tasks = pathlib.Path(state_dir) / "tasks"
        self._reaper = reaper
        self._known = known
        self._page = f"http://127.0.0.1:{listening_port(agent_pid)}/metrics"
        self._began = time.monotonic()

    def _scrape(self):
        with urllib.request.urlopen(self._page, timeout=30) as page:
            return page.read()

    def _page_at_rest(self):
        """The metrics, once all that ended is off them or should be."""
        deadline = time.monotonic() + _RETENTION_SECONDS
        while True:
            page = self._scrape()
            if b'task="' not in page or time.monotonic() > deadline:
                return page
            time.sleep(0.05)

    def strays(self):
        return {
            pid: state
            for pid, state in children(self._reaper).items()
            if pid not in self._known
        }

    def sample(self, launches):
        page = self._page_at_rest()
        rss, private = memory_kib(self._pid)
        folder = pathlib.Path(f"/proc/{self._pid}")
        strays = self.strays()
        states = [*children(self._pid).values(), *strays.values()]
        return Sample(
            launches=launches,
            seconds=round(time.monotonic() - self._began, 1),
            rss_kib=rss,
            private_kib=private,
            fds=len(list((folder / "fd").iterdir())),
            threads=len(list((folder / "task").iterdir())),
            zombies=states.count("Z"),
            strays=len(strays),
            cgroups=len(cgroups_below(self._parent)),
            state_entries=len(list(self._tasks.iterdir())),
            page_bytes=len(page),
        )

    def left(self):
        """What is there that belongs to a task, by kind."""
        return {
            "zombies": [p for p, s in children(self._pid).items() if s == "Z"],
            "shims": [p for p, s in children(self._pid).items() if s != "Z"],
            "strays": sorted(self.strays()),
            "processes in cgroups": sorted(processes_below(self._parent)),
            "cgroups": [str(path) for path in cgroups_below(self._parent)],
            "series": [line for line in self._page_at_rest().decode().splitlines()
                       if 'task="' in line],
            "entries in the state directory": [
                path.name for path in self._tasks.iterdir()
            ],
        }
