"""That what the runbooks have people paste is understood."""

import re
import subprocess
import tempfile
import unittest

import yaml
from harness import REEVE, ROOT

RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))

# What lines begin with that are for a shell, not for Prometheus.
SHELL = re.compile(
    r"(reeve|amtool|cat|curl|find|journalctl|promtool|rmdir|systemctl) "
)


def lines_to_paste(text):
    """Each line of the indented blocks, with those that go on below it."""
    lines = []
    for line in text.splitlines():
        if line.startswith("     ") and lines:
            lines[-1] += " " + line.strip()
        elif line.startswith("    "):
            lines.append(re.sub(r"  +#.*", "", line).strip())
    return lines


def section(file, title):
    return file.read_text().split(f"## {title}\n")[1].split("\n## ")[0]


class CommandsTest(unittest.TestCase):
    def _help(self, command):
        done = subprocess.run(
            [REEVE, *command, "--help"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(done.returncode, 0, command)
        return done.stdout

    def test_commands_and_their_flags_are_those_of_reeve(self):
        seen = 0
        for file in RUNBOOKS:
            for line in re.findall(r"^    (reeve .*)", file.read_text(), re.MULTILINE):
                words = re.sub(r"  +#.*", "", line).split()
                command = words[1:3] if words[1] == "group" else words[1:2]
                known = self._help(command)
                for flag in re.findall(r"(?<= )--[a-z.-]+", line):
                    with self.subTest(file.name, line=line):
                        self.assertRegex(known, rf"{re.escape(flag)}\b(?![.-])")
                        seen += 1
        self.assertGreater(seen, 20)


def queries(file):
    lines = lines_to_paste(section(file, "How to see it"))
    return [line for line in lines if not SHELL.match(line)]


def known_series():
    """What is exported, and what the rules record."""
    known = set(
        re.findall(r"^\| `(\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    )
    for rules in (ROOT / "exporters/prometheus/rules").glob("*.rules.yml"):
        known.update(re.findall(r"- record: (\S+)", rules.read_text()))
    return known


class QueriesTest(unittest.TestCase):
    def test_series_are_exported_or_recorded(self):
        known = known_series()
        for file in RUNBOOKS:
            for query in queries(file):
                names = re.findall(r"[\w:]*\breeve[_:][\w:]+", query)
                for name in names:
                    with self.subTest(file.name, query=query):
                        self.assertIn(re.sub(r"_(count|sum|bucket)$", "", name), known)

    def test_queries_are_understood_by_prometheus(self):
        rules = []
        for file in RUNBOOKS:
            with self.subTest(file.name):
                self.assertNotEqual(queries(file), [])
            for query in queries(file):
                rules.append({"record": f"q:{len(rules)}", "expr": query})
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as out:
            yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}, out)
            out.flush()
            # Duplicates are of no interest here.
            checked = subprocess.run(
                ["promtool", "check", "rules", "--lint=none", out.name],
                capture_output=True, text=True, timeout=60, check=False,
            )

        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertGreater(len(rules), 40)


if __name__ == "__main__":
    unittest.main()
