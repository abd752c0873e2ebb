"""That times, and nothing but times, are shortened."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "testing"))

from quick_times import quick_routes, quick_rules  # noqa: E402

PROMETHEUS = ROOT / "exporters" / "prometheus"


class QuickRulesTest(unittest.TestCase):
    def test_ranges_and_ages_of_that_length_are_shortened_alike(self):
        self.assertEqual(
            quick_rules("increase(x_total[10m]) and start > time() - 600"),
            "increase(x_total[20s]) and start > time() - 20",
        )

    def test_no_range_is_too_short_for_a_rate_or_too_long_to_wait(self):
        self.assertEqual(quick_rules("rate(x[1m])"), "rate(x[10s])")
        self.assertEqual(quick_rules("rate(x[1h])"), "rate(x[30s])")

    def test_waits_are_shortened(self):
        self.assertEqual(quick_rules("        for: 15m\n"), "        for: 10s\n")
        self.assertEqual(quick_rules("        for: 3m\n"), "        for: 3s\n")

    def test_thresholds_of_ages_are_shortened_and_no_others(self):
        age = "labels: {of: samples_age_seconds}\n        expr: 30\n"
        ratio = "labels: {of: memory_ratio}\n        expr: 0.9\n"

        self.assertEqual(quick_rules(age), age.replace("30", "3"))
        self.assertEqual(quick_rules(ratio), ratio)

    def test_the_rules_that_come_with_reeve_are_the_same_but_for_numbers(self):
        for file in (PROMETHEUS / "rules").glob("*.rules.yml"):
            text = file.read_text()
            quick = quick_rules(text)
            with self.subTest(file.name):
                if "thresholds" not in file.name:
                    self.assertNotEqual(text, quick)
                self.assertEqual(
                    re.sub(r"\d+[smh]?\b", "N", text), re.sub(r"\d+[smh]?\b", "N", quick)
                )
                self.assertNotRegex(quick, r"\[\d+m\]|for: \d+m|time\(\) - \d{3}")


class QuickRoutesTest(unittest.TestCase):
    def test_the_example_sends_at_once_and_to_the_webhook(self):
        text = (PROMETHEUS / "alertmanager" / "alertmanager.yml").read_text()

        quick = quick_routes(text, "http://127.0.0.1:1234")

        self.assertIn("group_wait: 1s", quick)
        self.assertIn("group_interval: 1s", quick)
        self.assertIn("repeat_interval: 12h", quick)
        self.assertIn("url: http://127.0.0.1:1234/log\n", quick)
        self.assertNotIn("9095", quick)
        self.assertEqual(len(text.splitlines()), len(quick.splitlines()))


if __name__ == "__main__":
    unittest.main()
