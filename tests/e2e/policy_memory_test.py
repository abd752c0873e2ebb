"""Policies that raise memory.high, which is of cgroup v2."""

import pathlib
import subprocess
import unittest

from harness import REEVE, SLOWNESS, eventually, program
from policies import PolicyTest


class MemoryHighPolicyTest(PolicyTest):
    RULES = """
dry_run: false
rules:
  - name: mark
    action: raise_memory_high
    for: 1s
    cooldown: 0
    step: 2x
"""

    def setUp(self):
        super().setUp()
        mounts = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
        self.is_v1 = any(
            " - cgroup " in line and "memory" in line.split()[-1] for line in mounts
        )

    def test_the_rule_is_refused_where_there_is_no_memory_high(self):
        if not self.is_v1:
            self.skipTest("the memory controller is on cgroup v2")
        self.write(self.RULES)
        done = subprocess.run(
            [REEVE, "agent", f"--state-dir={self.folder}/s", f"--policy={self.file}"],
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
        )
        self.assertEqual(done.returncode, 125)
        self.assertIn("rule mark raises memory.high, which is of", done.stderr)

    def test_a_task_held_back_at_its_mark_gets_more(self):
        if self.is_v1:
            self.skipTest("memory.high needs the memory controller on cgroup v2")
        self.start(self.RULES)
        # 6 of 18 MiB, none of which can be reclaimed.
        self.agent.launch(
            "web",
            "--memory=128M",
            "--memory-high=6M",
            "--memory-max=24M",
            "--",
            program("allocate"),
            *("--mib", 18, "--hold", 600),
        )

        def high():
            limits = self.agent.task("web")["limits"]
            return int(limits["memory_high_bytes"]) >> 20

        eventually(lambda: high() == 24, 90, "the mark is at its bound")
        eventually(lambda: len(self.told()) >= 2, what="it is told")
        self.assertEqual(
            self.told()[:2],
            [("mark", "applied", "6M", "12M"), ("mark", "applied", "12M", "24M")],
        )


if __name__ == "__main__":
    unittest.main()
