"""A task with a terminal, used from a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

from harness import SLOWNESS, AgentTest, eventually


class Terminal:
    """A terminal with one command of reeve in it."""

    def __init__(self, command, lines=40, columns=120):
        self.master, self.slave = pty.openpty()
        self.resize(lines, columns)
        self.before = termios.tcgetattr(self.slave)
        self.text = b""
        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def resize(self, lines, columns):
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def type(self, keys):
        os.write(self.master, keys)

    def expect(self, pattern, seconds=8):
        """Reads until the pattern is there; what is behind it stays."""
        deadline = time.monotonic() + seconds * SLOWNESS
        while True:
            match = re.search(pattern, self.text, re.DOTALL)
            if match:
                self.text = self.text[match.end() :]
                return match
            if time.monotonic() > deadline:
                raise AssertionError(f"{pattern} is not in {self.text!r}")
            if select.select([self.master], [], [], 0.1)[0]:
                self.text += os.read(self.master, 65536)

    def wait(self, seconds=30):
        deadline = time.monotonic() + seconds * SLOWNESS
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"does not end: {self.text!r}")
            if select.select([self.master], [], [], 0.05)[0]:
                self.text += os.read(self.master, 65536)
        return self.process.returncode

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


class TerminalTest(AgentTest):
    def _open(self, command, *arguments):
        terminal = Terminal(self.agent._command_line(command, arguments))
        self.addCleanup(terminal.close)
        return terminal

    def _run_shell(self):
        terminal = self._open(
            "run", "-it", "--keep", "--id=sh", "--env=PS1=ready>", "--env=PATH",
            "--", "/bin/sh", "-i",
        )
        terminal.expect(b"ready>")
        return terminal

    def test_the_size_is_that_of_the_terminal_also_after_a_change(self):
        terminal = self._run_shell()
        eventually(lambda: self._size(terminal) == b"40 120", what="the size")

        terminal.resize(50, 132)

        eventually(lambda: self._size(terminal) == b"50 132", what="the new size")

    def _size(self, terminal):
        terminal.type(b"stty size\n")
        size = terminal.expect(rb"\n(\d+ \d+)\r\n").group(1)
        terminal.expect(b"ready>")
        return size

    def test_exit_status_and_restored_terminal(self):
        terminal = self._run_shell()
        self.assertFalse(terminal.is_restored())

        terminal.type(b"exit 5\n")

        self.assertEqual(terminal.wait(), 5)
        self.assertTrue(terminal.is_restored())

    def test_control_c_ends_what_runs_in_the_foreground(self):
        terminal = self._run_shell()
        terminal.type(b"echo be''gin; sleep 1000\n")
        terminal.expect(b"begin")
        time.sleep(0.3)

        terminal.type(b"\x03")

        terminal.expect(b"ready>")
        terminal.type(b"echo code $?\n")
        terminal.expect(rb"\ncode 130")

    def test_control_z_and_fg(self):
        terminal = self._run_shell()
        terminal.type(b"sh -c 'echo be''gin; sleep 1; echo en''d'\n")
        terminal.expect(b"begin")
        time.sleep(0.2)

        terminal.type(b"\x1a")
        terminal.expect(b"Stopped")
        terminal.type(b"fg\n")

        terminal.expect(b"end\r\n")

    def test_control_d_ends_the_shell(self):
        terminal = self._run_shell()

        terminal.type(b"\x04")

        self.assertEqual(terminal.wait(), 0)

    def test_every_byte_passes_a_raw_terminal(self):
        # All but the keys that detach.
        sent = bytes(b for b in range(256) if b != 0x10)
        terminal = self._open(
            "run", "-it", "--env=PATH", "--", "/bin/sh", "-c",
            "stty raw -echo; echo ready; head -c 255",
        )
        terminal.expect(b"ready\n")

        terminal.type(sent)

        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(terminal.text, sent)

    def test_detach_and_attach_again(self):
        terminal = self._run_shell()
        terminal.type(b"VALUE=kept\n")
        terminal.expect(b"ready>")

        terminal.type(b"\x10\x11")

        self.assertEqual(terminal.wait(), 0)
        self.assertTrue(terminal.is_restored())
        self.assertEqual(self.agent.task("sh")["state"], "TASK_STATE_RUNNING")
        again = self._open("attach", "sh")
        again.expect(b"")
        again.type(b"echo $VALUE; exit 6\n")
        again.expect(rb"\nkept\r\n")
        self.assertEqual(again.wait(), 6)
        self.assertTrue(again.is_restored())

    def test_a_signal_puts_the_terminal_back(self):
        terminal = self._run_shell()

        terminal.process.send_signal(signal.SIGTERM)

        self.assertEqual(terminal.wait(), 128 + signal.SIGTERM)
        self.assertTrue(terminal.is_restored())

    def test_the_terminal_belongs_to_the_user_and_is_the_controlling_one(self):
        terminal = self._open(
            "run", "-it", "--user=nobody", "--env=PATH", "--cwd=/", "--",
            "/bin/sh", "-c", "echo to tty >/dev/tty; stat -c %U:%a $(tty)",
        )

        terminal.expect(b"to tty\r\n.*nobody:620")
        self.assertEqual(terminal.wait(), 0)

    def test_a_terminal_without_anybody_has_a_size_and_a_log(self):
        self.agent.launch("t", "-t", "--env=PATH", "--", "/bin/stty", "size")
        self.assertEqual(self.agent.wait("t")["code"], 0)

        self.assertEqual(self.agent.must("logs", "t"), "24 80\n")


if __name__ == "__main__":
    unittest.main()
