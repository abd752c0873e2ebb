"""Tasks that are hard to measure: those that end at once, and daemons."""

import pathlib
import re
import unittest

from harness import SLOWNESS, AgentTest, eventually, process_is_there, program

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
        self.assertAlmostEqual(
            self.agent.await_metric(CPU_SECONDS, task="flash"), used, places=6
        )

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


if __name__ == "__main__":
    unittest.main()
