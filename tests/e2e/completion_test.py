"""What shells offer for a command line that somebody begins to type."""

import os
import shutil
import subprocess
import tempfile
import unittest

from harness import REEVE, AgentTest

# Completes a line as bash does when TAB is pressed at its end; "=" is a word.
BASH = r"""
source <("$REEVE" completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_reeve "$REEVE" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
FISH = r"""
"$REEVE" completion fish | source
complete -C "$LINE"
"""


class CompletionTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.environment = dict(
            os.environ, REEVE=str(REEVE), REEVE_SOCKET=str(self.agent.socket)
        )
        # fish and zsh ask for "reeve", and keep things at home.
        home = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        self.addCleanup(home.cleanup)
        self.environment["HOME"] = home.name
        self.environment["PATH"] = f"{REEVE.parent}:{os.environ['PATH']}"

    def _output(self, *command, **variables):
        done = subprocess.run(
            command,
            env=dict(self.environment, **variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def _bash(self, *words):
        return self._output("bash", "-c", BASH, "bash", *words).split()

    def _fish(self, line):
        offers = self._output("fish", "-c", FISH, LINE=line).splitlines()
        return [offer.split("\t")[0] for offer in offers]

    def _launch(self):
        for name in ("web-1", "web-2", "database"):
            self.agent.launch(name, "--group", "shop", "--", "/bin/sleep", "1000")

    def test_bash_offers_commands(self):
        offered = self._bash("reeve", "")
        self.assertIn("run", offered)
        self.assertIn("group", offered)
        self.assertEqual(offered.count("group"), 1)
        self.assertEqual(self._bash("reeve", "in"), ["inspect"])
        self.assertEqual(self._bash("reeve", "group", ""), ["set", "ls", "rm"])

    def test_bash_offers_flags_of_the_command(self):
        self.assertEqual(
            self._bash("reeve", "run", "--memory-s"), ["--memory-swap"]
        )
        self.assertEqual(
            self._bash("reeve", "agent", "--no-collector.press"),
            ["--no-collector.pressure"],
        )
        self.assertEqual(self._bash("reeve", "ps", "--memory"), [])
        self.assertIn("--memory", self._bash("reeve", "group", "set", "--mem"))

    def test_bash_offers_what_a_value_may_be(self):
        self.assertEqual(self._bash("reeve", "run", "--oom-group", ""), ["yes", "no"])
        self.assertEqual(
            self._bash("reeve", "run", "--oom-group", "=", "y"), ["yes"]
        )
        self.assertEqual(self._bash("reeve", "run", "--oom-group", "="), ["yes", "no"])
        folder = self.agent.folder
        self.assertIn(
            str(folder / "state"), self._bash("reeve", "run", "--cwd", f"{folder}/s")
        )

    def test_bash_offers_the_tasks_that_there_are(self):
        self.assertEqual(self._bash("reeve", "stop", ""), [])
        self._launch()
        self.assertEqual(
            sorted(self._bash("reeve", "stop", "")), ["database", "web-1", "web-2"]
        )
        self.assertEqual(sorted(self._bash("reeve", "stop", "web")), ["web-1", "web-2"])
        # Behind flags, with and without a value.
        self.assertEqual(
            self._bash("reeve", "stop", "--grace", "1s", "--signal", "=", "INT", "dat"),
            ["database"],
        )
        self.assertEqual(self._bash("reeve", "signal", "web-1", "TE"), ["TERM"])
        self.assertEqual(self._bash("reeve", "group", "set", "sh"), ["shop"])
        self.assertEqual(self._bash("reeve", "events", "--task", "dat"), ["database"])

    def test_bash_asks_the_agent_of_the_line(self):
        self._launch()
        self.environment["REEVE_SOCKET"] = "/nonexistent/reeve.sock"
        socket = str(self.agent.socket)
        self.assertEqual(self._bash("reeve", "stop", "dat"), [])
        self.assertEqual(
            self._bash("reeve", "stop", "--socket", "=", socket, "dat"), ["database"]
        )

    def test_bash_leaves_the_program_alone(self):
        self.assertIn("sleep", self._bash("reeve", "run", "--memory", "1M", "--", "sle"))
        self.assertIn("sleep", self._bash("reeve", "run", "sle"))
        # Its flags are not reeve's.
        self.assertEqual(self._bash("reeve", "run", "sleep", "--memory-s"), [])

    @unittest.skipUnless(shutil.which("shellcheck"), "no shellcheck")
    def test_what_bash_sources_is_clean(self):
        script = self._output(REEVE, "completion", "bash")
        done = subprocess.run(
            ["shellcheck", "-"], input=script, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        self.assertEqual(done.stdout, "")

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish_offers_commands_flags_and_tasks(self):
        self._launch()
        self.assertEqual(self._fish("reeve insp"), ["inspect"])
        self.assertEqual(sorted(self._fish("reeve group ")), ["ls", "rm", "set"])
        self.assertEqual(self._fish("reeve run --memory-s"), ["--memory-swap"])
        self.assertEqual(sorted(self._fish("reeve stop web")), ["web-1", "web-2"])
        self.assertEqual(sorted(self._fish("reeve run --oom-group ")), ["no", "yes"])
        self.assertEqual(self._fish("reeve group set sh"), ["shop"])

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_reads_its_script(self):
        script = self.agent.folder / "_reeve"
        script.write_text(self._output(REEVE, "completion", "zsh"))
        self._output("zsh", "-n", str(script))
        # Its completion system takes it over.
        loaded = self._output(
            "zsh", "-f", "-c",
            f"fpath=({self.agent.folder} $fpath); autoload -U compinit; "
            f"compinit -u -D; print $_comps[reeve]; autoload +X _reeve; "
            f"print $+functions[_reeve]",
        )  # fmt: skip
        self.assertEqual(loaded.split(), ["_reeve", "1"])


if __name__ == "__main__":
    unittest.main()
