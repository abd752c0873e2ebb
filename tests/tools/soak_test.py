"""How the samples of a soak are judged and drawn."""

import pathlib
import sys
import unittest
import xml.etree.ElementTree

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from soak_plot import draw, step_of  # noqa: E402
from soak_sample import Sample  # noqa: E402
from soak_verdict import growth, summary, tenth  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def samples(count=100, **fields):
    """Samples of an agent that is flat, but for fields that are functions of the
    number of a sample."""
    flat = dict(rss_kib=24000, private_kib=20000, fds=19, threads=19, zombies=0,
                strays=0, cgroups=0, state_entries=0, page_bytes=9000)
    return [
        Sample(launches=10 * (i + 1), seconds=i / 10,
               **{**flat, **{name: of(i) for name, of in fields.items()}})
        for i in range(count)
    ]


class GrowthTest(unittest.TestCase):
    def _assert_grew(self, words, **fields):
        problems = growth(samples(**fields), in_flight=4)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(words, problems[0])

    def test_nothing_grew(self):
        self.assertEqual(growth(samples(), in_flight=4), [])

    def test_what_is_made_in_the_first_tenth_is_no_growth(self):
        flat_later = samples(private_kib=lambda i: 10000 + 1000 * min(i, 10))
        self.assertEqual(growth(flat_later, in_flight=4), [])

    def test_private_memory_grew(self):
        self._assert_grew("private memory", private_kib=lambda i: 20000 + 20 * i)

    def test_a_little_more_memory_is_no_growth(self):
        little = samples(private_kib=lambda i: 20000 + 10 * i)
        self.assertEqual(growth(little, in_flight=4), [])

    def test_open_files_grew(self):
        self._assert_grew("open files", fds=lambda i: 19 + i // 10)

    def test_threads_within_what_is_in_flight_are_no_growth(self):
        varying = samples(threads=lambda i: 19 + 4 * (i > 50))
        self.assertEqual(growth(varying, in_flight=4), [])

    def test_one_peak_is_no_growth(self):
        peak = samples(fds=lambda i: 400 if i == 95 else 19)
        self.assertEqual(growth(peak, in_flight=4), [])

    def test_each_tenth_of_a_few_samples_has_one(self):
        few = samples(3)
        self.assertTrue(all(tenth(few, number) for number in range(1, 11)))
        self.assertEqual(growth(few, in_flight=4), [])


class SummaryTest(unittest.TestCase):
    def test_it_has_medians_and_the_most(self):
        text = summary(samples(fds=lambda i: 50 if i == 3 else 19))
        self.assertIn("| open files | 19 | 19 | 50 |", text)
        self.assertIn("1000 launches in 10 s, 101 a second", text)


class PlotTest(unittest.TestCase):
    def test_a_step_is_round_and_needs_few_ticks(self):
        self.assertEqual([step_of(n) for n in (0, 3, 19, 25000, 100_000)],
                         [1, 1, 5, 10000, 50000])

    def test_each_line_has_a_point_for_each_sample_and_is_in_the_picture(self):
        picture = xml.etree.ElementTree.fromstring(draw(samples()))
        width, height = int(picture.get("width")), int(picture.get("height"))
        lines = [line.get("points").split() for line in
                 picture.iter(f"{SVG}polyline")]
        self.assertEqual([len(line) for line in lines], [100] * 4)
        for point in sum(lines, []):
            x, y = map(float, point.split(","))
            self.assertTrue(0 < x < width and 0 < y < height, point)


if __name__ == "__main__":
    unittest.main()
