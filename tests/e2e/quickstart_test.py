"""The quick start, as a newcomer runs it."""

import re
import subprocess
import unittest

from harness import ROOT, cgroup_roots


class QuickstartTest(unittest.TestCase):
    def test_it_shows_a_task_that_is_throttled_and_leaves_nothing(self):
        done = subprocess.run(
            [ROOT / "tools" / "quickstart"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )

        self.assertEqual(done.returncode, 0, done.stdout)
        before, after = re.findall(r"^ +limited +([\d.]+) +(\d+) of", done.stdout, re.M)
        self.assertLess(float(before[0]), 0.3)
        self.assertGreater(int(before[1]), 25)
        self.assertGreater(float(after[0]), float(before[0]))
        self.assertLess(int(after[1]), int(before[1]))
        self.assertIn("reeve_task_cpu_cfs_throttled_periods_total{", done.stdout)
        left = []
        for root in cgroup_roots():
            left += root.glob("reeve-quickstart-*")
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
