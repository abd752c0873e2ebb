"""Tasks that are started anew after they have ended."""

import os
import signal
import unittest

from harness import AgentTest, eventually


class RestartTest(AgentTest):
    def _attempt(self):
        return self.agent.task("task").get("attempt", 0)

    def _runs_in(self, attempt):
        task = self.agent.task("task")
        return task["state"] == "TASK_STATE_RUNNING" and task["attempt"] == attempt

    def _launch(self, *flags, script="exec sleep 600"):
        self.agent.launch(
            "task", "--restart-backoff=50ms", *flags, "--", "/bin/sh", "-c", script
        )

    def test_a_task_that_fails_is_started_anew_and_counted(self):
        self._launch("--restart=on-failure", "--memory=64M")
        self.assertEqual(self.agent.await_metric("reeve_task_restarts_total"), 0)
        before, _ = self.agent.cpu_seconds("task")

        os.kill(self.agent.task("task")["pid"], signal.SIGKILL)

        eventually(lambda: self._runs_in(2), what="the second attempt")
        eventually(
            lambda: self.agent.metric("reeve_task_restarts_total") == 1,
            what="the restart in the metrics",
        )
        self.assertEqual(
            self.agent.metric("reeve_task_memory_limit_bytes"), 64 << 20
        )
        self.assertGreaterEqual(self.agent.cpu_seconds("task")[0], before)
        detail = self.agent.must("inspect", "task")
        self.assertRegex(detail, r"(?m)^attempt +2$")
        self.assertRegex(detail, r"(?m)^last exit +137 \(SIGKILL\)$")
        self.assertRegex(detail, r"(?m)^restart +on failure$")

    def test_wait_is_for_the_last_attempt(self):
        self._launch("--restart=on-failure:2", script="exit 9")

        told = self.agent.reeve("wait", "task")

        self.assertEqual(told.returncode, 9)
        self.assertEqual(self._attempt(), 3)

    def test_a_task_between_two_attempts_is_shown_and_stopped(self):
        self.agent.launch(
            "task",
            "--restart=always",
            "--restart-backoff=30s",
            "--",
            "/bin/sh",
            "-c",
            "exit 4",
        )
        eventually(
            lambda: " restarting after 4 " in self.agent.must("ps"),
            what="the state in ps",
        )
        self.assertEqual(self.agent.await_metric("reeve_tasks", state="restarting"), 1)

        told = self.agent.must("stop", "task")

        self.assertEqual(told, "exited 4\n")

    def test_the_attempts_go_on_with_the_next_agent(self):
        self._launch("--restart=always")
        os.kill(self.agent.task("task")["pid"], signal.SIGKILL)
        eventually(lambda: self._runs_in(2), what="the second attempt")

        self.agent.kill_and_restart()

        self.assertTrue(self._runs_in(2))
        os.kill(self.agent.task("task")["pid"], signal.SIGKILL)
        eventually(lambda: self._runs_in(3), what="the third attempt")

    def test_wrong_policies_are_refused_and_leave_nothing(self):
        for flags, message in (
            (("--restart=often",), '"often" is none of never, on-failure[:N]'),
            (("--restart=always", "--restart-backoff=0s"), "restart backoff 0"),
            (
                ("--restart=always", "--restart-backoff=2m"),
                "longest restart backoff 1m is out of range",
            ),
        ):
            told = self.agent.reeve("run", "--detach", *flags, "--", "true")

            self.assertEqual(told.returncode, 125)
            self.assertIn(message, told.stderr)
        in_foreground = self.agent.reeve("run", "--restart=always", "--", "true")
        self.assertEqual(in_foreground.returncode, 125)
        self.assertIn("--detach", in_foreground.stderr)
        self.assertEqual(self.agent.tasks(), [])


if __name__ == "__main__":
    unittest.main()
