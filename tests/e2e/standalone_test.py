"""`reeve run` where no agent runs, and what it passes through."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from harness import REEVE, SLOWNESS, cgroup_roots, cgroups_below, eventually, program

DEFAULT_SOCKET = pathlib.Path("/run/reeve/reeve.sock")


class StandaloneTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        if DEFAULT_SOCKET.exists():
            self.skipTest(f"an agent runs here ({DEFAULT_SOCKET})")
        self.cgroup_parent = f"/reeve-e2e-{os.getpid()}-standalone"
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.addCleanup(self._remove_cgroups)

    def _remove_cgroups(self):
        for root in cgroup_roots():
            top = root / self.cgroup_parent.lstrip("/")
            if top.is_dir():
                top.rmdir()

    def _command(self, *arguments):
        return [
            REEVE,
            "run",
            f"--state-dir={self._folder.name}/state",
            f"--cgroup-parent={self.cgroup_parent}",
            *map(str, arguments),
        ]

    def _run(self, *arguments, **options):
        return subprocess.run(
            self._command(*arguments),
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
            **options,
        )

    def test_streams_and_exit_code_pass_through(self):
        done = self._run(
            "--", "/bin/sh", "-c", "cat; echo problem >&2; exit 7", input="words\n"
        )

        self.assertEqual(done.stdout, "words\n")
        self.assertEqual(done.stderr, "problem\n")
        self.assertEqual(done.returncode, 7)

    def test_limits_hold(self):
        done = self._run("--memory=64M", "--", program("allocate"), "--mib", 200)

        self.assertEqual(done.returncode, 137)

    def test_limits_of_each_process_hold(self):
        done = self._run(
            "--oom-score-adj=300",
            "--nice=5",
            "--rlimit=nofile=100:200",
            "--",
            "/bin/sh",
            "-c",
            "nice; ulimit -Sn; ulimit -Hn; cat /proc/self/oom_score_adj",
        )

        self.assertEqual(done.stdout.split(), ["5", "100", "200", "300"], done.stderr)

    def test_a_signal_is_passed_on(self):
        with subprocess.Popen(
            self._command(
                "--",
                "/bin/sh",
                "-c",
                "trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done",
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        ) as process:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(signal.SIGTERM)

            self.assertEqual(process.wait(30 * SLOWNESS), 3)

    def test_nothing_is_left(self):
        self._run("--memory=64M", "--pids=8", "--", "/bin/true")

        eventually(
            lambda: cgroups_below(self.cgroup_parent) == [], what="no cgroup is left"
        )
        tasks = pathlib.Path(self._folder.name) / "state" / "tasks"
        self.assertEqual(list(tasks.glob("*")) if tasks.exists() else [], [])

    def test_the_environment_is_as_given(self):
        done = self._run("--env", "COLOUR=blue", "--", "/usr/bin/env")

        self.assertEqual(done.stdout, "COLOUR=blue\n")

    def test_it_is_not_slow(self):
        begin = time.monotonic()

        done = self._run("--", "/bin/true")

        self.assertEqual(done.returncode, 0)
        self.assertLess(time.monotonic() - begin, 2 * SLOWNESS)


if __name__ == "__main__":
    unittest.main()
