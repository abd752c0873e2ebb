"""Ordinary tasks, about which nobody is told anything.

Fifty of them sleep, or are busy below their limits, for five minutes, or for
$REEVE_QUIET_SECONDS. The times of the rules are as short as in alerts_test.py, so what
would be an alert after a quarter of an hour is one here after some seconds.
"""

import os
import pathlib
import shutil
import tempfile
import time
import unittest

from alertmanager import BINARY as ALERTMANAGER
from alertmanager import Alertmanager, Inbox
from alerts_test import ROUTES, quick_routes, write_quick_rules
from harness import AgentTest, eventually, program
from prometheus import BINARY as PROMETHEUS
from prometheus import Prometheus

SECONDS = float(os.environ.get("REEVE_QUIET_SECONDS") or 300)
TASKS = 50


class QuietTest(AgentTest):
    # Not that of the machine, which others use too.
    agent_flags = ("--collector.pressure", "--collector.memory-stat")
    sample_interval = "1s"

    def setUp(self):
        if PROMETHEUS is None or ALERTMANAGER is None:
            self.skipTest("prometheus and prometheus-alertmanager are not installed")
        super().setUp()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-quiet-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.webhook = Inbox()
        self.addCleanup(self.webhook.close)
        alertmanager = Alertmanager(quick_routes(ROUTES.read_text(), self.webhook.url))
        self.addCleanup(alertmanager.close)
        self.prometheus = Prometheus(
            self.agent.port,
            write_quick_rules(self.folder),
            alertmanager_port=alertmanager.port,
        )
        self.addCleanup(self.prometheus.close)

    def _launch_all(self):
        limits = ["--memory=64M", "--pids=16"]
        seconds = SECONDS + 600
        self.agent.must("group set", "shop", "--memory=1G", "--cpus=2")
        for number in range(TASKS):
            group = ["--group=shop"] if number % 5 == 0 else []
            if number % 10 == 1:
                # A fiftieth of a core, where a fifth is allowed.
                what = [
                    "--cpus=0.2", "--", program("burn"), "--duty", 0.02,
                    "--seconds", seconds,
                ]
            elif number % 10 == 2:
                what = ["--", program("allocate"), "--mib", 32, "--hold", seconds]
            else:
                what = ["--cpus=0.2", "--", "sleep", seconds]
            self.agent.launch(f"task-{number}", *group, *limits, *what)

    def _fired(self):
        """Names of alerts that fired, and of those that somebody was told about."""
        told = {message.labels["alertname"] for message in self.webhook.messages()}
        fired = self.prometheus.query('last_over_time(ALERTS{alertstate="firing"}[1h])')
        # Prometheus has no target in its first seconds, which may be long here.
        return (told | {labels["alertname"] for labels, _ in fired}) - {
            "ReeveAgentsMissing"
        }

    def test_ordinary_tasks_send_nothing(self):
        self._launch_all()
        # Others may be at work on this machine.
        self.agent.take_precedence()
        # Everything that alerts could be about is there.
        for series in (
            "task:reeve_task_cpu_throttled_periods:ratio_rate5m",
            "task:reeve_task_memory_unreclaimable:ratio",
            "task:reeve_task_memory_oom_kills:increase10m",
        ):
            eventually(
                lambda: self.prometheus.value(f"count({series})") or None, 30, series
            )

        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            self.assertEqual(self._fired(), set())
            time.sleep(2)

        self.assertEqual(
            self.prometheus.value("count(reeve_task_memory_limit_bytes)"), TASKS
        )
        for rule in self.prometheus.rules():
            self.assertEqual(rule["health"], "ok", rule)


if __name__ == "__main__":
    unittest.main()
