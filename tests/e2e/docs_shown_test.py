"""What the documentation shows, as far as it can be checked without running it.

docs_test.py runs it. Of commands that build and test reeve, which is what the stages
of tools/test are for, and of what stands in running text, names and flags are looked
up.
"""

import os
import re
import shlex
import subprocess
import unittest

import pages
from harness import REEVE, ROOT
from pages import PAGES

_SPAN = re.compile(r"`([^`\n]+)`")
_METRIC = re.compile(r"\breeve_[a-z0-9_]+")
_SUFFIXES = ("_bucket", "_count", "_sum", "_created", "_info")


def code_of(page):
    """All that a page shows as code, a line or a span each."""
    for block in pages.blocks(page):
        yield from block.text.splitlines()
    yield from _SPAN.findall(pages.without_blocks(page))


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


class ShownTest(unittest.TestCase):
    def test_blocks_say_what_they_are_for(self):
        wrong = []
        for page in PAGES:
            for block in pages.blocks(page):
                if block.kind not in pages.KINDS:
                    wrong.append(f"{page.name}:{block.line}: {block.kind!r}")
            # By indentation nobody could tell.
            for text in re.findall(r"\n\n    (.*)", pages.without_blocks(page)):
                wrong.append(f"{page.name}: {text}")
        self.assertEqual(wrong, [])

    def test_commands_about_the_service_are_run_by_its_story(self):
        told = (ROOT / "tests/package/docs_story.py").read_text()
        for page in PAGES:
            if any(block.kind == "sh service" for block in pages.blocks(page)):
                self.assertIn(f'"{page.relative_to(ROOT)}"', told)

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
            text = pages.without_blocks(page)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if re.match(r"[a-z]+:|#", target):
                    continue
                if not (page.parent / target.split("#")[0]).exists():
                    wrong.append(f"{page.name}: {target}")
        self.assertEqual(wrong, [])


def is_target(label):
    """Whether Bazel would know a label, or a pattern of them."""
    folder, _, name = label.removeprefix("//").partition(":")
    build = ROOT / folder.removesuffix("/...") / "BUILD.bazel"
    if not build.exists() or folder.endswith("/..."):
        return build.exists() or any(build.parent.rglob("BUILD.bazel"))
    return f'name = "{name or build.parent.name}"' in build.read_text()


def faults_of_bazel(words):
    configs = re.findall(r"^\w+:(\w+) ", (ROOT / ".bazelrc").read_text(), re.M)
    for word in words:
        if word.startswith("--config=") and word.split("=")[1] not in configs:
            yield f"no {word}"
        if word.startswith("//") and not is_target(word):
            yield f"no target {word}"


def faults_of_program(words):
    """What is wrong with a call of a program of the source, or of a built test."""
    path = words[1] if words[0] == "python3" else words[0]
    if path.startswith("bazel-bin/"):
        folder, _, name = path.removeprefix("bazel-bin/").rpartition("/")
        if not is_target(f"//{folder}:{name}"):
            yield f"no target for {path}"
        return
    if not os.access(ROOT / path, os.X_OK if path == words[0] else os.R_OK):
        yield f"no program {path}"
        return
    text = (ROOT / path).read_text()
    # It leaves its flags to the program that it starts.
    if path == "tools/test":
        text = (ROOT / "tools/testing/run_tests.py").read_text()
    for word in words[1:]:
        if word == "--":
            yield from faults_of_program(words[words.index("--") + 1 :])
            return
        if word.startswith("--") and word.split("=")[0] not in text:
            yield f"{path} has no {word}"


class SourceTest(unittest.TestCase):
    """Commands of those who build and test reeve."""

    def test_programs_flags_and_targets_are_there(self):
        wrong, seen = [], 0
        for page in PAGES:
            for block in pages.blocks(page):
                if block.kind != "sh source":
                    continue
                for line in pages.logical_lines(block.text):
                    words = shlex.split(line)
                    while "=" in words[0]:
                        words = words[1:]
                    if words[0] == "export":
                        continue
                    seen += 1
                    is_bazel = words[0] == "bazel"
                    check = faults_of_bazel if is_bazel else faults_of_program
                    where = f"{page.name}:{block.line}"
                    wrong += [f"{where}: {fault}" for fault in check(words)]
        self.assertEqual(wrong, [])
        self.assertGreater(seen, 20)


if __name__ == "__main__":
    unittest.main()
