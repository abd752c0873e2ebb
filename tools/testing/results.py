"""Results of test cases: read, counted and shown."""

import dataclasses
import json
import pathlib
import xml.etree.ElementTree as ElementTree

PASSED = "passed"
FAILED = "failed"
SKIPPED = "skipped"

# What Bazel reports in place of a program that left no report.
_NO_REPORT = "exited with error code"

# How much of the output of what failed is shown.
SHOWN_LINES = 60

# How many of the programs that took longest are named, and how long that is at least.
LONGEST = 10
LONG_SECONDS = 10


@dataclasses.dataclass
class Case:
    """One test case; text says why it failed or was skipped.

    One that passed has a text if it had failed before it was run again.
    """

    name: str
    outcome: str
    text: str = ""
    seconds: float = 0


@dataclasses.dataclass
class Suite:
    """The cases of one program or check."""

    name: str
    cases: list
    note: str = ""

    def count(self, outcome):
        return sum(case.outcome == outcome for case in self.cases)

    @property
    def seconds(self):
        return sum(case.seconds for case in self.cases)


def failed_by_cases(suite):
    """Whether cases failed, and nothing else: not the program as a whole, by a crash,
    a sanitizer's finding or the end of its time."""
    failed = [case for case in suite.cases if case.outcome == FAILED]
    return bool(failed) and all(case.name != suite.name for case in failed)


def with_second_run(first, second):
    """The suite of a program that was run again since cases had failed: those that
    passed the second time have passed, and keep how they failed."""
    passed = {case.name for case in second.cases if case.outcome == PASSED}
    return Suite(
        first.name,
        [
            dataclasses.replace(case, outcome=PASSED)
            if case.outcome == FAILED and case.name in passed
            else case
            for case in first.cases
        ],
        first.note,
    )


def last_lines(text, limit=SHOWN_LINES):
    lines = text.rstrip().splitlines()
    if len(lines) > limit:
        lines = [f"[{len(lines) - limit} lines above]"] + lines[-limit:]
    return "\n".join(lines)


def _gtest_case(element):
    name = f"{element.get('classname', '')}.{element.get('name', '')}"
    seconds = float(element.get("time", 0))
    failures = element.findall("failure") + element.findall("error")
    if failures:
        texts = [f.text or f.get("message", "") for f in failures]
        return Case(name, FAILED, last_lines("\n".join(texts)), seconds)
    skipped = element.find("skipped")
    if skipped is not None:
        # The text begins with the place; the reason follows it.
        reason = (skipped.get("message") or skipped.text or "").strip()
        return Case(name, SKIPPED, reason.splitlines()[-1] if reason else "")
    if element.get("status") == "notrun":
        return Case(name, SKIPPED, "disabled")
    return Case(name, PASSED, seconds=seconds)


def read_gtest_xml(path):
    """The cases in a report of GoogleTest; none if there is no whole report."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return []
    return [_gtest_case(element) for element in root.iter("testcase")]


def gtest_suite(name, xml_path, log_path, failure, note=""):
    """The suite of one GoogleTest program.

    failure says how the program itself failed, or is empty. A program that
    failed has at least one failed case, and so has one that ran none.
    """
    cases = read_gtest_xml(xml_path)
    if len(cases) == 1 and cases[0].text.startswith(_NO_REPORT):
        cases = []
    suite = Suite(name, cases, note)
    if not failure and not cases:
        failure = "it ran no test case"
    if failure and not suite.count(FAILED):
        try:
            log = pathlib.Path(log_path).read_text(errors="replace")
        except OSError:
            log = ""
        cases.append(Case(name, FAILED, f"{failure}\n{last_lines(log)}"))
    return suite


def write_cases(path, cases):
    """Writes cases so that read_cases() finds them whole or not at all."""
    part = pathlib.Path(f"{path}.part")
    part.write_text(json.dumps([dataclasses.asdict(case) for case in cases]))
    part.rename(path)


def read_cases(path):
    """The cases that write_cases() wrote; none if it did not finish."""
    try:
        return [Case(**entry) for entry in json.loads(pathlib.Path(path).read_text())]
    except (OSError, ValueError):
        return []


def indent(text, by):
    return "\n".join(" " * by + line for line in text.splitlines())


class Report:
    """Shows suites as they end, and adds them up."""

    def __init__(self):
        self._suites = []
        self._heading = ""

    def begin(self, heading):
        self._heading = heading
        print(f"== {heading}", flush=True)

    @property
    def heading(self):
        """That of what is added now."""
        return self._heading

    def add(self, suite, heading=None):
        """Shows and counts a suite, of an earlier heading if one is given."""
        self._suites.append((heading or self._heading, suite))
        failed = suite.count(FAILED)
        counts = [
            f"{suite.count(outcome)} {outcome}"
            for outcome in (PASSED, FAILED, SKIPPED)
            if suite.count(outcome)
        ]
        line = f"{'FAIL' if failed else 'ok  '} {suite.name}: {', '.join(counts)}"
        print(f"{line} {suite.note}".rstrip(), flush=True)
        for case in suite.cases:
            if case.outcome == FAILED:
                print(f"     {case.name}\n{indent(case.text, 7)}", flush=True)
            elif case.outcome == PASSED and case.text:
                print(
                    f"     {case.name} failed at first\n{indent(case.text, 7)}",
                    flush=True,
                )

    def _show_longest(self):
        """Where the time goes."""
        longest = sorted(
            (
                (suite.seconds, heading, suite.name)
                for heading, suite in self._suites
                if suite.seconds >= LONG_SECONDS
            ),
            reverse=True,
        )
        if longest:
            print("== Longest")
        for seconds, heading, name in longest[:LONGEST]:
            print(f"{seconds:5.0f} s  {name} ({heading})")

    def count(self, outcome):
        return sum(suite.count(outcome) for _, suite in self._suites)

    def _of(self, outcome):
        return [
            (f"{heading}: {case.name}", case.text)
            for heading, suite in self._suites
            for case in suite.cases
            if case.outcome == outcome
        ]

    def finish(self):
        """Prints what took long, what was skipped, what is unsteady and what failed,
        then the totals."""
        self._show_longest()
        skipped = self._of(SKIPPED)
        if skipped:
            print("== Skipped")
        for name, reason in skipped:
            print(f"     {name}: {reason}")
        unsteady = [name for name, text in self._of(PASSED) if text]
        if unsteady:
            print("== Passed only when run again")
        for name in unsteady:
            print(f"     {name}")
        failed = self._of(FAILED)
        if failed:
            print("== Failed")
        for name, _ in failed:
            print(f"     {name}")
        print(
            f"{self.count(PASSED)} passed, {self.count(FAILED)} failed, "
            f"{self.count(SKIPPED)} skipped",
            flush=True,
        )
        return 0 if self.count(PASSED) and not failed else 1


class HeldReport:
    """Keeps the suites of stages until somebody takes them, to show them then."""

    def __init__(self):
        self._suites = []
        self.heading = ""

    def begin(self, heading):
        self.heading = heading

    def add(self, suite):
        self._suites.append(suite)

    def taken(self):
        """The suites since the last call."""
        suites = self._suites
        self._suites = []
        return suites
