"""Limits that are changed while a task runs."""

import json
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

    def test_what_was_written_is_told(self):
        told = json.loads(self.agent.must("update", "--json", "--pids=40", "task"))

        self.assertEqual(
            [(s["file"], s["applied"], s["read_back"]) for s in told["changed"]],
            [("pids.max", "40", "40")],
        )


if __name__ == "__main__":
    unittest.main()
