"""The demonstration with Prometheus and Alertmanager, as a user sees it."""

import os
import pathlib
import re
import shlex
import signal
import subprocess
import threading
import unittest

from alertmanager import BINARY as ALERTMANAGER
from harness import (
    REEVE,
    ROOT,
    SLOWNESS,
    cgroup_roots,
    eventually,
    http_get,
    process_is_there,
)
from prometheus import BINARY as PROMETHEUS

DEMO = ROOT / "tools" / "demo-stack"


def run(*arguments):
    """The demonstration, once it has ended by itself."""
    return subprocess.run(
        [DEMO, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120 * SLOWNESS,
        check=False,
    )


class WrongInputTest(unittest.TestCase):
    def _assert_refused(self, word, *arguments):
        done = run(*arguments)

        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(done.stderr, r"^demo-stack: [^\n]+\n$")
        self.assertIn(word, done.stderr)

    def test_wrong_input_is_refused_in_one_line(self):
        self._assert_refused("--seconds: 0", "--seconds=0")
        self._assert_refused("soon", "--seconds", "soon")
        self._assert_refused("nan", "--seconds=nan")
        self._assert_refused("/no/such", "--reeve", "/no/such")
        self._assert_refused("/etc/passwd", "--reeve", "/etc/passwd")
        self._assert_refused("--fast", "--fast")

    def test_help_starts_nothing(self):
        done = run("--help")

        self.assertEqual(done.returncode, 0)
        self.assertIn("--seconds N", done.stdout)


class Demo:
    """A demonstration that runs, and what it has printed."""

    def __init__(self, *arguments):
        self._process = subprocess.Popen(
            [DEMO, "--reeve", REEVE, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.pid = self._process.pid
        self._lines = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.append(line)

    def text(self):
        return "".join(self._lines)

    def match(self, pattern, seconds=60):
        """The match of a pattern in what it prints, once there is one."""
        return eventually(
            lambda: re.search(pattern, self.text(), re.MULTILINE),
            seconds,
            f"{pattern} in\n{self.text()}",
        )

    def servers(self):
        """The processes that it has started and that name its folder."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(parent) == self.pid and b"/reeve-demo-" in words:
                found.append(int(entry.name))
        return found

    def cgroups(self):
        return [
            root / f"reeve-demo-{self.pid}"
            for root in cgroup_roots()
            if (root / f"reeve-demo-{self.pid}").exists()
        ]

    def wait(self):
        status = self._process.wait(60 * SLOWNESS)
        self._reader.join()
        return status

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self.wait()
        self._process.stdout.close()


class DemoTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        if PROMETHEUS is None or ALERTMANAGER is None:
            self.skipTest("prometheus and prometheus-alertmanager are not installed")

    def _start(self, *arguments):
        demo = Demo(*arguments)
        self.addCleanup(demo.close)
        return demo

    def _assert_gone(self, demo, servers):
        folder = re.search(r"--socket=(/\S+?/reeve-demo-\w+)/", demo.text())[1]
        self.assertEqual(len(servers), 3)
        for pid in servers:
            self.assertFalse(process_is_there(pid))
        self.assertFalse(os.path.exists(folder))
        self.assertEqual(demo.cgroups(), [])
        shims = subprocess.run(
            ["pgrep", "-f", folder], capture_output=True, text=True, check=False
        )
        self.assertEqual(shims.stdout, "")

    def test_an_alert_comes_and_goes_and_ctrl_c_ends_it_all(self):
        demo = self._start()

        urls = [
            demo.match(rf"^  {name} +(http://127\.0\.0\.1:\d+)")[1]
            for name in ("Prometheus", "Alertmanager", "the agent")
        ]
        update = shlex.split(demo.match(r"^  (/.* update .* throttled)$")[1])
        servers = demo.servers()
        self.assertNotEqual(demo.cgroups(), [])
        for url in urls:
            self.assertEqual(http_get(f"{url}/-/ready")[0], 200, url)
        demo.match(r"FIRING +info +TaskCPUThrottlingHigh\n  Task throttled on .* 5\s")
        subprocess.run(update, stdout=subprocess.DEVNULL, timeout=60, check=True)
        demo.match(r"RESOLVED +info +TaskCPUThrottlingHigh: Task throttled is held back")
        os.kill(demo.pid, signal.SIGINT)

        self.assertEqual(demo.wait(), 0)
        self.assertIn("All of it has ended.", demo.text())
        self.assertNotIn("calm", re.sub(r"(?s).*Ctrl-C ends", "", demo.text()))
        self._assert_gone(demo, servers)

    def test_it_ends_by_itself_after_the_time_given(self):
        demo = self._start("--seconds=2")
        demo.match("Ctrl-C ends it all")
        servers = demo.servers()

        self.assertEqual(demo.wait(), 0)
        self._assert_gone(demo, servers)

    def test_a_program_that_is_no_reeve_is_told_and_leaves_nothing(self):
        done = run("--reeve", "/bin/false")

        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^demo-stack: false ended: [^\n]+\n$")


if __name__ == "__main__":
    unittest.main()
