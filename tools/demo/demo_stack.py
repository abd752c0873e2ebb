"""Prometheus and Alertmanager beside an agent with a throttled task.

Started by tools/demo-stack. Whatever it starts and makes is gone when it ends.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

TOOLS = pathlib.Path(__file__).resolve().parents[1]
ROOT = TOOLS.parent
sys.path.insert(0, str(TOOLS / "testing"))

from alert_printer import AlertPrinter  # noqa: E402
from quick_times import quick_routes, quick_rules  # noqa: E402

EXPORTERS = ROOT / "exporters" / "prometheus"
BUSY = "while :; do :; done"
READY_SECONDS = 60

SHORTER = """\
The rules are the shipped ones, but wait for seconds where these wait for minutes.

"""

PROMETHEUS_CONFIG = """\
global:
  scrape_interval: {interval}
  evaluation_interval: {interval}
rule_files: ['{rules}/*.rules.yml']
scrape_configs:
  - job_name: reeve
    static_configs:
      - targets: ['127.0.0.1:{agent}']
alerting:
  alertmanagers:
    - static_configs:
        - targets: ['127.0.0.1:{alertmanager}']
"""


class DemoError(Exception):
    """What is wrong, in one line."""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"demo-stack: {message}\n")


def positive(text):
    """A number of seconds above 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}: give a number above 0")
    return seconds


def program(text):
    """A program that can be executed."""
    path = pathlib.Path(text).resolve()
    if not path.is_file() or not os.access(path, os.X_OK):
        raise argparse.ArgumentTypeError(f"{text}: there is no such program")
    return path


def parse_arguments(arguments):
    parser = Parser(
        prog="tools/demo-stack",
        description="Starts Prometheus and Alertmanager on loopback, with the rules and "
        "the configuration that come with reeve, beside an agent with a throttled task, "
        "and prints alerts as they arrive. Ends at Ctrl-C, and leaves nothing.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--reeve", metavar="PATH", type=program,
        help="this program, with reeve-shim where it looks for it [builds one]",
    )
    parser.add_argument(
        "--seconds", metavar="N", type=positive,
        help="end after so many, counted from when all runs [at Ctrl-C]",
    )
    parser.add_argument(
        "--real-times", action="store_true",
        help="leave the rules as they are: the first alert takes a quarter of an hour",
    )
    return parser.parse_args(arguments)


def build():
    """The path of a reeve that was just built."""
    print("Building reeve; the first time takes a few minutes.", flush=True)
    bazel = (os.environ.get("BAZEL") or "bazel").split()
    cache = os.environ.get("XDG_CACHE_HOME") or f"{os.environ['HOME']}/.cache"
    done = subprocess.run(
        [*bazel, "build", "--config=release", f"--disk_cache={cache}/reeve-bazel",
         "//agent:reeve"],
        cwd=ROOT, check=False,
    )
    if done.returncode != 0:
        raise DemoError("reeve was not built")
    # The link is changed by the next build of another configuration.
    return (ROOT / "bazel-bin").resolve() / "agent" / "reeve"


def free_ports(count):
    """Ports of loopback on which nothing listens, each another one."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


class Server:
    """A program that runs until it is told to end."""

    def __init__(self, name, command, folder, ready_url):
        self.name = name
        self._log = folder / f"{name}.log"
        with open(self._log, "wb") as log:
            # Ctrl-C on the terminal is for this program alone.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )
        deadline = time.monotonic() + READY_SECONDS
        try:
            while not answers(ready_url):
                self.check()
                if time.monotonic() > deadline:
                    raise DemoError(f"{name} does not answer")
                time.sleep(0.1)
        except BaseException:
            self.end()
            raise

    def check(self):
        """Raises if it has ended by itself."""
        if self._process.poll() is not None:
            lines = self._log.read_text(errors="replace").splitlines() or ["it is silent"]
            raise DemoError(f"{self.name} ended: {lines[-1]}")

    def end(self):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def remove_cgroups(parent):
    """Those of the demonstration, in every hierarchy; its tasks have ended."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] in ("cgroup", "cgroup2"):
            top = pathlib.Path(before.split()[4]) / parent.lstrip("/")
            for folder in [*sorted(top.rglob("*"), reverse=True), top]:
                if folder.is_dir():
                    with contextlib.suppress(OSError):
                        folder.rmdir()


class Stack:
    """All of it; use it as a context, which ends it."""

    def __init__(self, reeve, real_times):
        self._reeve = reeve
        self._real_times = real_times
        self._parent = f"/reeve-demo-{os.getpid()}"
        self._servers = []
        self._on_exit = contextlib.ExitStack()

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._on_exit.close()
            raise
        return self

    def __exit__(self, *_):
        self._on_exit.close()

    def _start(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-demo-"))
        self._on_exit.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.printer = AlertPrinter(sys.stdout)
        self._on_exit.callback(self.printer.close)
        self.agent, self.prometheus, self.alertmanager = free_ports(3)
        self._write_files()
        self._serve(
            "prometheus-alertmanager", self.alertmanager,
            f"--config.file={self.folder / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{self.alertmanager}",
            "--cluster.listen-address=",
        )
        self._serve(
            "prometheus", self.prometheus,
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{self.prometheus}",
        )
        self._on_exit.callback(remove_cgroups, self._parent)
        self._serve(
            self._reeve, self.agent, "agent",
            f"--state-dir={self.folder / 'state'}",
            f"--cgroup-parent={self._parent}",
            f"--web.listen-address=127.0.0.1:{self.agent}",
            "--collector.pressure",
        )
        self._on_exit.callback(self._stop_tasks)
        self._run_tasks()

    def _write_files(self):
        rules = self.folder / "rules"
        rules.mkdir()
        for file in (EXPORTERS / "rules").glob("*.rules.yml"):
            text = file.read_text()
            (rules / file.name).write_text(
                text if self._real_times else quick_rules(text)
            )
        routes = (EXPORTERS / "alertmanager" / "alertmanager.yml").read_text()
        (self.folder / "alertmanager.yml").write_text(
            quick_routes(routes, self.printer.url)
        )
        (self.folder / "prometheus.yml").write_text(
            PROMETHEUS_CONFIG.format(
                interval="15s" if self._real_times else "1s",
                rules=rules,
                agent=self.agent,
                alertmanager=self.alertmanager,
            )
        )

    def _serve(self, command, port, *arguments):
        if shutil.which(command) is None:
            raise DemoError(f"{command} is not installed")
        server = Server(
            pathlib.Path(command).name, [command, *arguments], self.folder,
            f"http://127.0.0.1:{port}/-/ready",
        )
        self._servers.append(server)
        self._on_exit.callback(server.end)

    def command(self, name, *arguments):
        """The words of one command of reeve."""
        socket_flag = f"--socket={self.folder / 'state' / 'reeve.sock'}"
        return [str(self._reeve), name, socket_flag, *arguments]

    def _must(self, name, *arguments):
        done = subprocess.run(
            self.command(name, *arguments), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )
        if done.returncode != 0:
            raise DemoError(f"reeve {name}: {done.stderr.strip()}")

    def _run_tasks(self):
        for name, *limits in (["throttled", "--cpus=0.2"], ["calm", "--memory=64M"]):
            what = BUSY if name == "throttled" else "exec sleep infinity"
            self._must(
                "run", "--detach", "--id", name, *limits, "--", "/bin/sh", "-c", what
            )

    def _stop_tasks(self):
        for name in ("throttled", "calm"):
            subprocess.run(
                self.command("stop", "--grace=0s", name), stdin=subprocess.DEVNULL,
                capture_output=True, check=False,
            )

    def check(self):
        for server in self._servers:
            server.check()

    def describe(self):
        if self._real_times:
            wait, note = "half an hour", ""
        else:
            wait, note = "half a minute", SHORTER
        update = " ".join(self.command("update", "--cpus=2", "throttled"))
        print(
            f"""
  Prometheus     http://127.0.0.1:{self.prometheus}/alerts
  Alertmanager   http://127.0.0.1:{self.alertmanager}/
  the agent      http://127.0.0.1:{self.agent}/

The task "throttled" would use a core and gets a fifth of one: within {wait}
there is an alert. To give it more, and end the alert, in another terminal:

  {update}

{note}Alerts, as Alertmanager sends them; Ctrl-C ends it all:
""",
            flush=True,
        )


def end_by_signal(*_):
    # A second one does not keep it from cleaning up.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def run(options):
    reeve = options.reeve or build()
    with Stack(reeve, options.real_times) as stack:
        stack.describe()
        begin = time.monotonic()
        while options.seconds is None or time.monotonic() - begin < options.seconds:
            stack.check()
            time.sleep(0.2)


def main():
    options = parse_arguments(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_by_signal)
    try:
        if os.geteuid() != 0:
            raise DemoError("launching tasks in cgroups needs root: sudo tools/demo-stack")
        run(options)
    except KeyboardInterrupt:
        pass
    except (DemoError, OSError) as error:
        print(f"demo-stack: {error}", file=sys.stderr)
        return 1
    print("All of it has ended.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
