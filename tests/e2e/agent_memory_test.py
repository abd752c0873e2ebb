"""An agent that is killed for want of memory, and tasks that do not notice."""

import errno
import os
import pathlib
import unittest

from harness import (
    REEVE,
    Agent,
    AgentTest,
    cgroup_roots,
    cgroups_below,
    eventually,
    process_is_there,
    remove_cgroups,
)

TASKS = 8
# An agent with ROOM has none for so many more.
MORE_TASKS = 200
ROOM = 512 << 10
# Of a limit that is lowered.
STEP = 64 << 10
CONFINEMENT = f"/reeve-e2e-agent-{os.getpid()}"


def v1_memory_root():
    """Where the memory controller of cgroup v1 is mounted; None without it."""
    roots = [
        root for root in cgroup_roots() if (root / "memory.limit_in_bytes").exists()
    ]
    return roots[0] if roots else None


class ConfinedAgent(Agent):
    """It and the shims that it starts are in a memory cgroup, CONFINEMENT."""

    def __init__(self, root):
        self._folder = root / CONFINEMENT.lstrip("/")
        self._folder.mkdir()
        # Nothing is swapped out instead.
        (self._folder / "memory.swappiness").write_text("0")
        super().__init__(preexec_fn=self._enter)

    def _enter(self):
        (self._folder / "cgroup.procs").write_text("0")

    def tighten(self, room):
        """Leaves so many bytes above what the kernel cannot reclaim."""
        file = self._folder / "memory.limit_in_bytes"
        limit = int((self._folder / "memory.usage_in_bytes").read_text())
        try:
            while True:
                file.write_text(str(limit))
                limit -= STEP
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
        file.write_text(str(int(file.read_text()) + room))

    def oom_kills(self):
        text = (self._folder / "memory.oom_control").read_text()
        return int(dict(map(str.split, text.splitlines()))["oom_kill"])

    def end_status(self):
        """How the agent ended; None while it runs."""
        return self._process.poll()


class Process:
    """A process, told from a later one with its pid."""

    def __init__(self, pid):
        self._pid = pid
        self._started = self._start_time()

    def _start_time(self):
        stat = pathlib.Path(f"/proc/{self._pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[19]

    def is_there(self):
        return process_is_there(self._pid) and self._start_time() == self._started


class AgentMemoryTest(AgentTest):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("making cgroups needs root")
        root = v1_memory_root()
        if root is None:
            self.skipTest("the memory controller is not on cgroup v1 here")
        if not REEVE.exists():
            self.fail(f"{REEVE} is not there: bazel build //agent:reeve")
        self.addCleanup(remove_cgroups, CONFINEMENT)
        self.agent = ConfinedAgent(root)
        self.addCleanup(self.agent.close)

    def _launch_tasks(self):
        """Tasks that end with a code of their own, each by SIGTERM."""
        for number in range(TASKS):
            script = f"trap 'exit {number + 10}' TERM; while :; do sleep 0.05; done"
            self.agent.launch(
                f"t{number}", "--memory=16M", "--", "/bin/sh", "-c", script
            )

    def _launch_until_killed(self):
        """The further tasks of which the agent could still say that they run."""
        told = []
        for number in range(MORE_TASKS):
            name = f"more{number}"
            done = self.agent.reeve(
                "run", "--detach", "--id", name, "--", "sleep", "1000"
            )
            if done.returncode == 0:
                told.append(name)
            if self.agent.end_status() is not None:
                return told
        self.fail(f"{MORE_TASKS} more tasks run, and the agent too")

    def _processes(self):
        """Main process and shim of each of the first tasks."""
        details = [self.agent.inspect(f"t{number}") for number in range(TASKS)]
        return {
            detail["task"]["id"]: (
                Process(detail["task"]["pid"]),
                Process(detail["shim_pid"]),
            )
            for detail in details
        }

    def test_tasks_outlive_an_agent_that_has_no_memory_for_a_launch(self):
        self._assert_tasks_outlive_an_agent_with(room=0)

    def test_tasks_outlive_an_agent_that_has_memory_for_some_launches(self):
        self._assert_tasks_outlive_an_agent_with(room=ROOM)

    def _assert_tasks_outlive_an_agent_with(self, room):
        self._launch_tasks()
        before = self._processes()

        self.agent.tighten(room)
        told = self._launch_until_killed()

        self.assertEqual(self.agent.end_status(), -9, self.agent.log())
        self.assertEqual(self.agent.oom_kills(), 1)
        self._assert_all_there(before)

        # The next one is not confined.
        self.agent.kill_and_restart(preexec_fn=None)

        self._assert_all_there(before)
        tasks = {task["id"]: task for task in self.agent.tasks()}
        for name in [*before, *told]:
            self.assertEqual(tasks[name]["state"], "TASK_STATE_RUNNING", name)
        self._assert_ends_are_told(before)
        for name in tasks.keys() - before.keys():
            self.agent.must("stop", "--grace=0s", name)
        eventually(
            lambda: not cgroups_below(self.agent.cgroup_parent),
            what="the cgroups are removed",
        )

    def _assert_all_there(self, processes):
        for name, (main, shim) in processes.items():
            self.assertTrue(main.is_there(), name)
            self.assertTrue(shim.is_there(), f"the shim of {name}")

    def _assert_ends_are_told(self, names):
        for name in names:
            self.agent.must("stop", "--signal=TERM", name)
            code = self.agent.task(name)["exit"]["code"]
            self.assertEqual(code, int(name[1:]) + 10, name)


if __name__ == "__main__":
    unittest.main()
