"""A fork bomb under a limit of processes."""

import time
import unittest

from harness import (
    SLOWNESS,
    AgentTest,
    cgroups_below,
    eventually,
    process_is_there,
    program,
)

LIMIT = 64


class PidsTest(AgentTest):
    def _processes(self, name):
        """Pids in the task's cgroups."""
        pids = set()
        for folder in cgroups_below(self.agent.cgroup_parent):
            if folder.name == name:
                pids |= set((folder / "cgroup.procs").read_text().split())
        return pids

    def test_a_fork_bomb_stays_inside_is_counted_and_ends_with_stop(self):
        self.agent.launch(
            "bomb", f"--pids={LIMIT}", "--", program("forkbomb"), "--seconds", 120
        )
        eventually(
            lambda: (
                self.agent.metric("reeve_task_fork_failures_total", task="bomb") or 0
            )
            > 0,
            what="forks are refused",
        )

        most = 0
        end = time.monotonic() + 2 * SLOWNESS
        while time.monotonic() < end:
            most = max(most, len(self._processes("bomb")))
            time.sleep(0.05)
        threads = self.agent.metric("reeve_task_threads", task="bomb")
        limit = self.agent.metric("reeve_task_threads_limit", task="bomb")
        inside = self._processes("bomb")
        self.agent.must("stop", "--grace=0s", "bomb")

        self.assertGreater(most, LIMIT / 2)
        self.assertLessEqual(most, LIMIT)
        self.assertLessEqual(threads, LIMIT)
        self.assertEqual(limit, LIMIT)
        eventually(
            lambda: not any(process_is_there(pid) for pid in inside),
            what="every process is gone",
        )
        self.assertEqual(self.agent.wait("bomb")["code"], 137)
        eventually(
            lambda: not self._processes("bomb"), what="the cgroup is empty or gone"
        )


if __name__ == "__main__":
    unittest.main()
