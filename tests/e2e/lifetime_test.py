"""Tasks that end at once, daemons, and tasks that outlive their agent."""

import contextlib
import fcntl
import os
import pathlib
import re
import signal
import subprocess
import unittest

from harness import (
    REEVE,
    SLOWNESS,
    Agent,
    AgentTest,
    eventually,
    process_is_there,
    program,
)

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


class NextAgentTest(AgentTest):
    """Who waits for a task does so with the next agent, too."""

    UNTIL_TOLD = "while ! [ -e told ]; do sleep 0.05; done; exit 7"

    def _begin(self, *arguments):
        process = subprocess.Popen(
            [REEVE, arguments[0], f"--socket={self.agent.socket}", *arguments[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.agent.folder,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def _run(self, name, *arguments):
        """A task in the foreground, once it runs."""
        process = self._begin("run", f"--id={name}", *arguments)
        eventually(
            lambda: any(
                task["id"] == name and task["state"] == "TASK_STATE_RUNNING"
                for task in self.agent.tasks()
            ),
            what=f"{name} runs",
        )
        return process

    def _wait(self, name):
        """A command that waits, once the agent knows of it."""
        before = self.agent.open_files()
        process = self._begin("wait", name)
        eventually(lambda: self.agent.open_files() > before, what="it is connected")
        return process

    def _assert_ends(self, process, code, output=""):
        out, errors = process.communicate(timeout=60 * SLOWNESS)
        self.assertEqual((process.returncode, out, errors), (code, output, ""))

    def test_those_who_wait_are_told_how_the_task_ended(self):
        for change in (self.agent.kill_and_restart, self.agent.take_over):
            with self.subTest(change.__name__):
                told = self.agent.folder / "told"
                told.unlink(missing_ok=True)
                script = ["--", "sh", "-c", self.UNTIL_TOLD]
                plain = self._run("plain", "--keep", *script)
                session = self._run("session", "--interactive", *script)
                waiter = self._wait("plain")

                change()
                told.touch()

                self._assert_ends(plain, 7)
                self._assert_ends(session, 7)
                self._assert_ends(waiter, 7, "7\n")
                self.agent.must("rm", "plain")
                eventually(lambda: not self.agent.tasks(), what="both are forgotten")

    def test_signals_reach_the_task_by_the_next_agent(self):
        plain = self._run("plain", "--", "sleep", "1000")
        session = self._run("session", "--interactive", "--", "sleep", "1000")
        self.agent.kill_and_restart()

        plain.send_signal(signal.SIGTERM)
        session.send_signal(signal.SIGTERM)

        self._assert_ends(plain, 143)
        self._assert_ends(session, 143)

    def test_the_shim_of_a_task_is_known_to_the_next_agent(self):
        self.agent.launch("web", "--", "sleep", "1000")
        shim = self.agent.inspect("web")["shim_pid"]
        self.assertGreater(shim, 0)

        self.agent.kill_and_restart()

        self.assertEqual(self.agent.inspect("web")["shim_pid"], shim)
        self.assertIn(f"shim pid      {shim}\n", self.agent.must("inspect", "web"))

    def test_a_process_that_was_adopted_has_no_shim(self):
        process = subprocess.Popen(["sleep", "1000"])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.agent.must("adopt", "--id=old", process.pid)

        self.assertNotIn("shim", self.agent.must("inspect", "old"))


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
