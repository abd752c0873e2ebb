"""How tasks that want the same CPU share it."""

import os
import time
import unittest

from harness import SLOWNESS, AgentTest, program

SECONDS = 8 if SLOWNESS == 1 else 20
TOLERANCE = 0.04


class SharesTest(AgentTest):
    def _launch_on_one_cpu(self, name, cpu, *flags):
        self.agent.launch(
            name,
            *flags,
            "--",
            "/usr/bin/taskset",
            "--cpu-list",
            cpu,
            program("burn"),
            "--seconds",
            600,
        )

    def _cpu_seconds(self, *names):
        return [self.agent.cpu_seconds(name)[0] for name in names]

    def test_two_busy_tasks_get_what_their_shares_say(self):
        cpu = max(os.sched_getaffinity(0))
        self._launch_on_one_cpu("small", cpu, "--cpu-shares=256")
        self._launch_on_one_cpu("large", cpu, "--cpu-shares=768")
        self.agent.take_precedence()
        time.sleep(SLOWNESS)

        small_before, large_before = self._cpu_seconds("small", "large")
        time.sleep(SECONDS)
        small_after, large_after = self._cpu_seconds("small", "large")

        small = small_after - small_before
        large = large_after - large_before
        self.assertAlmostEqual(small / (small + large), 0.25, delta=TOLERANCE)

    def test_a_change_of_shares_takes_effect_while_they_run(self):
        cpu = max(os.sched_getaffinity(0))
        self._launch_on_one_cpu("one", cpu, "--cpu-shares=1024")
        self._launch_on_one_cpu("other", cpu, "--cpu-shares=1024")
        self.agent.take_precedence()

        self.agent.must("update", "--cpu-shares=3072", "one")
        time.sleep(SLOWNESS)
        one_before, other_before = self._cpu_seconds("one", "other")
        time.sleep(SECONDS)
        one_after, other_after = self._cpu_seconds("one", "other")

        one = one_after - one_before
        other = other_after - other_before
        self.assertAlmostEqual(one / (one + other), 0.75, delta=TOLERANCE)


if __name__ == "__main__":
    unittest.main()
