"""What Grafana's dashboards and alert rules get from a real Prometheus.

Every expression is asked, with the variables filled in: those of panels must have
values, with the labels that their legends show.
"""

import os
import pathlib
import time
import unittest

from dashboards import alert_rules, fill_in, legend_labels, load, queries, variables
from harness import REEVE, SLOWNESS, eventually
from prometheus import BINARY
from scene import Scene

HAS_PRESSURE = pathlib.Path("/proc/pressure/cpu").exists()
SECONDS = 90

# Expressions that may have no values here, by a part of them, and why.
MAY_BE_EMPTY = {
    "reeve_enforcement_degraded": "all limits can be enforced on this host",
    "reeve_collector_errors_total": "nothing went wrong",
    "reeve_collector_rounds_missed_total": "no round took too long",
    "reeve_host_network_": "a machine may have no interface but loopback",
    "reeve_host_disk_": "a machine may have no disk of its own",
    "reeve_host_filesystem_": "a machine may have no file system of its own",
    "reeve_task_memory_kernel_bytes": "a kernel may not count the memory it uses",
    "reeve_task_memory_swap_bytes": "a kernel may not count swap",
    "reeve_task_io_": "cgroup v1 may have no limits of devices, and counts nothing",
}
if not HAS_PRESSURE:
    MAY_BE_EMPTY["_pressure_"] = "this kernel counts no pressure"

# Of the tasks of the scene, those that a query of one task is asked of. Only the last
# has a network of its own.
TASKS = ("transcode", "proxy")


def excuse(expr):
    """Why an expression may have no values; None if it must have some."""
    return next((why for part, why in MAY_BE_EMPTY.items() if part in expr), None)


class DashboardsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("launching tasks in cgroups needs root")
        if BINARY is None:
            raise unittest.SkipTest("prometheus is not installed")
        if not REEVE.exists():
            raise AssertionError(f"{REEVE} is not there: bazel build //agent:reeve")
        cls.begin = time.time()
        cls.scene = Scene()
        cls.addClassCleanup(cls.scene.close)
        cls.prometheus = cls.scene.prometheus
        cls._let_things_happen()

    @classmethod
    def _let_things_happen(cls):
        """Until the task with trouble has had all of it, and Prometheus has seen it."""
        series = '{task="transcode"}'

        def is_more_than(expr, value):
            return lambda: (cls.prometheus.value(expr) or 0) > value

        for name in ("memory_oom_kills_total", "fork_failures_total",
                     "cpu_cfs_throttled_periods_total"):
            eventually(is_more_than(f"reeve_task_{name}{series}", 0), SECONDS, name)
        cls.scene.change_limits()
        eventually(
            is_more_than(f"reeve_task_cpu_limit_cores{series}", 0.12),
            SECONDS,
            "the new limit is seen",
        )
        cls.scene.kill_task()
        eventually(
            is_more_than(f"reeve_task_restarts_total{series}", 0), SECONDS, "a restart"
        )

    def values(self, task="transcode"):
        return {**self.scene.values, "task": task}

    def ask(self, expr, task="transcode"):
        """The labels of the series that an expression has had since the beginning."""
        result = self.prometheus.api(
            "query_range",
            query=fill_in(expr, self.values(task)),
            start=self.begin,
            end=time.time(),
            step="1s",
        )["result"]
        return [series["metric"] for series in result]

    def ask_until_it_has_some(self, expr, deadline):
        """The series of an expression; waits for them, unless they may be missing."""

        def found():
            for task in TASKS:
                series = self.ask(expr, task)
                if series:
                    return series
            return None

        try:
            patience = 0 if excuse(expr) else max(0, deadline - time.monotonic())
            return eventually(found, patience / SLOWNESS, expr)
        except AssertionError:
            if excuse(expr):
                return []
            raise

    def test_every_query_has_values_with_the_labels_of_its_legend(self):
        self.assertGreaterEqual(len(load()), 4)
        # For all together: where much is missing, none of it will come.
        deadline = time.monotonic() + 30 * SLOWNESS
        for uid, dashboard in load().items():
            for query in queries(dashboard):
                with self.subTest(dashboard=uid, of=query.title, kind=query.kind):
                    labels = legend_labels(query.legend)
                    for series in self.ask_until_it_has_some(query.expr, deadline):
                        self.assertEqual(labels - set(series), set(), query.expr)

    def offered(self, label, series):
        """What a variable offers whose values are those of a label."""
        return self.prometheus.api(f"label/{label}/values", **{"match[]": series})

    def all_values(self, dashboard):
        """What variables stand for where All is chosen."""
        chosen = {}
        own = {
            variable["name"]: variable.get("allValue")
            for variable in dashboard["templating"]["list"]
        }
        for name, series, label in variables(dashboard):
            offered = self.offered(label, fill_in(series, chosen))
            chosen[name] = own[name] or "|".join(offered)
        return chosen

    def test_all_hosts_are_those_with_an_agent_and_not_all_that_is_scraped(self):
        eventually(
            lambda: self.prometheus.value('up{job="other"}') == 0, 30, "the other job"
        )
        fleet = load()["reeve-fleet"]
        chosen = self.all_values(fleet)

        counts = {
            query.title: self.prometheus.value(fill_in(query.expr, chosen))
            for query in queries(fleet)
            if query.title in ("Agents up", "Agents down")
        }
        self.assertEqual(counts, {"Agents up": 1, "Agents down": 0})

    def test_variables_offer_what_there_is(self):
        for uid, dashboard in load().items():
            for name, series, label in variables(dashboard):
                with self.subTest(dashboard=uid, variable=name):
                    offered = self.offered(label, fill_in(series, self.values()))
                    wanted = {
                        **self.values(), "cgroup": f"{self.scene.cgroup}/web.service"
                    }[name]
                    self.assertIn(wanted, offered)

    def test_links_of_a_series_have_what_they_need(self):
        # See src/links.ts: job, instance and task of the series that is clicked at.
        for uid in ("reeve-fleet", "reeve-host"):
            for panel in load()[uid]["panels"]:
                links = panel.get("fieldConfig", {}).get("defaults", {}).get("links", [])
                needed = {"job", "instance"}
                if any("labels.task}" in link["url"] for link in links):
                    needed.add("task")
                for target in panel["targets"] if links else ():
                    with self.subTest(dashboard=uid, panel=panel["title"]):
                        for series in self.ask(target["expr"]):
                            self.assertEqual(needed - set(series), set())

    def test_alert_rules_can_be_asked_and_find_the_throttled_task(self):
        rules = alert_rules()
        for title, rule in rules.items():
            with self.subTest(title):
                self.prometheus.query(rule["data"][0]["model"]["expr"])

        def found(title, label):
            expr = rules[title]["data"][0]["model"]["expr"]
            return {labels.get(label) for labels, _ in self.prometheus.query(expr)}

        for title in ("TaskCPUThrottlingHigh", "TaskOOMKilled", "TaskForksRefused"):
            eventually(
                lambda title=title: "transcode" in found(title, "task"),
                SECONDS,
                f"{title} finds the task",
            )
            self.assertEqual(found(title, "task"), {"transcode"}, title)
        self.assertEqual(found("ReeveAgentDown", "instance"), set())
        self.assertEqual(found("ReeveThresholdMissing", "of"), set())


if __name__ == "__main__":
    unittest.main()
