"""Further commands in running tasks, with streams and with a terminal."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time
import unittest

from harness import REEVE, AgentTest, eventually, process_is_there


class ExecTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.agent.launch("task", "--env=PATH", "--env=A=1", "--", "sleep", 1000)

    def _exec(self, *arguments, **options):
        """Runs reeve exec with streams of its own."""
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(
            [REEVE, "exec", f"--socket={self.agent.socket}", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
            **options,
        )

    def _shell(self, script, *flags, **options):
        return self._exec(*flags, "task", "--", "sh", "-c", script, **options)

    def test_streams_and_exit_status_are_those_of_the_command(self):
        done = self._shell("echo $A; echo err >&2; exit 3")

        self.assertEqual(done.stdout, b"1\n")
        self.assertEqual(done.stderr, b"err\n")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(self._shell("kill -TERM $$").returncode, 143)

    def test_input_is_passed_on_only_if_asked_for(self):
        self.assertEqual(self._shell("cat", "-i", stdin=None, input=b"x").stdout, b"x")
        self.assertEqual(self._shell("cat", stdin=None, input=b"x").stdout, b"")

    def test_it_is_in_the_cgroups_of_the_task(self):
        pid = self.agent.task("task")["pid"]
        with open(f"/proc/{pid}/cgroup", encoding="ascii") as file:
            expected = file.read()

        self.assertEqual(self._shell("cat /proc/self/cgroup").stdout.decode(), expected)

    def test_variables_directory_and_user_can_be_others(self):
        done = self._shell(
            "echo $A $B; pwd; id -un", "--env=A=2", "--env=B=3", "--cwd=/usr",
            "--user=nobody",
        )
        self.assertEqual(done.stdout, b"2 3\n/usr\nnobody\n")

    def test_what_cannot_be_run_is_told_by_the_exit_code(self):
        missing = self._exec("task", "--", "/no/such/program")
        directory = self._exec("task", "--", "/etc")
        nobody = self._exec("nobody", "--", "true")
        nothing = self._exec("task")

        self.assertEqual(missing.returncode, 127)
        self.assertEqual(directory.returncode, 126)
        self.assertEqual(nobody.returncode, 125)
        self.assertIn(b"no task nobody", nobody.stderr)
        self.assertEqual(nothing.returncode, 125)
        self.assertIn(b"PROGRAM is missing", nothing.stderr)

    def test_deadline_kills_it(self):
        pid_file = self.agent.folder / "pid"
        done = self._shell(f"echo $$ >{pid_file}; sleep 1000", "--deadline=500ms")

        self.assertEqual(done.returncode, 125)
        self.assertIn(b"deadline", done.stderr)
        self.assertFalse(process_is_there(int(pid_file.read_text())))

    def test_a_signal_or_the_end_of_the_caller_kills_it(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
            pid_file = self.agent.folder / f"pid{number}"
            caller = self.agent.begin(
                "exec", "task", "--", "sh", "-c",
                f"trap '' INT TERM; echo $$ >{pid_file}; while :; do sleep 1; done",
            )
            eventually(lambda: pid_file.exists() and pid_file.read_text())
            pid = int(pid_file.read_text())

            caller.send_signal(number)

            self.assertEqual(caller.wait(60), code)
            eventually(lambda: not process_is_there(pid), what="it is killed")
        self.assertEqual(self.agent.task("task")["state"], "TASK_STATE_RUNNING")


class ExecTerminalTest(AgentTest):
    task_flags = ()

    def setUp(self):
        super().setUp()
        self.agent.launch(
            "task", *self.task_flags, "--env=PATH", "--", "sleep", 1000
        )
        self._pid, self._terminal = 0, -1

    def _start(self, script, rows=24, columns=80):
        """Starts reeve exec -it on a terminal of its own."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(
                REEVE,
                [
                    str(REEVE), "exec", f"--socket={self.agent.socket}", "-it",
                    "task", "--", "sh", "-c", f"read start; {script}",
                ],
            )
        self._pid, self._terminal = pid, terminal
        self.addCleanup(os.close, terminal)
        self._output = b""
        self._before = termios.tcgetattr(terminal)
        self._resize(rows, columns)
        # Raw, so the command has its terminal and may begin.
        eventually(
            lambda: not termios.tcgetattr(terminal)[3] & termios.ICANON, what="raw"
        )
        self._type(b"\n")

    def _resize(self, rows, columns):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)

    def _type(self, keys):
        os.write(self._terminal, keys)

    def _read_until(self, text):
        deadline = time.monotonic() + 60
        while text not in self._output:
            self.assertLess(time.monotonic(), deadline, self._output)
            try:
                self._output += os.read(self._terminal, 4096)
            except OSError:
                break
        self.assertIn(text, self._output)

    def _wait(self):
        while True:
            try:
                if not os.read(self._terminal, 4096):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def test_it_has_a_terminal_of_the_size_of_this_one(self):
        self._start("tty; stty size; read again; stty size; exit 7", 31, 97)
        self._read_until(b"/dev/pts/")
        self._read_until(b"31 97")

        self._resize(40, 120)
        # It is told a moment later.
        time.sleep(0.5)
        self._type(b"\n")

        self._read_until(b"40 120")
        self.assertEqual(self._wait(), 7)

    def test_keys_are_the_commands(self):
        self._start(
            "trap 'echo caught' INT; echo ready; "
            "until read x; do :; done; echo got $x; exit 5"
        )
        self._read_until(b"ready")
        self._type(b"\x03")
        self._read_until(b"caught")
        self._type(b"words\n")
        self._read_until(b"got words")
        self.assertEqual(self._wait(), 5)

    def test_control_c_ends_a_command_that_does_not_handle_it(self):
        self._start("echo ready; exec sleep 1000")
        self._read_until(b"ready")
        self._type(b"\x03")
        self.assertEqual(self._wait(), 130)

    def test_the_terminal_is_as_before_afterwards(self):
        for script, code in (("exit 0", 0), ("kill -9 $$", 137)):
            self._start(script)
            self.assertEqual(self._wait(), code)
            self.assertEqual(termios.tcgetattr(self._terminal), self._before)


class NativeExecTerminalTest(ExecTerminalTest):
    """With a pid namespace, which the command joins after it has its streams."""

    task_flags = ("--isolation=native",)


if __name__ == "__main__":
    unittest.main()
