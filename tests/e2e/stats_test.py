"""What `reeve stats` and `reeve inspect` show of a task's processes."""

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


if __name__ == "__main__":
    unittest.main()
