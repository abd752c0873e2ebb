"""The main job in one story, with a real Prometheus watching.

A task is held at a fifth of a core although it would use two. Prometheus sees it
being throttled and says so. Its limit is raised while it runs; the alert goes
away. A task beside it without a limit is never alerted about.
"""

import subprocess
import time
import unittest

from harness import ROOT, AgentTest, eventually, program
from prometheus import BINARY, Prometheus

RULES = sorted((ROOT / "exporters" / "prometheus" / "rules").glob("*.rules.yml"))

# Like the rule that comes with reeve, for the patience of a test.
QUICK_RULES = """\
groups:
  - name: quick
    rules:
      - alert: Throttled
        expr: >-
          rate(reeve_task_cpu_cfs_throttled_periods_total[5s])
          / rate(reeve_task_cpu_cfs_periods_total[5s]) > 0.25
        for: 2s
"""

THROTTLED = 'reeve_task_cpu_cfs_throttled_periods_total{task="busy"}'


class StoryTest(AgentTest):
    def setUp(self):
        if BINARY is None:
            self.skipTest("prometheus is not installed")
        super().setUp()
        quick = self.agent.folder / "quick.rules.yml"
        quick.write_text(QUICK_RULES)
        self.prometheus = Prometheus(self.agent.port, [*RULES, quick])
        self.addCleanup(self.prometheus.close)

    def _firing(self, task):
        return self.prometheus.query(
            f'ALERTS{{alertname="Throttled",alertstate="firing",task="{task}"}}'
        )

    def _cores(self, task):
        return self.prometheus.value(
            f'rate(reeve_task_cpu_usage_seconds_total{{task="{task}"}}[15s])'
        )

    def test_a_throttled_task_is_seen_and_helped_while_it_runs(self):
        burn = [program("burn"), "--threads", 2, "--seconds", 300]
        self.agent.launch("busy", "--cpus=0.2", "--", *burn)
        self.agent.launch("free", "--", program("burn"), "--seconds", 300)
        self.agent.take_precedence()
        pid = self.agent.task("busy")["pid"]

        # It is held at its limit, and that is seen.
        eventually(lambda: self._firing("busy"), 60, "the alert fires")
        before = self.prometheus.value(THROTTLED)
        time.sleep(15)
        # Within 10 %, once the machine leaves it the time that it may have.
        eventually(
            lambda: 0.18 < self._cores("busy") < 0.22, 60, "a fifth of a core is used"
        )
        self.assertGreater(self.prometheus.value(THROTTLED), before)

        # Its limit is raised, and that helps.
        self.agent.must("update", "--cpus=2", "busy")
        eventually(lambda: not self._firing("busy"), 60, "the alert resolves")
        time.sleep(6)
        self.assertEqual(
            self.prometheus.value(
                "rate(reeve_task_cpu_cfs_throttled_periods_total"
                '{task="busy"}[5s])'
            )
            or 0,
            0,
        )
        self.assertEqual(self.agent.task("busy")["pid"], pid)

        # Nobody was alerted about the other one.
        self.assertEqual(
            self.prometheus.query('max_over_time(ALERTS{task="free"}[10m])'), []
        )
        self.assertIsNotNone(
            self.prometheus.value('reeve_task_cpu_usage_seconds_total{task="free"}')
        )

    def test_the_rules_that_come_with_reeve_can_be_evaluated(self):
        self.agent.launch("some", "--cpus=1", "--", program("burn"), "--seconds", 300)
        eventually(
            lambda: all(rule["health"] == "ok" for rule in self.prometheus.rules()),
            what="every rule was evaluated without an error",
        )

        self.assertGreater(len(self.prometheus.rules()), 1)

    def test_prometheus_finds_nothing_to_complain_about(self):
        self.agent.launch(
            "some", "--cpus=0.5", "--memory=64M", "--pids=9", "--cpu-shares=512",
            "--", program("burn"), "--seconds", 300,
        )
        eventually(
            lambda: self.agent.metric("reeve_task_cpu_usage_seconds_total", task="some"),
            what="the task is measured",
        )
        _, page = self.agent.get("/metrics")

        checked = subprocess.run(
            ["promtool", "check", "metrics"],
            input=page,
            capture_output=True,
            text=True,
            check=False,
        )

        self.assertEqual(
            (checked.returncode, checked.stdout + checked.stderr), (0, ""), page
        )
        eventually(
            lambda: self.prometheus.value('up{job="reeve"}') == 1,
            what="the agent was scraped",
        )


if __name__ == "__main__":
    unittest.main()
