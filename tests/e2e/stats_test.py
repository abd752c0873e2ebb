"""What `reeve stats`, `reeve inspect` and the history show of a task."""

import json
import unittest

from harness import AgentTest, eventually

SUMMED = ("rss_bytes", "swap_bytes", "threads", "cpu_user_nsec", "cpu_system_nsec")


class StatsTest(AgentTest):
    def setUp(self):
        super().setUp()
        script = "sleep 600 & (sleep 600 &) ; while :; do sleep 0.01; done"
        self.agent.launch("task", "--", "/bin/sh", "-c", script)

    def _assert_sums(self, shown):
        totals, pids = shown["process_totals"], shown["pids"]
        self.assertEqual(int(totals["processes"]), len(pids))
        for name in SUMMED:
            total = sum(int(process[name]) for process in pids.values())
            self.assertEqual(int(totals[name]), total, name)
        for name in ("cpu_percent", "cpu_user_percent", "cpu_system_percent"):
            parts = [process[name] for process in pids.values() if name in process]
            if parts:
                self.assertAlmostEqual(totals[name], sum(parts), 6, name)
            else:
                self.assertNotIn(name, totals)

    def _assert_only_the_tasks_own(self, shown, inspected):
        pids = {int(pid) for pid in shown["pids"]}
        self.assertIn(inspected["task"]["pid"], pids)
        self.assertNotIn(inspected["shim_pid"], pids)
        self.assertNotIn(self.agent.pid, pids)

    def test_sums_are_those_of_the_processes_beside_them(self):
        def stats():
            shown = json.loads(self.agent.must("stats", "--json", "task"))
            return shown if len(shown["pids"]) >= 3 else None

        shown = eventually(stats, what="three processes are shown")
        inspected = self.agent.inspect("task")
        self._assert_sums(shown)
        self._assert_sums(inspected)
        self._assert_only_the_tasks_own(shown, inspected)
        self._assert_only_the_tasks_own(inspected, inspected)

    def test_table_ends_with_the_sums(self):
        last = self.agent.must("stats", "task").splitlines()[-1]
        self.assertEqual(last.split()[0], "sum")

    def test_what_the_cgroup_tells_is_not_made_up(self):
        usage = json.loads(self.agent.must("stats", "--json", "task"))["usage"]
        self.assertNotIn("memory_usage_bytes", usage["measured_by_processes"])
        self.assertNotIn("cpu_percent", usage["measured_by_processes"])


class HistoryTest(AgentTest):
    def _history(self, path):
        status, text = self.agent.get(f"/api/v1/{path}")
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def _assert_series(self, history, points):
        series = [value for value in history.values() if isinstance(value, list)]
        self.assertEqual({len(values) for values in series}, {points})

    def test_history_of_a_throttled_task_and_its_group(self):
        script = "while :; do :; done"
        flags = ("--cpus=0.1", "--group=shop", "--memory=64M")
        self.agent.launch("slow", *flags, "--", "/bin/sh", "-c", script)

        def throttled():
            history = self._history("tasks/slow/history")
            seen = [ratio for ratio in history["throttled_ratio"] if ratio]
            return history if len(seen) >= 3 else None

        history = eventually(throttled, what="three points with throttling")
        self.assertEqual(history["task"], "slow")
        self.assertEqual(history["interval_seconds"], 0.25)
        self._assert_series(history, len(history["time"]))
        self.assertEqual(history["time"], sorted(history["time"]))
        self.assertGreater(history["throttled_seconds"][-1], 0)
        self.assertGreater(history["memory_usage_bytes"][-1], 0)
        self.assertGreaterEqual(history["threads"][-1], 1)

        last = history["time"][-1]
        newer = self._history(f"tasks/slow/history?since={last}")
        self.assertTrue(all(time > last for time in newer["time"]), newer)
        group = self._history("groups/shop/history")
        self.assertEqual(group["group"], "shop")
        self._assert_series(group, len(group["time"]))

    def test_history_of_a_short_task_goes_with_its_last_values(self):
        self.agent.launch("short", "--", "/bin/true")
        self.agent.wait("short")
        history = self._history("tasks/short/history")
        self.assertGreaterEqual(len(history["time"]), 2)

        def gone():
            self.agent.metrics()
            return self.agent.get("/api/v1/tasks/short/history")[0] == 404

        eventually(gone, what="the history is gone once it was scraped")

    def test_what_is_asked_for_wrongly_is_refused(self):
        for path, status in (
            ("tasks/none/history", 404),
            ("tasks/@shop/history", 404),
            ("tasks/..%2f..%2fx/history", 404),
            ("tasks/none/history?since=noon", 400),
        ):
            self.assertEqual(self.agent.get(f"/api/v1/{path}")[0], status, path)


if __name__ == "__main__":
    unittest.main()
