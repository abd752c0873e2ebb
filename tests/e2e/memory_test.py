"""A task that outgrows its memory, and how its end is told from another."""

import os
import signal
import unittest

from harness import AgentTest, eventually, process_is_there, program

OOM_KILLS = "reeve_task_memory_oom_kills_total"


class MemoryTest(AgentTest):
    def test_a_task_that_outgrows_its_memory_is_killed_and_counted(self):
        self.agent.launch(
            "greedy", "--memory=64M", "--", program("allocate"), "--mib", 200
        )

        status = self.agent.wait("greedy")

        self.assertEqual(status["code"], 137)
        self.assertEqual(status["signal"], signal.SIGKILL)
        self.assertTrue(status["oom_killed"])
        self.agent.await_value(1, OOM_KILLS, task="greedy")

    def test_a_kill_that_a_task_survives_is_counted_at_once(self):
        self.agent.launch(
            "survivor", "--memory=64M", "--", "/bin/sh", "-c",
            f"{program('allocate')} --mib 200; exec /bin/sleep 600",
        )  # fmt: skip

        self.agent.await_value(1, OOM_KILLS, task="survivor")
        self.agent.await_value(1, "reeve_oom_kills_total")

        self.assertEqual(self.agent.task("survivor")["state"], "TASK_STATE_RUNNING")

    def test_run_in_the_foreground_exits_as_the_killed_task_did(self):
        done = self.agent.reeve(
            "run", "--memory=64M", "--", program("allocate"), "--mib", 200
        )

        self.assertEqual(done.returncode, 137, done.stderr)

    def test_the_peak_stays_within_the_limit(self):
        self.agent.launch(
            "greedy", "--memory=64M", "--", program("allocate"), "--mib", 200
        )
        self.agent.wait("greedy")

        peak = int(self.agent.task("greedy")["usage"]["memory_peak_bytes"])

        self.assertGreater(peak, 48 << 20)
        self.assertLessEqual(peak, 64 << 20)

    def test_killed_from_outside_is_not_out_of_memory(self):
        self.agent.launch(
            "victim", "--memory=64M", "--", program("burn"), "--seconds", 600
        )
        pid = self.agent.task("victim")["pid"]

        os.kill(pid, signal.SIGKILL)

        status = self.agent.wait("victim")
        self.assertEqual(status["code"], 137)
        self.assertFalse(status["oom_killed"])
        self.assertEqual(self.agent.await_metric(OOM_KILLS, task="victim"), 0)
        self.assertFalse(process_is_there(pid))

    def test_killed_by_reeve_is_not_out_of_memory(self):
        self.agent.launch(
            "victim", "--memory=64M", "--", program("burn"), "--seconds", 600
        )

        self.agent.must("signal", "victim", "SIGKILL")

        status = self.agent.wait("victim")
        self.assertEqual(status["code"], 137)
        self.assertFalse(status["oom_killed"])

    def test_memory_that_a_task_holds_is_measured(self):
        self.agent.launch(
            "holder",
            "--memory=128M",
            "--",
            program("allocate"),
            "--mib",
            40,
            "--hold",
            600,
        )

        eventually(
            lambda: (self.agent.metric("reeve_task_memory_anon_bytes", task="holder") or 0)
            > 40 << 20,
            what="40 MiB are measured",
        )

        limit = self.agent.metric("reeve_task_memory_limit_bytes", task="holder")
        self.assertEqual(limit, 128 << 20)


if __name__ == "__main__":
    unittest.main()
