"""Tasks that are hard to measure: those that end at once, and daemons."""

import contextlib
import fcntl
import os
import pathlib
import re
import unittest

from harness import SLOWNESS, Agent, AgentTest, eventually, process_is_there, program

CPU_SECONDS = "reeve_task_cpu_usage_seconds_total"


class ShortTaskTest(AgentTest):
    def test_the_final_sample_of_a_task_of_5_ms_has_its_cpu_time(self):
        self.agent.launch("flash", "--", program("burn"), "--seconds", 0.005)

        status = self.agent.wait("flash")
        used, _ = self.agent.cpu_seconds("flash")

        self.assertEqual(status["code"], 0)
        # Busy for 5 ms of wall time, part of which another program may have had.
        self.assertGreater(used, 0.002)
        self.assertLess(used, 0.1 * SLOWNESS)
        self.agent.await_value(used, CPU_SECONDS, task="flash")

    def test_a_task_that_only_exits_is_measured(self):
        self.agent.launch("exit", "--", program("exit_with"), 3)

        status = self.agent.wait("exit")

        self.assertEqual(status["code"], 3)
        self.assertGreater(self.agent.cpu_seconds("exit")[0], 0)


class DaemonTest(AgentTest):
    def _launch(self, *flags):
        """Launches a program that daemonizes; returns the daemon's pid."""
        output = self.agent.folder / "stdout"
        self.agent.launch(
            "daemon",
            f"--stdout={output}",
            *flags,
            "--",
            program("daemonize"),
            "--seconds",
            600,
        )
        text = eventually(
            lambda: re.search(r"daemon (\d+)\n", output.read_text()),
            what="the daemon's pid",
        )
        return int(text.group(1))

    def test_a_daemon_is_measured_and_dies_with_stop(self):
        pid = self._launch("--exit-type=cgroup")
        main = self.agent.task("daemon")["pid"]
        eventually(lambda: not process_is_there(main), what="the main process ended")

        eventually(
            lambda: (self.agent.metric(CPU_SECONDS, task="daemon") or 0)
            > 0.5 / SLOWNESS,
            what="the daemon's CPU time is measured",
        )
        self.assertEqual(self.agent.task("daemon")["state"], "TASK_STATE_RUNNING")
        self.assertTrue(process_is_there(pid))
        self.agent.must("stop", "--grace=0s", "daemon")

        eventually(lambda: not process_is_there(pid), what="the daemon is gone")
        self.assertEqual(self.agent.task("daemon")["state"], "TASK_STATE_EXITED")

    def test_what_the_main_process_leaves_behind_is_killed(self):
        pid = self._launch()

        status = self.agent.wait("daemon")

        self.assertEqual(status["code"], 0)
        eventually(lambda: not process_is_there(pid), what="the daemon is gone")
        self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())


class TakeOverTest(AgentTest):
    def test_a_new_agent_takes_over_from_one_that_runs(self):
        self.agent.launch("busy", "--", program("burn"), "--seconds", 600)
        self.agent.launch("ends", "--", "sleep", "1000")
        pids = {task["id"]: task["pid"] for task in self.agent.tasks()}
        eventually(lambda: self.agent.metric(CPU_SECONDS, task="busy"))
        before = self.agent.metric(CPU_SECONDS, task="busy")

        self.assertEqual(self.agent.take_over(), 0)

        self.assertEqual(
            {task["id"]: task["pid"] for task in self.agent.tasks()}, pids
        )
        self.assertGreaterEqual(
            self.agent.await_metric(CPU_SECONDS, task="busy"), before
        )
        self.agent.must("stop", "--signal=TERM", "ends")
        self.assertEqual(self.agent.wait("ends")["code"], 143)

    def test_again_and_again(self):
        self.agent.launch("stays", "--", "sleep", "1000")
        first = self.agent.pid

        self.assertEqual(self.agent.take_over(), 0)
        self.assertEqual(self.agent.take_over(), 0)

        self.assertNotEqual(self.agent.pid, first)
        self.assertEqual(self.agent.task("stays")["state"], "TASK_STATE_RUNNING")

    def test_without_one_that_runs_it_just_starts(self):
        with contextlib.closing(Agent("--take-over")) as agent:
            self.assertEqual(agent.tasks(), [])

    def test_nobody_else_is_ended(self):
        """The directory is locked by a process that is no agent."""
        state = self.agent.folder / "other"
        state.mkdir()
        with open(state / "lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.write(f"{os.getppid()}\n")
            lock.flush()

            told = self.agent.reeve(
                "agent", "--take-over", f"--state-dir={state}",
                "--web.listen-address=",
            )

        self.assertEqual(told.returncode, 125)
        self.assertIn("not by the agent that it names", told.stderr)


if __name__ == "__main__":
    unittest.main()
