"""What each runbook has, and that its queries are about series that there are.

That its commands and queries can be pasted is shown by docs_test.py.
"""

import re
import unittest

import pages
from harness import ROOT

RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))

def queries(file):
    """What the page has people ask Prometheus."""
    return [
        query
        for block in pages.blocks(file)
        if block.kind == "promql"
        for query in pages.logical_lines(block.text)
    ]


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

    def test_each_page_has_something_to_look_at_and_to_do(self):
        for file in RUNBOOKS:
            with self.subTest(file.name):
                self.assertNotEqual(queries(file), [])
                text = file.read_text()
                self.assertIn("\n## How to see it\n", text)
                self.assertIn("\n## What to do\n", text)


if __name__ == "__main__":
    unittest.main()
