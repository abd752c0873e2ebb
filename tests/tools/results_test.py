"""How results of tests are read and counted."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "testing"
sys.path.insert(0, str(TOOLS))

from results import (  # noqa: E402
    FAILED,
    PASSED,
    SKIPPED,
    Case,
    HeldReport,
    Report,
    Suite,
    failed_by_cases,
    gtest_suite,
    read_cases,
    with_second_run,
    write_cases,
)

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" disabled="1" errors="0" name="AllTests">
  <testsuite name="Box" tests="4">
    <testcase name="Opens" status="run" result="completed" time="1.5" classname="Box" />
    <testcase name="Shuts" status="run" result="completed" classname="Box">
      <failure message="box_test.cc:9&#x0A;Failure" type=""><![CDATA[box_test.cc:9
Failure
Value of: shut]]></failure>
    </testcase>
    <testcase name="Floats" status="run" result="skipped" classname="Box">
      <skipped message="box_test.cc:12&#x0A;there is no water" />
    </testcase>
    <testcase name="DISABLED_Sinks" status="notrun" result="suppressed" classname="Box" />
  </testsuite>
</testsuites>
"""


class GtestTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.xml = pathlib.Path(folder.name) / "test.xml"
        self.log = pathlib.Path(folder.name) / "test.log"

    def test_every_case_is_counted_by_its_outcome(self):
        self.xml.write_text(REPORT)

        suite = gtest_suite("box_test", self.xml, self.log, "exit 1")

        self.assertEqual(
            [(case.name, case.outcome) for case in suite.cases],
            [
                ("Box.Opens", PASSED),
                ("Box.Shuts", FAILED),
                ("Box.Floats", SKIPPED),
                ("Box.DISABLED_Sinks", SKIPPED),
            ],
        )

    def test_what_a_case_took_is_kept(self):
        self.xml.write_text(REPORT)

        self.assertEqual(gtest_suite("box_test", self.xml, self.log, "").seconds, 1.5)

    def test_the_reason_of_a_skip_is_kept(self):
        self.xml.write_text(REPORT)

        suite = gtest_suite("box_test", self.xml, self.log, "")

        self.assertEqual(suite.cases[2].text, "there is no water")

    def test_a_program_that_crashed_is_one_failed_case(self):
        self.log.write_text("Segmentation fault\n")

        suite = gtest_suite("box_test", self.xml, self.log, "it ended with 139")

        self.assertEqual(suite.count(FAILED), 1)
        self.assertIn("Segmentation fault", suite.cases[0].text)

    def test_a_program_that_fails_after_its_last_case_has_failed(self):
        self.xml.write_text(REPORT.replace("failure", "properties"))

        suite = gtest_suite("box_test", self.xml, self.log, "it leaked")

        self.assertEqual(suite.count(PASSED), 2)
        self.assertEqual(suite.count(FAILED), 1)

    def test_a_program_without_cases_has_failed(self):
        self.xml.write_text("<testsuites></testsuites>")

        suite = gtest_suite("box_test", self.xml, self.log, "")

        self.assertEqual(suite.count(FAILED), 1)


class CasesFileTest(unittest.TestCase):
    def test_cases_are_read_as_they_were_written(self):
        cases = [Case("a", PASSED), Case("b", SKIPPED, "no b here")]
        with tempfile.TemporaryDirectory() as folder:
            write_cases(f"{folder}/cases", cases)

            self.assertEqual(read_cases(f"{folder}/cases"), cases)

    def test_a_missing_file_has_no_cases(self):
        self.assertEqual(read_cases("/no/such/file"), [])


class SecondRunTest(unittest.TestCase):
    def test_only_failed_cases_are_a_reason_to_run_again(self):
        ok = Case("Box.Opens", PASSED)
        shut = Case("Box.Shuts", FAILED, "it stayed open")
        crash = Case("box_test", FAILED, "Segmentation fault")

        self.assertTrue(failed_by_cases(Suite("box_test", [ok, shut])))
        self.assertFalse(failed_by_cases(Suite("box_test", [ok])))
        self.assertFalse(failed_by_cases(Suite("box_test", [ok, shut, crash])))

    def test_what_passes_then_has_passed_and_keeps_how_it_failed(self):
        first = Suite("box_test", [Case("a", PASSED), Case("b", FAILED, "slow")])

        merged = with_second_run(first, Suite("box_test", [Case("b", PASSED)]))

        self.assertEqual(
            merged.cases, [Case("a", PASSED), Case("b", PASSED, "slow")]
        )

    def test_what_fails_again_or_is_not_run_has_failed(self):
        first = Suite("box_test", [Case("a", FAILED, "x"), Case("b", FAILED, "y")])
        second = Suite("box_test", [Case("a", FAILED, "z"), Case("c", PASSED)])

        self.assertEqual(with_second_run(first, second).count(FAILED), 2)

    def test_what_failed_only_the_second_time_has_passed(self):
        first = Suite("box_test", [Case("a", PASSED), Case("b", FAILED, "y")])
        second = Suite("box_test", [Case("a", FAILED, "z"), Case("b", PASSED)])

        self.assertEqual(with_second_run(first, second).count(FAILED), 0)


class ReportTest(unittest.TestCase):
    def _finish(self, *cases):
        report = Report()
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            report.begin("Boxes")
            report.add(Suite("box_test", list(cases)))
            status = report.finish()
        return status, output.getvalue()

    def test_the_last_line_has_the_totals(self):
        status, output = self._finish(
            Case("a", PASSED), Case("b", PASSED), Case("c", SKIPPED, "no c here")
        )

        self.assertEqual(output.splitlines()[-1], "2 passed, 0 failed, 1 skipped")
        self.assertEqual(status, 0)
        self.assertIn("Boxes: c: no c here", output)

    def test_a_failed_case_fails_the_whole(self):
        status, output = self._finish(Case("a", PASSED), Case("b", FAILED, "it broke"))

        self.assertEqual(output.splitlines()[-1], "1 passed, 1 failed, 0 skipped")
        self.assertEqual(status, 1)
        self.assertIn("it broke", output)

    def test_what_passed_only_when_run_again_is_named(self):
        status, output = self._finish(Case("a", PASSED), Case("b", PASSED, "slow"))

        self.assertEqual(output.splitlines()[-1], "2 passed, 0 failed, 0 skipped")
        self.assertEqual(status, 0)
        self.assertIn("== Passed only when run again\n     Boxes: b\n", output)
        self.assertIn("slow", output)

    def test_what_took_longest_is_named(self):
        _, output = self._finish(
            Case("a", PASSED, seconds=40), Case("b", PASSED, seconds=2.4)
        )

        self.assertIn("== Longest\n   42 s  box_test (Boxes)\n", output)

    def test_what_took_no_time_is_not(self):
        _, output = self._finish(Case("a", PASSED, seconds=1))

        self.assertNotIn("Longest", output)

    def test_nothing_passed_is_a_failure(self):
        status, _ = self._finish(Case("a", SKIPPED, "no a here"))

        self.assertEqual(status, 1)


class HeldReportTest(unittest.TestCase):
    def test_what_is_held_is_taken_once(self):
        report = HeldReport()
        report.add(Suite("box_test", [Case("a", PASSED)]))

        self.assertEqual([suite.name for suite in report.taken()], ["box_test"])
        self.assertEqual(report.taken(), [])


if __name__ == "__main__":
    unittest.main()
