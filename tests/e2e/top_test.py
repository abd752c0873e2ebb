"""`reeve top`: on a real terminal, which is tmux's, and as plain text."""

import json
import os
import re
import shlex
import signal
import subprocess
import unittest

from harness import REEVE, SLOWNESS, AgentTest, eventually, program

BAR = "━"


class Tmux:
    """A terminal of its own, with a shell in it."""

    def __init__(self, folder, columns, lines):
        self._command = ["tmux", "-u", "-f", "/dev/null", "-S", str(folder / "tmux")]
        shell = ["env", "PS1=$ ", "LANG=C.UTF-8", "NO_COLOR=", "sh"]
        size = ["-x", str(columns), "-y", str(lines)]
        self._commands = 0
        # Esc is to come at once, and the size is to be as told.
        self.run("new-session", "-d", *size, shlex.join(shell), ";",
                 "set-option", "-s", "escape-time", "0", ";",
                 "set-option", "-g", "window-size", "manual")

    def run(self, *arguments):
        return subprocess.run(
            [*self._command, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=True,
        ).stdout

    def keys(self, *keys):
        self.run("send-keys", *keys)

    def type(self, text):
        self.run("send-keys", "-l", text)

    def command(self, text):
        """Has the shell run something, and waits until it has."""
        self.shows(self.begin(text))

    def begin(self, text):
        """Types a command; returns what is shown once it has ended.

        The number is worked out by the shell, so that what was typed is not
        taken for what was answered.
        """
        self._commands += 1
        self.type(f"{text}; echo end$(({self._commands}+0)) code $?\n")
        return f"end{self._commands} code "

    def resize(self, columns, lines):
        self.run("resize-window", "-x", str(columns), "-y", str(lines))

    def screen(self, *flags):
        return self.run("capture-pane", "-p", *flags).splitlines()

    def shows(self, *texts):
        """Waits until all texts are on the screen; returns its lines."""
        try:
            return eventually(
                lambda: self._with(texts), 60, f"{texts} on the screen"
            )
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(self.screen())) from None

    def shows_not(self, *texts):
        eventually(
            lambda: not any(text in "\n".join(self.screen()) for text in texts),
            60,
            f"{texts} not on the screen",
        )

    def _with(self, texts):
        screen = self.screen()
        whole = "\n".join(screen)
        return screen if all(text in whole for text in texts) else None

    def close(self):
        subprocess.run([*self._command, "kill-server"], check=False)


class TopTest(AgentTest):
    def setUp(self):
        super().setUp()
        # Two threads that want a core each and get a fifth of one together.
        self.agent.launch("burner", "--group=shop", "--cpus=0.2", "--memory=64M",
                          "--", program("burn"), "--threads", 2, "--seconds", 600)
        self.agent.launch("idler", "--group=shop", "--", "/bin/sleep", "600")
        self.agent.launch("lonely", "--", "/bin/sleep", "600")

    def _row(self, screen, name):
        return next(line.split() for line in screen if line.startswith(name))


class PlainTopTest(TopTest):
    def test_plain_text_has_no_escape_and_the_busiest_task_first(self):
        def busiest_first():
            text = self.agent.must("top", "--iterations=3", "--interval=500ms")
            self.assertNotIn("\x1b", text)
            rounds = text.rstrip("\n").split("\n\n")
            self.assertEqual(len(rounds), 3)
            headings, first = rounds[2].splitlines()[2:4]
            self.assertEqual(headings.split()[:5],
                             ["ID", "GROUP", "STATE", "CPU%", "THROT%"])
            return first.split()[:3] == ["burner", "shop", "running"]

        eventually(busiest_first, 60, "the busy task is the first")

    def test_throttling_is_that_since_the_round_before(self):
        def mostly_throttled():
            text = self.agent.must("top", "--batch", "--iterations=2")
            row = self._row(text.split("\n\n")[1].splitlines(), "burner")
            return row[4].isdigit() and int(row[4]) > 50

        eventually(mostly_throttled, 60, "most periods were cut short")

    def test_json_is_an_object_a_round(self):
        text = self.agent.must("top", "--json", "--iterations=2", "--sort=id",
                               "--group=shop", "--interval=100ms")
        rounds = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(len(rounds), 2)
        for found in rounds:
            ids = [task["id"] for task in found["tasks"]]
            self.assertEqual(ids, ["burner", "idler"])
            self.assertGreater(found["host"]["cpus"], 0)
        burner = rounds[1]["tasks"][0]
        self.assertEqual(burner["memory_limit_bytes"], 64 << 20)

    def test_ends_when_nobody_reads(self):
        command = [REEVE, "top", f"--socket={self.agent.socket}", "--batch",
                   "--interval=100ms"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            process.stdout.close()
            process.wait(60 * SLOWNESS)


class LiveTopTest(TopTest):
    def setUp(self):
        super().setUp()
        self.tmux = Tmux(self.agent.folder, 120, 24)
        self.addCleanup(self.tmux.close)
        self.tmux.command(f"stty -a > {self.agent.folder}/before")

    def _top(self, *flags):
        """Starts it, and returns what is shown when it ended."""
        words = [str(REEVE), "top", f"--socket={self.agent.socket}", *flags]
        ended = self.tmux.begin(shlex.join(words))
        self.tmux.shows("reeve  3 tasks: 3 running", "idler")
        return ended

    def _modes(self, file):
        """What `stty -a` said, but for the size."""
        return re.sub(r"(rows|columns) \d+", "", file.read_text())

    def _assert_restored(self):
        after = self.agent.folder / "after"
        self.tmux.command(f"stty -a > {after}")
        before = self.agent.folder / "before"
        self.assertEqual(self._modes(after), self._modes(before))
        # The main screen is there again, with nothing of the other one.
        self.assertNotIn("THROT%", "\n".join(self.tmux.screen()))
        cursor = self.tmux.run("display-message", "-p",
                               "#{cursor_flag} #{alternate_on}")
        self.assertEqual(cursor.split(), ["1", "0"])

    def _top_pid(self):
        """Of the one process whose executable is reeve and command top."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if words[:2] == [str(REEVE).encode(), b"top"]:
                if f"--socket={self.agent.socket}".encode() in words:
                    return int(pid)
        raise AssertionError("no reeve top runs")

    def test_what_a_user_does(self):
        ended = self._top()

        def throttled_first():
            screen = self.tmux.screen()
            row = next((i for i, line in enumerate(screen)
                        if line.startswith("ID ")), None)
            if row is None:
                return False
            first = screen[row + 1].split()
            # ID GROUP STATE CPU% THROT%
            return first[0] == "burner" and first[4].isdigit() and (
                int(first[4]) > 50)

        eventually(throttled_first, 60, "the throttled task is on top")
        screen = self.tmux.shows("64M", "OF LIMIT", BAR, "COMMAND")
        self.assertTrue(all(len(line) <= 120 for line in screen))

        self.tmux.keys("/")
        self.tmux.type("LONE")
        self.tmux.shows_not("idler", "burner")
        self.tmux.shows("filter LONE_")
        self.tmux.keys("Enter")
        self.tmux.shows("filter LONE ", "lonely")
        self.tmux.keys("Escape")
        self.tmux.shows("idler", "burner")

        self.tmux.keys("t")
        self.tmux.shows("\n  burner ", "2 tasks")
        self.tmux.keys("t")
        self.tmux.shows("\nburner ")

        self.tmux.keys("Home", "Enter")
        self.tmux.shows("burner  running  group shop", "PID", " burn")
        self.tmux.keys("Escape")
        self.tmux.shows("THROT%", "idler")

        self.tmux.keys("h")
        self.tmux.shows("any key goes back")
        self.tmux.keys("x")
        self.tmux.shows("THROT%")

        self.tmux.keys("p")
        self.tmux.shows("paused  ")
        self.tmux.keys("p")
        self.tmux.shows("every 1s")

        self.tmux.resize(60, 20)
        self.tmux.shows_not("COMMAND")
        screen = self.tmux.shows("THROT%", "OF LIMIT")
        self.assertTrue(all(len(line) <= 60 for line in screen), screen)

        self.tmux.keys("q")
        self.tmux.shows(f"{ended}0")
        self._assert_restored()

    def test_every_signal_leaves_the_terminal_as_it_was(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129),
                             (signal.SIGQUIT, 131), (signal.SIGINT, 0)):
            ended = self._top()
            os.kill(self._top_pid(), number)
            self.tmux.shows(f"{ended}{code}")
            self._assert_restored()
            self.tmux.command("clear")

    def test_keys_of_the_terminal_end_and_stop_it(self):
        self.tmux.command("set -m")
        self._top()
        self.tmux.keys("C-z")
        self.tmux.shows("Stopped")
        self._assert_restored()
        ended = self.tmux.begin("fg")
        self.tmux.shows("reeve  3 tasks", "THROT%")
        self.tmux.keys("C-c")
        self.tmux.shows(f"{ended}0")
        self._assert_restored()

    def test_an_agent_that_is_gone_is_waited_for(self):
        ended = self._top("--interval=200ms")
        self.agent.kill_and_restart()
        self.agent.launch("newcomer", "--", "/bin/sleep", "600")
        self.tmux.shows("reeve  4 tasks", "burner", "newcomer")
        self.tmux.keys("q")
        self.tmux.shows(f"{ended}0")

    def test_colours_are_not_for_everybody(self):
        ended = self._top()
        self.assertIn("\x1b[36m", "\n".join(self.tmux.screen("-e")))
        self.tmux.keys("q")
        self.tmux.shows(f"{ended}0")
        self.tmux.command("clear; export NO_COLOR=1")
        self._top()
        plain = "\n".join(self.tmux.screen("-e"))
        for colour in range(31, 37):
            self.assertNotIn(f"\x1b[{colour}m", plain)


if __name__ == "__main__":
    unittest.main()
