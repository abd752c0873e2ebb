"""Tasks of many kinds, while their agent is killed again and again.

$REEVE_SEED chooses another course of events; it is printed if the test fails.
$REEVE_CHAOS is "TASKS,RESTARTS" for more or fewer of them.
"""

import collections
import concurrent.futures
import os
import random
import signal
import subprocess
import time
import unittest

from harness import (
    SLOWNESS,
    AgentTest,
    cgroups_below,
    children,
    eventually,
    process_is_there,
    program,
)

SEED = int(os.environ.get("REEVE_SEED", "20"))
TASKS, RESTARTS = map(int, os.environ.get("REEVE_CHAOS", "60,15").split(","))
ONE_SHIM_IN = 10
# The tasks that end by themselves do so while agents come and go.
SECONDS = 0.5 * RESTARTS

# What a task runs, and the exit code that it ends with; None runs on, LOGS does, too,
# and writes to the log of its shim: without that it may end by SIGPIPE.
LOGS = object()
Kind = collections.namedtuple("Kind", "flags command code")


def shell(script, code, *flags):
    return Kind(flags, ["/bin/sh", "-c", script], code)


def kinds(rng):
    """One task of each kind, ending at a time of its own."""
    delay = f"{rng.uniform(0.1, SECONDS):.2f}"
    code = rng.randrange(1, 126)
    number = rng.choice([1, 2, 6, 9, 11, 13, 14, 15])
    return [
        Kind((), ["/bin/sleep", "1000"], None),
        Kind((), [program("burn"), "--seconds", "1000"], None),
        shell(f"sleep {delay}; exit {code}", code),
        shell(f"sleep {delay}; kill -{number} $$", 128 + number),
        shell(f"sleep {delay}; exit 0", 0, "--memory=64M", "--pids=32"),
        shell("while :; do sleep 0.02; done", None),
        shell(f"(setsid sleep 1000 &) ; (setsid sleep 1000 &); sleep {delay}", 0),
        shell(f"yes | head -c 3000000; sleep {delay}; exit {code}", code),
        shell("while :; do echo line; sleep 0.01; done", LOGS, "--log-max-size=8K",
              "--log-max-files=2"),
        shell(f"sleep {delay}; exit {code}", code, "--group=g"),
        shell(f"sleep {delay}; exit {code}", code, "--restart=on-failure:2",
              "--restart-backoff=50ms"),
        Kind(("--stdout=/dev/null", "--stderr=/dev/null"), ["/bin/sleep", "1000"],
             None),
    ]


class ChaosTest(AgentTest):
    def setUp(self):
        super().setUp()
        self._rng = random.Random(SEED)
        self._counters = {}
        self._expected = {}
        self._shimless = set()

    def _launch_all(self):
        self._adopted = subprocess.Popen(["/bin/sleep", "1000"])
        self.agent.must("adopt", self._adopted.pid, "--id", "adopted")
        chosen = []
        while len(chosen) < TASKS:
            chosen += kinds(self._rng)
        for number, kind in enumerate(chosen[:TASKS]):
            name = f"t{number}"
            self._expected[name] = kind.code
            self.agent.launch(name, *kind.flags, "--", *kind.command)

    def _kill_shims(self):
        for name in self._rng.sample(sorted(self._expected), TASKS // ONE_SHIM_IN):
            detail = self.agent.inspect(name)
            shim = detail.get("shim_pid", 0)
            if detail["task"]["state"] != "TASK_STATE_RUNNING" or not shim:
                continue
            self._shimless.add(name)
            try:
                os.kill(shim, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def _look_at_counters(self):
        """None of a task has ever become smaller."""
        for sample in self.agent.metrics():
            task = sample.labels.get("task")
            if task is None or not sample.name.endswith("_total"):
                continue
            key = (sample.name, tuple(sorted(sample.labels.items())))
            before = self._counters.get(key, 0)
            self.assertGreaterEqual(sample.value, before - 1e-9, f"{key}")
            self._counters[key] = sample.value

    def _restart_often(self):
        for turn in range(RESTARTS):
            time.sleep(self._rng.uniform(0, 0.3))
            self.agent.kill_and_restart()
            self._look_at_counters()
            if turn == RESTARTS // 2:
                self._kill_shims()

    def _check_end(self, name):
        code = self._expected[name]
        status = self.agent.wait(name)
        if status["code"] == -1:
            self.assertIn(name, self._shimless, f"{name}: {status}")
            self.assertTrue(status.get("reason"))
        else:
            self.assertEqual(status["code"], code, f"{name}: {status}")

    def _running(self):
        """Names of the tasks that run on, as they have to."""
        for name, code in self._expected.items():
            if code is None or (code is LOGS and name not in self._shimless):
                yield name

    def _check_writers_without_reader(self):
        """What they wrote to is gone with the shim."""
        for name, code in self._expected.items():
            if code is LOGS and name in self._shimless:
                self.assertTrue(self.agent.wait(name).get("reason"))

    def _check_all_run_or_ended_rightly(self):
        ending = [
            name for name, code in self._expected.items() if code not in (None, LOGS)
        ]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(self._check_end, ending))
        for name in self._running():
            task = self.agent.task(name)
            self.assertEqual(task["state"], "TASK_STATE_RUNNING", name)
            self.assertTrue(process_is_there(task["pid"]), name)
        self._check_writers_without_reader()
        self.assertEqual(
            self.agent.task("adopted")["state"], "TASK_STATE_RUNNING"
        )

    def _stop_all(self):
        running = list(self._running())
        pids = [self.agent.task(name)["pid"] for name in running]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: self.agent.must("stop", name), running))
        for pid in pids:
            self.assertFalse(process_is_there(pid))
        stop = self.agent.begin("stop", "--signal=KILL", "adopted")
        self._adopted.wait()
        self.assertEqual(stop.wait(60 * SLOWNESS), 0)
        for name in [*self._expected, "adopted"]:
            self.agent.must("rm", name)

    def _check_nothing_is_left(self):
        eventually(
            lambda: not cgroups_below(self.agent.cgroup_parent),
            30,
            "the cgroups are removed",
        )
        self.assertEqual(list((self.agent.state_dir / "tasks").iterdir()), [])
        eventually(lambda: not children(self.agent.pid), 10, "shims are reaped")
        files = self.agent.open_files()
        self.assertLess(files, 40, "open files are left")

    def test_no_task_is_lost_when_agents_and_shims_are_killed(self):
        with self.subTest(seed=SEED):
            self._launch_all()
            self._look_at_counters()
            self._restart_often()
            self._check_all_run_or_ended_rightly()
            self._stop_all()
            self._check_nothing_is_left()


if __name__ == "__main__":
    unittest.main()
