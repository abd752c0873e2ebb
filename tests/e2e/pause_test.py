"""Tasks that are held still and let go on."""

import time
import unittest

from harness import AgentTest, eventually, program


class PauseTest(AgentTest):
    def _burn(self):
        self.agent.launch("task", "--", program("burn"), "--seconds", 600)

    def _is_at_work(self):
        before, _ = self.agent.cpu_seconds("task")
        time.sleep(0.7)
        return self.agent.cpu_seconds("task")[0] > before

    def test_a_paused_task_stands_still_until_it_is_resumed(self):
        self._burn()
        eventually(self._is_at_work, what="the task runs")

        self.agent.must("pause", "task")

        self.assertEqual(self.agent.task("task")["state"], "TASK_STATE_PAUSED")
        self.assertRegex(self.agent.must("ps"), r"\ntask .* paused ")
        self.assertEqual(self.agent.await_metric("reeve_tasks", state="paused"), 1)
        self.assertEqual(self.agent.metric("reeve_tasks", state="running"), 0)
        self.assertFalse(self._is_at_work())
        self.agent.must("pause", "task")

        self.agent.must("resume", "task")

        self.assertEqual(self.agent.task("task")["state"], "TASK_STATE_RUNNING")
        eventually(self._is_at_work, what="the task goes on")
        self.agent.must("resume", "task")

    def test_a_paused_task_is_updated_and_stopped(self):
        self._burn()
        self.agent.must("pause", "task")

        self.agent.must("update", "--pids=16", "task")
        told = self.agent.must("stop", "--signal=TERM", "task")

        self.assertEqual(told, "exited 143 (SIGTERM)\n")

    def test_only_a_task_that_runs_is_paused_or_resumed(self):
        self.agent.launch("task", "--", "true")
        self.agent.wait("task")
        for command in ("pause", "resume"):
            unknown = self.agent.reeve(command, "nobody")
            exited = self.agent.reeve(command, "task")

            self.assertEqual(unknown.returncode, 125)
            self.assertEqual(
                unknown.stderr, 'reeve: no task nobody: "reeve ps" lists them\n'
            )
            self.assertEqual(exited.returncode, 125)
            self.assertEqual(exited.stderr, "reeve: task task is not running\n")

    def test_an_agent_that_was_killed_finds_the_paused_task_paused(self):
        self._burn()
        self.agent.must("pause", "task")

        self.agent.kill_and_restart()

        self.assertEqual(self.agent.task("task")["state"], "TASK_STATE_PAUSED")
        self.assertFalse(self._is_at_work())
        self.agent.must("resume", "task")
        eventually(self._is_at_work, what="the task goes on")


if __name__ == "__main__":
    unittest.main()
