"""What the documentation shows is run.

Pages with blocks of "sh" are stories: their commands are run in order in one
shell, beside an agent. Blocks of "sh interactive" are run on a terminal and left
again. Of every other command line of reeve's in the documentation, flags are looked up
in the command's help, and each metric that is named anywhere must be in the table
of metrics.
"""

import os
import pathlib
import pty
import re
import select
import shlex
import signal
import subprocess
import tempfile
import time
import unittest

from harness import REEVE, ROOT, SLOWNESS, Agent, process_is_there

STORIES = [
    "docs/concepts.md",
    "docs/commands.md",
    "docs/limits.md",
    "docs/recipes.md",
    "docs/security.md",
    "docs/troubleshooting.md",
]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
)
DEFAULT_ADDRESS = "127.0.0.1:19100"

_FENCE = re.compile(r"^```(\w*) ?([\w ]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^    +(?:\$ )?(.*)$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_METRIC = re.compile(r"\breeve_[a-z0-9_]+")
_SUFFIXES = ("_bucket", "_count", "_sum", "_created", "_info")


def blocks(page, kind):
    """The blocks of one kind, such as "sh" or "sh interactive"."""
    return [
        body
        for language, rest, body in _FENCE.findall((ROOT / page).read_text())
        if f"{language} {rest}".strip() == kind
    ]


def code_of(page):
    """All that a page shows as code, a line or a span each."""
    text = page.read_text()
    for _, _, body in _FENCE.findall(text):
        yield from body.splitlines()
    rest = _FENCE.sub("", text)
    yield from _INDENTED.findall(rest)
    yield from _SPAN.findall(rest)


def command_lines(page):
    """Words of each command line of reeve's that a page shows."""
    for line in code_of(page):
        for part in re.split(r"\|\||&&|[;|(]\s", line):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue  # No whole command.
            if words[:1] == ["$"]:
                words = words[1:]
            # Else it is something that reeve has printed.
            is_command = words[:1] == ["reeve"] and len(words) > 1
            if is_command and re.fullmatch(r"[a-z-]+", words[1]):
                yield words[1:]


def help_of(words):
    """The help of the command that the words begin with."""
    names = words[:2] if words[0] in ("group", "policy") else words[:1]
    done = subprocess.run(
        [REEVE, *(name for name in names if not name.startswith("-")), "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


class StoryTest(unittest.TestCase):
    """Each page in a directory and beside an agent of its own."""

    def run_story(self, page):
        agent = Agent()
        self.addCleanup(agent.close)
        folder = tempfile.TemporaryDirectory(prefix="reeve-docs-")
        self.addCleanup(folder.cleanup)
        bin_folder = pathlib.Path(folder.name) / "bin"
        bin_folder.mkdir()
        (bin_folder / "reeve").symlink_to(REEVE)
        environment = {
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "HOME": folder.name,
            "REEVE_SOCKET": str(agent.socket),
        }
        for kind, text in self.steps(page):
            text = text.replace(DEFAULT_ADDRESS, f"127.0.0.1:{agent.port}")
            if kind == "sh":
                self.run_block(text, folder.name, environment)
            else:
                for line in text.splitlines():
                    self.run_on_terminal(line, folder.name, environment)

    @staticmethod
    def steps(page):
        for language, rest, body in _FENCE.findall((ROOT / page).read_text()):
            kind = f"{language} {rest}".strip()
            if kind in ("sh", "sh interactive"):
                yield kind, body

    def run_block(self, text, folder, environment):
        """What a block leaves in the background goes on until its tasks end."""
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=60 * SLOWNESS,
                check=False,
            )
            output.seek(0)
            self.assertEqual(done.returncode, 0, f"{text}\n{output.read()}")

    def run_on_terminal(self, line, folder, environment):
        """Runs until it has printed something, then ends it as a user would."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "-c", f"exec {line}"],
                       {**environment, "TERM": "xterm"})
        self.addCleanup(os.close, terminal)
        output = b""
        deadline = time.monotonic() + 10 * SLOWNESS
        try:
            while not output.strip() and time.monotonic() < deadline:
                if select.select([terminal], [], [], 0.5)[0]:
                    output += os.read(terminal, 65536)
                else:
                    # A shell that was attached to has shown its prompt before.
                    os.write(terminal, b"\n")
        except OSError:
            pass  # It has ended.
        finally:
            if process_is_there(pid):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.assertTrue(output.strip(), f"{line}: it printed nothing")
        self.assertNotIn(b"reeve: ", output, line)


def _story(page):
    def test(self):
        self.assertTrue(blocks(page, "sh"), "no block to run")
        self.run_story(page)

    return test


for _page in STORIES:
    _name = pathlib.PurePath(_page).stem
    setattr(StoryTest, f"test_{_name}", _story(_page))


class ShownTest(unittest.TestCase):
    """What is shown elsewhere, as far as it can be checked without running it."""

    def test_flags_are_those_of_the_command(self):
        helps = {}
        wrong = []
        for page in PAGES:
            for words in command_lines(page):
                key = tuple(words[:2])
                if key not in helps:
                    helps[key] = help_of(words)
                status, text = helps[key]
                if status != 0:
                    wrong.append(f"{page.name}: reeve {' '.join(words)}: no command")
                    continue
                own = words[: words.index("--")] if "--" in words else words
                for flag in own:
                    name = flag.split("=")[0]
                    if not re.fullmatch(r"--[a-z][a-z0-9.-]*", name):
                        continue
                    known = name.replace("--no-collector.", "--collector.")
                    if not re.search(rf"(^|[\s,]){re.escape(known)}(?![\w.-])", text):
                        wrong.append(f"{page.name}: reeve {words[0]} has no {name}")
        self.assertEqual(wrong, [])

    def test_metrics_are_those_of_the_agent(self):
        known = set(_METRIC.findall((ROOT / "docs/metrics.md").read_text()))
        # Recording rules, and names of which a part stands for a kind.
        for rules in (ROOT / "exporters/prometheus/rules").glob("*.rules.yml"):
            known |= set(_METRIC.findall(rules.read_text()))
        self.assertGreater(len(known), 100)
        wrong = []
        for page in PAGES:
            for line in code_of(page):
                for name in _METRIC.findall(line):
                    base = name
                    for suffix in _SUFFIXES:
                        base = base.removesuffix(suffix)
                    # What ends in "_" stands for all that begin so.
                    if name.endswith("_"):
                        if not any(other.startswith(name) for other in known):
                            wrong.append(f"{page.name}: {name}")
                    elif name not in known and base not in known:
                        wrong.append(f"{page.name}: {name}")
        self.assertEqual(wrong, [])

    def test_links_lead_somewhere(self):
        wrong = []
        for page in PAGES + [ROOT / "ARCHITECTURE.md"]:
            text = _FENCE.sub("", page.read_text())
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if re.match(r"[a-z]+:|#", target):
                    continue
                if not (page.parent / target.split("#")[0]).exists():
                    wrong.append(f"{page.name}: {target}")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
