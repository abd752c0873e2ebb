"""The code that the pages of documentation show, by what it is for.

What a fence is opened with says it:

| kind | what it is |
|---|---|
| `sh` | commands to be run in the order of the page, beside an agent |
| `sh agent` | the agent of what follows, in place of the one before |
| `sh interactive` | commands that run until they are left, each by itself |
| `sh v2`, `sh v2 agent` | the same, where memory and CPU are controllers of cgroup v2 |
| `sh service` | commands about the package's service, run under systemd |
| `sh source` | commands of those who build and test reeve from its source |
| `promql` | queries; lines that go on are indented |
| `yaml FILE`, `ini FILE` | a file, for the commands after it |
| `yaml threshold`, `yaml policy-rule` | a part of a file, to be checked by itself |
| `text` | what something prints |
"""

import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]

COMMANDS = {
    "sh",
    "sh agent",
    "sh interactive",
    "sh v2",
    "sh v2 agent",
    "sh service",
    "sh source",
}
PARTS = {"yaml threshold", "yaml policy-rule"}
KINDS = {*COMMANDS, *PARTS, "promql", "yaml", "ini", "text"}

# `file` is the name that a block of a file has, or None; `line` where it begins.
Block = collections.namedtuple("Block", "page line kind file text")

_FENCE = re.compile(r"^```([^`\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    """The blocks of one page, in their order."""
    text = pathlib.Path(page).read_text()
    for match in _FENCE.finditer(text):
        kind, file = match[1].strip(), None
        if kind not in PARTS and re.match(r"(yaml|ini) ", kind):
            kind, file = kind.split()
        line = text.count("\n", 0, match.start()) + 2
        yield Block(page, line, kind, file, match[2])


def without_blocks(page):
    """The text of a page between its blocks."""
    return _FENCE.sub("", pathlib.Path(page).read_text())


def logical_lines(text):
    """Lines, each with those below it that are indented; without comments."""
    lines = []
    for line in text.splitlines():
        code = re.sub(r"(^|  +)#.*", "", line)
        if not code.strip():
            continue
        if code.startswith(" ") and lines:
            lines[-1] += " " + code.strip()
        else:
            lines.append(code.strip())
    return lines
