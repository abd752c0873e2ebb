"""What the end-to-end tests share: an agent, its command line and its metrics.

The programs are found below $REEVE_BIN, or bazel-bin. Everything that a test
makes has a name of its own and is removed with it: the state directory, the
socket, the port on loopback and the parent cgroup.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("REEVE_BIN") or ROOT / "bazel-bin")
REEVE = BIN / "agent" / "reeve"
SHIM = BIN / "enforcement" / "shim" / "reeve-shim"

# "v2", "v1" or "hybrid" in the test machine, which is emulated and slow.
VM = os.environ.get("REEVE_VM", "")
SLOWNESS = 6 if VM else 1

_agents = 0


def program(name):
    """One of the small programs that tests launch."""
    return str(BIN / "tests" / "programs" / name)


def free_port():
    """A port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition, seconds=10, what="condition"):
    """Waits until condition() returns something true or a number; returns it."""
    deadline = time.monotonic() + seconds * SLOWNESS
    while True:
        result = condition()
        if result or isinstance(result, float):
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds * SLOWNESS} s")
        time.sleep(0.05)


def http_get(url):
    """Status and text of a page; a status of 0 if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10 * SLOWNESS) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


def process_is_there(pid):
    """Whether a process runs; a zombie does not."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


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


def cgroup_roots():
    """Where the cgroup hierarchies of this machine are mounted."""
    lines = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
    roots = []
    for line in lines:
        before, _, after = line.partition(" - ")
        if after.split()[0] in ("cgroup", "cgroup2"):
            roots.append(pathlib.Path(before.split()[4]))
    return roots


def cgroups_below(parent):
    """The cgroups below an absolute cgroup path, in every hierarchy."""
    found = []
    for root in cgroup_roots():
        top = root / parent.lstrip("/")
        found += [path for path in top.rglob("*") if path.is_dir()]
    return found


Sample = collections.namedtuple("Sample", "name labels value")

_SAMPLE = re.compile(r"([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def parse_metrics(text):
    """The samples of a metrics page."""
    samples = []
    for line in text.splitlines():
        match = _SAMPLE.match(line)
        if match and not line.startswith("#"):
            name, labels, value = match.groups()
            samples.append(
                Sample(name, dict(_LABEL.findall(labels or "")), float(value))
            )
    return samples


class Agent:
    """A running `reeve agent`.

    By default a child of this process; `process` has what subprocess.Popen takes
    to make it otherwise. `cgroup_parent` is for an agent that finds its own: it
    is told none then.
    """

    def __init__(
        self, *flags, sample_interval="250ms", cgroup_parent=None, owner=0, **process
    ):
        global _agents
        _agents += 1
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-"))
        self.state_dir = self.folder / "state"
        self.socket = self.folder / "reeve.sock"
        self.port = free_port()
        if cgroup_parent is None:
            self.cgroup_parent = f"/reeve-e2e-{os.getpid()}-{_agents}"
            flags = (f"--cgroup-parent={self.cgroup_parent}", *flags)
        else:
            self.cgroup_parent = cgroup_parent
        os.chown(self.folder, owner, -1)
        self._log = open(self.folder / "agent.log", "w+b")
        self._command = [
            REEVE,
            "agent",
            f"--state-dir={self.state_dir}",
            f"--socket={self.socket}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            f"--sample-interval={sample_interval}",
            *flags,
        ]
        self._options = process
        # Of the commands, and so of the tasks.
        self.cwd = process.get("cwd")
        self._start()

    def _start(self):
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            **self._options,
        )
        self.pid = self._process.pid
        try:
            eventually(self._ready, 15, "the agent is ready")
        except AssertionError as error:
            log = self.log()
            self.close()
            raise AssertionError(f"{error}\n{log}") from None

    def _ready(self):
        if self._process.poll() is not None:
            raise AssertionError(f"the agent ended with {self._process.returncode}")
        return self._listens() and self.get("/-/ready")[0] == 200

    def _listens(self):
        # The file alone may be that of an agent that was killed.
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def kill_and_restart(self, *flags, **process):
        """Starts another agent on the state of this one, which is killed.

        With `flags` in the place of those of the same names, and with what is to be
        otherwise for subprocess.Popen.
        """
        self._process.kill()
        self._process.wait()
        names = {flag.partition("=")[0] for flag in flags}
        self._command = [
            word
            for word in self._command
            if str(word).partition("=")[0] not in names
        ]
        self._command += flags
        self._options.update(process)
        self._start()

    def end(self):
        """Ends the agent alone, as a service manager does; returns how."""
        self._process.terminate()
        return self._process.wait(15 * SLOWNESS)

    def take_over(self):
        """Starts another agent, which ends this one; returns how that ended."""
        before = self._process
        self._command = [word for word in self._command if word != "--take-over"]
        self._command.append("--take-over")
        self._start()
        status = before.wait(15 * SLOWNESS)
        # Until then it may have been the one that answered.
        eventually(self._ready, 15, "the next agent is ready")
        return status

    def log(self):
        return (self.folder / "agent.log").read_text(errors="replace")

    def url(self, path=""):
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path):
        return http_get(self.url(path))

    def reeve(self, command, *arguments, seconds=120, **options):
        """Runs one command of reeve, such as "ps" or "group ls"."""
        return subprocess.run(
            self._command_line(command, arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds * SLOWNESS,
            check=False,
            cwd=self.cwd,
            **options,
        )

    def begin(self, command, *arguments):
        """Starts one command of reeve, whatever becomes of it."""
        return subprocess.Popen(
            self._command_line(command, arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _command_line(self, command, arguments):
        return [
            REEVE,
            *command.split(),
            f"--socket={self.socket}",
            *map(str, arguments),
        ]

    def must(self, command, *arguments):
        """The output of a command that is to succeed."""
        done = self.reeve(command, *arguments)
        if done.returncode != 0:
            raise AssertionError(
                f"reeve {command} ended with {done.returncode}: "
                f"{done.stderr}{done.stdout}\n{self.log()}"
            )
        return done.stdout

    def launch(self, name, *arguments):
        """Starts a task and leaves it running."""
        self.must("run", "--detach", "--id", name, *arguments)

    def inspect(self, name):
        return json.loads(self.must("inspect", "--json", name))

    def task(self, name):
        return self.inspect(name)["task"]

    def tasks(self):
        return json.loads(self.must("ps", "--json")).get("tasks", [])

    def group(self, name):
        """What is known of a group; None if there is none."""
        groups = json.loads(self.must("group ls", "--json")).get("groups", [])
        return next((group for group in groups if group["group"] == name), None)

    def wait(self, name):
        """How a task ended, once it has."""
        done = self.reeve("wait", name)
        status = self.task(name)["exit"]
        # What is not known is an error of reeve's.
        expected = 125 if status["code"] == -1 else status["code"] % 256
        if done.returncode != expected:
            raise AssertionError(f"wait ended with {done.returncode}, not {status}")
        return status

    def metrics(self):
        status, text = self.get("/metrics")
        if status != 200:
            raise AssertionError(f"/metrics answered {status}: {text}")
        return parse_metrics(text)

    def metric(self, name, **labels):
        """The value of the one sample with these labels; None without one."""
        values = [
            sample.value
            for sample in self.metrics()
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        if len(values) > 1:
            raise AssertionError(f"{len(values)} samples of {name} {labels}")
        return values[0] if values else None

    def await_metric(self, name, **labels):
        """The value of a sample, once there is one.

        What has just happened is on the page after the next round of sampling.
        What a task has used stays there until it was scraped after its end.
        """
        return eventually(
            lambda: self.metric(name, **labels), what=f"{name} {labels}"
        )

    def await_value(self, value, name, **labels):
        """Waits until a sample has the value, to six places of the point.

        For what is final: the page before the end shows what was used until then.
        """

        def has_it():
            shown = self.metric(name, **labels)
            return shown is not None and abs(shown - value) < 5e-7

        eventually(has_it, what=f"{name} {labels} is {value}")

    def cpu_seconds(self, name):
        """CPU time that a task has used, and when that was measured."""
        usage = self.task(name).get("usage", {})
        return int(usage.get("cpu_usage_nsec", 0)) / 1e9, usage.get("taken_at")

    def take_precedence(self):
        """Gives the tasks eight times the weight of what else runs here.

        For tests of how much CPU time they get; once the first was launched.
        """
        for root in cgroup_roots():
            for name, value in (("cpu.shares", "8192"), ("cpu.weight", "800")):
                file = root / self.cgroup_parent.lstrip("/") / name
                if file.exists():
                    file.write_text(value)

    def open_files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def close(self):
        """Ends the tasks and the agent, and removes what they used."""
        if self._process.poll() is None:
            for task in self._running_tasks():
                self.reeve("stop", "--grace=0s", task)
            self._process.terminate()
            try:
                self._process.wait(10 * SLOWNESS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        remove_cgroups(self.cgroup_parent)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _running_tasks(self):
        done = self.reeve("ps", "--json")
        tasks = json.loads(done.stdout or "{}").get("tasks", [])
        return [
            task["id"] for task in tasks if task["state"] != "TASK_STATE_EXITED"
        ]


def remove_cgroups(parent):
    """Removes a cgroup and those below it, with their processes, everywhere."""
    for root in cgroup_roots():
        top = root / parent.lstrip("/")
        for folder in [*sorted(top.rglob("*"), reverse=True), top]:
            if folder.is_dir():
                _remove_cgroup(folder)


def _remove_cgroup(folder):
    for _ in range(50):
        try:
            for pid in (folder / "cgroup.procs").read_text().split():
                os.kill(int(pid), signal.SIGKILL)
            folder.rmdir()
            return
        except (FileNotFoundError, ProcessLookupError):
            return
        except OSError:
            time.sleep(0.02)


class AgentTest(unittest.TestCase):
    """A test that has an agent."""

    agent_flags = ()
    sample_interval = "250ms"

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        if not REEVE.exists():
            self.fail(f"{REEVE} is not there: bazel build //agent:reeve")
        self.agent = Agent(*self.agent_flags, sample_interval=self.sample_interval)
        self.addCleanup(self.agent.close)
