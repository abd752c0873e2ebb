"""Limits that are changed while a task runs."""

import json
import pathlib
import unittest

from harness import AgentTest, eventually, program


class UpdateTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.agent.launch(
            "task",
            "--memory=256M",
            "--cpus=0.5",
            "--cpu-shares=512",
            "--pids=32",
            "--",
            program("allocate"),
            "--mib",
            64,
            "--hold",
            600,
        )
        self.pid = self.agent.task("task")["pid"]

    def _settings(self):
        """Value that the kernel holds, by file."""
        return {
            setting["file"]: setting["read_back"]
            for setting in self.agent.inspect("task")["settings"]
        }

    def test_only_what_was_named_is_changed(self):
        before = self._settings()

        self.agent.must("update", "--pids=48", "task")

        after = self._settings()
        changed = {file for file in after if after[file] != before.get(file)}
        self.assertEqual(changed, {"pids.max"})
        self.assertEqual(after["pids.max"], "48")
        self.assertEqual(self.agent.task("task")["pid"], self.pid)

    def test_every_limit_can_be_changed_at_once(self):
        self.agent.must(
            "update",
            "--memory=512M",
            "--cpus=1.5",
            "--cpu-shares=2048",
            "--pids=48",
            "task",
        )

        limits = self.agent.task("task")["limits"]
        self.assertEqual(int(limits["memory_bytes"]), 512 << 20)
        self.assertEqual(limits["cpus"], 1.5)
        self.assertEqual(int(limits["cpu_shares"]), 2048)
        self.assertEqual(int(limits["pids"]), 48)
        eventually(
            lambda: self.agent.metric("reeve_task_memory_limit_bytes", task="task")
            == 512 << 20,
            what="the new limit is exported",
        )

    def test_an_update_that_is_refused_changes_nothing(self):
        before = self._settings()

        done = self.agent.reeve("update", "--cpus=1", "--cpu-shares=1", "task")

        self.assertEqual(done.returncode, 125)
        self.assertIn("shares", done.stderr)
        self.assertEqual(self._settings(), before)

    def test_the_period_of_the_cpu_limit_stays_until_it_is_named(self):
        def asked():
            limits = self.agent.inspect("task")["requested_limits"]
            return limits["cpus"], int(limits["cpu_period_usec"])

        def in_force():
            limits = self.agent.task("task")["limits"]
            return limits["cpus"], int(limits["cpu_period_usec"])

        self.assertEqual(in_force(), (0.5, 100000))
        self.agent.must("update", "--cpus=0.8", "--cpu-period=50ms", "task")

        self.agent.must("update", "--cpus=0.4", "task")

        self.assertEqual(in_force(), (0.4, 50000))
        self.assertEqual(asked(), (0.4, 50000))
        self.agent.kill_and_restart()
        self.agent.must("update", "--cpus=max", "task")
        self.agent.must("update", "--cpus=0.2", "task")
        self.assertEqual(in_force(), (0.2, 50000))
        self.assertEqual(asked(), (0.2, 50000))

    def _memory_is_on_v1(self):
        return self.agent.inspect("task")["cgroup_versions"]["memory"] == 1

    def test_a_limit_below_what_is_in_use_is_refused(self):
        eventually(
            lambda: int(self.agent.task("task")["usage"]["memory_usage_bytes"])
            > 60 << 20,
            what="the task has its memory",
        )
        before = self._settings()

        done = self.agent.reeve(
            "update", "--memory=16M", "--pids=8", "--reclaim-timeout=200ms", "task"
        )

        self.assertEqual(done.returncode, 125)
        self.assertRegex(done.stderr, r"M in use, of which .* and .*M remain: ")
        self.assertIn("--force", done.stderr)
        self.assertEqual(self._settings(), before)
        # That of the processes had been changed, and was put back.
        for resource, errors in (("memory", 1), ("pids", 0)):
            self.agent.await_value(
                errors,
                "reeve_limit_updates_total",
                resource=resource,
                result="error",
            )
        self.assertEqual(self.agent.task("task")["pid"], self.pid)

        forced = self.agent.reeve(
            "update", "--memory=16M", "--reclaim-timeout=0", "--force", "task"
        )

        if self._memory_is_on_v1():
            self.assertEqual(forced.returncode, 125)
            self.assertEqual(self._settings(), before)
        else:
            self.assertEqual(forced.returncode, 0, forced.stderr)
            self.assertIn("the kernel killed 1 process\n", forced.stdout)
            self.assertTrue(self.agent.wait("task")["oom_killed"])

    def test_an_agent_killed_in_a_decrease_leaves_memory_high_to_the_next(self):
        if self._memory_is_on_v1():
            self.skipTest("only cgroup v2 has memory.high")
        task = pathlib.Path(self.agent.inspect("task")["cgroups"]["memory"])
        high = task / "memory.high"
        eventually(
            lambda: int((task / "memory.current").read_text()) > 60 << 20,
            what="the task has its memory",
        )
        for mark in ("max", str(200 << 20)):
            with self.subTest(mark):
                self.agent.must("update", f"--memory-high={mark}", "task")
                settings = self._settings()
                update = self.agent.begin(
                    "update", "--memory=16M", "--reclaim-timeout=60s", "task"
                )
                eventually(
                    lambda before=mark: high.read_text().strip() != before,
                    what="memory.high is lowered",
                )

                self.agent.kill_and_restart()

                self.assertNotEqual(update.wait(), 0)
                self.assertEqual(high.read_text().strip(), mark)
                limits = self.agent.task("task")["limits"]
                self.assertEqual(
                    limits.get("memory_high_bytes", "max"), mark, limits
                )
                self.assertEqual(
                    self._settings().get("memory.high", "max"),
                    settings["memory.high"],
                )
                self.assertEqual(self.agent.task("task")["pid"], self.pid)
                self.assertFalse(any(self._kept_highs()))

    def _kept_highs(self):
        return (self.agent.state_dir / "memory-high").iterdir()

    def test_a_reclaim_timeout_is_at_most_a_minute(self):
        done = self.agent.reeve(
            "update", "--memory=128M", "--reclaim-timeout=61s", "task"
        )

        self.assertEqual(done.returncode, 125)
        self.assertEqual(done.stderr, "reeve: reclaim timeout must be 0 to 1m\n")

    def test_a_hierarchy_that_a_limit_has_added_is_shown(self):
        self.agent.must("update", "--cpuset=0", "task")

        detail = self.agent.inspect("task")
        cpuset = pathlib.Path(detail["cgroups"]["cpuset"])
        self.assertEqual((cpuset / "cpuset.cpus").read_text(), "0\n")
        self.assertIn(str(self.pid), (cpuset / "cgroup.procs").read_text())
        self.assertIn(str(cpuset), self.agent.must("inspect", "task"))

    def test_what_was_written_is_told(self):
        told = json.loads(self.agent.must("update", "--json", "--pids=40", "task"))

        self.assertEqual(
            [(s["file"], s["applied"], s["read_back"]) for s in told["changed"]],
            [("pids.max", "40", "40")],
        )


if __name__ == "__main__":
    unittest.main()
