"""How dashboards are drawn from what Prometheus answers."""

import pathlib
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "drawing"), str(ROOT / "tests" / "e2e")]

from board import Board  # noqa: E402
from chart import Line, nice_step, stacked  # noqa: E402
from dashboards import load  # noqa: E402
from units import text_of  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
BEGIN, END = 1_000_000, 1_000_060


class TextOfTest(unittest.TestCase):
    def test_values_are_told_in_their_units(self):
        for value, unit, wanted in (
            (0.253, "percentunit", "25.3 %"),
            (0, "percentunit", "0 %"),
            (1, "percentunit", "100 %"),
            (64 << 20, "bytes", "64 MiB"),
            (1536, "binBps", "1.5 KiB/s"),
            (0.2, "suffix: cores", "0.2 cores"),
            (0.0042, "s", "4.2 ms"),
            (0, "s", "0 s"),
            (12, "s", "12 s"),
            (1234567, "short", "1.23 Mil"),
            (2.5, "ops", "2.5 ops/s"),
            (100, "none", "100"),
            ((time.time() - 600) * 1000, "dateTimeFromNow", "10 minutes ago"),
        ):
            with self.subTest(wanted):
                self.assertEqual(text_of(value, unit), wanted)


class ChartTest(unittest.TestCase):
    def test_ticks_are_round(self):
        self.assertEqual(nice_step(1), 0.25)
        self.assertEqual(nice_step(0.9), 0.25)
        self.assertEqual(nice_step(70), 20)
        self.assertEqual(nice_step(70 << 20, is_binary=True), 32 << 20)

    def test_stacked_lines_lie_on_each_other(self):
        bands = stacked([Line("a", [(1, 2), (2, 3)]), Line("b", [(2, 4)])])

        self.assertEqual(bands, [{1: (0, 2), 2: (0, 3)}, {2: (3, 7)}])


class Answers:
    """A Prometheus that has one series, or none for some metrics."""

    def __init__(self, value=0.3, without=("nothing",), times=range(BEGIN, END)):
        self._value = value
        self._without = without
        self._times = list(times)
        self.asked = []

    def _labels(self, expr):
        self.asked.append(expr)
        if any(name in expr for name in self._without):
            return None
        return {"task": "web", "job": "reeve", "instance": "here"}

    def api(self, path, query, start, end, step):
        assert (path, start, end, step) == ("query_range", BEGIN, END, 1)
        labels = self._labels(query)
        values = [[when, str(self._value)] for when in self._times]
        return {"result": [{"metric": labels, "values": values}] if labels else []}

    def query(self, expr):
        labels = self._labels(expr)
        return [(labels, self._value)] if labels else []


class BoardTest(unittest.TestCase):
    VALUES = {"job": "reeve", "instance": "here", "task": "web", "cgroup": ".+"}

    def draw(self, answers, uid="reeve-task", titles=None):
        dashboard = load()[uid]
        if titles:
            dashboard["panels"] = [
                panel for panel in dashboard["panels"] if panel["title"] in titles
            ]
        drawn = Board(answers, self.VALUES, BEGIN, END).draw(dashboard)
        return ElementTree.fromstring(drawn)

    def texts(self, svg):
        return [element.text for element in svg.iter(f"{SVG}text")]

    def test_every_dashboard_can_be_drawn(self):
        for uid, dashboard in load().items():
            texts = self.texts(self.draw(Answers(), uid))
            for panel in dashboard["panels"]:
                self.assertIn(panel["title"], texts)
            self.assertNotIn("No data", texts)

    def test_variables_are_filled_in(self):
        answers = Answers()
        self.draw(answers)

        self.assertTrue(answers.asked)
        self.assertFalse([expr for expr in answers.asked if "$" in expr])
        self.assertTrue([expr for expr in answers.asked if '{job="reeve"' in expr])

    def test_limit_is_a_dashed_line_and_has_its_value_in_the_legend(self):
        svg = self.draw(Answers(), titles=["CPU against its limit"])

        dashed = [
            line for line in svg.iter(f"{SVG}polyline") if "stroke-dasharray" in line.keys()
        ]
        self.assertEqual(len(dashed), 1)
        self.assertEqual(len(list(svg.iter(f"{SVG}polyline"))), 3)
        self.assertIn("limit: 0.3 cores", self.texts(svg))
        self.assertIn("web: 0.3 cores", self.texts(svg))

    def test_gap_is_left_open(self):
        times = [*range(BEGIN, BEGIN + 10), *range(BEGIN + 20, END)]
        svg = self.draw(Answers(times=times), titles=["Time throttled"])

        self.assertEqual(len(list(svg.iter(f"{SVG}polyline"))), 2)

    def test_single_value_has_the_colour_of_its_threshold(self):
        for value, colour in ((0.05, "#56a64b"), (0.15, "#ff780a"), (0.3, "#e02f44")):
            svg = self.draw(Answers(value), titles=["Periods throttled"])
            shown = [e for e in svg.iter(f"{SVG}text") if e.text.endswith("%")]
            self.assertEqual([e.get("fill") for e in shown], [colour])

    def test_what_has_no_values_says_so(self):
        answers = Answers(without=("restarts_total", "throttled_seconds"))
        texts = self.texts(self.draw(answers, titles=["Restarts", "Time throttled"]))

        self.assertIn("no policy", texts)
        self.assertIn("No data", texts)

    def test_table_has_a_row_with_each_value(self):
        texts = self.texts(self.draw(Answers(), "reeve-fleet", ["Busiest tasks"]))

        for wanted in ("web", "here", "0.3 cores", "30 %", "CPU limit"):
            self.assertIn(wanted, texts)
        # The label that only links need.
        self.assertNotIn("reeve", texts)


class DrawDashboardsTest(unittest.TestCase):
    def test_wrong_arguments_are_refused(self):
        for arguments, why in (
            (["--seconds=5", "/tmp"], "--seconds: 20 at least"),
            (["/no/such/folder"], "/no/such/folder: no such folder"),
            ([], "required: folder"),
        ):
            with self.subTest(why):
                done = subprocess.run(
                    [ROOT / "tools" / "draw-dashboards", *arguments],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr.endswith(f"{why}\n"), done.stderr)


if __name__ == "__main__":
    unittest.main()
