"""Policies: the agent acts on what it measures."""

import subprocess
import unittest

from harness import REEVE, SLOWNESS, eventually, process_is_there, program
from policies import PolicyTest

# Throttled for a second: twice as much. Idle for a second: back.
CPUS = """
dry_run: {dry_run}
rules:
  - name: up
    action: raise_cpus
    tasks: web
    for: 1s
    cooldown: 0
    max_per_minute: 100
    min_periods: 2
    step: 2x
  - name: down
    action: lower_cpus
    tasks: web
    for: 1s
    cooldown: 0
    max_per_minute: 100
    usage_below: 20%
    step: 4x
"""

STOP = """
dry_run: false
rules:
  - name: make-room
    action: stop_lowest_priority
    groups: shop
    memory: 70%
    for: 500ms
    cooldown: 1s
    grace: 5s
"""


class CpuPolicyTest(PolicyTest):
    def test_a_task_is_raised_while_throttled_and_lowered_once_idle(self):
        self.start(CPUS.format(dry_run="false"))
        self.launch_moody("--cpus-max=0.3")

        # 0.1, 0.2, and then the bound: no further, however busy it is.
        eventually(lambda: self.cpus() == 0.3, 60, "the task is at its bound")
        self.await_action("up", "refused")
        self.assertEqual(self.cpus(), 0.3)
        self.assertEqual(self.actions("up", "applied"), 2)
        self.rest()
        eventually(lambda: self.cpus() == 0.1, 60, "the idle task has what it had")
        eventually(lambda: self.told()[-1][3] == "0.1", what="and it is told")

        told = self.told()
        self.assertEqual(
            told[:3],
            [
                ("up", "applied", "0.1", "0.2"),
                ("up", "applied", "0.2", "0.3"),
                ("up", "refused", "0.3", None),
            ],
        )
        self.assertEqual(told[-1][0:2], ("down", "applied"))
        first = self.events()[0]
        self.assertRegex(first["seen"], r"^\d+% of its periods throttled, for ")
        self.assertIn("policy up: task web: ", self.agent.log())
        self.assertIn("cpus 0.1 -> 0.2: applied", self.agent.log())
        self.assertIn("by its --cpus-max", self.agent.log())

        shown = self.agent.must("events", "--type=policy_action")
        self.assertIn("action=raise_cpus", shown)

        # What was changed outlives the agent, and so do the bounds.
        spec = self.agent.inspect("web")["spec"]
        self.assertEqual(spec["cpus_max"], 0.3)
        self.agent.kill_and_restart()
        self.assertEqual(self.agent.inspect("web")["spec"]["cpus_max"], 0.3)

    def test_a_dry_run_changes_nothing(self):
        self.start(CPUS.format(dry_run="true"))
        self.launch_moody("--cpus-max=1")
        before = self.agent.inspect("web")["settings"]

        self.await_action("up", "dry_run", times=2)

        self.assertEqual(self.agent.inspect("web")["settings"], before)
        self.assertEqual(self.actions("up", "applied"), 0)
        self.assertEqual(self.agent.metric("reeve_policy_rules", mode="dry_run"), 2)
        event = self.events()[0]
        self.assertEqual(
            (event["result"], event["from"], event["to"]), ("dry_run", "0.1", "0.2")
        )
        self.assertIn("dry run, nothing was done", self.agent.log())

    def test_a_task_without_a_bound_is_left_alone_until_it_gets_one(self):
        self.start(CPUS.format(dry_run="false"))
        self.launch_moody()

        self.await_action("up", "refused")
        self.assertEqual(self.cpus(), 0.1)
        self.assertIn("no --cpus-max", self.events()[0]["reason"])

        # A person may go beyond the bound, a policy may not.
        self.agent.must("update", "--cpus-max=0.2", "--cpus=0.15", "web")
        eventually(lambda: self.cpus() == 0.2, 60, "raised to the new bound")
        self.agent.must("update", "--cpus=0.5", "web")
        self.assertEqual(self.cpus(), 0.5)


class GroupPolicyTest(PolicyTest):
    def _allocate(self, name, mib, priority):
        self.agent.launch(
            name,
            "--group=shop",
            f"--priority={priority}",
            "--",
            program("allocate"),
            *("--mib", mib, "--hold", 600),
        )

    def test_a_group_near_its_limit_loses_its_lowest_priority(self):
        self.start(STOP)
        self.agent.must("group set", "shop", "--memory=200M")
        self.agent.launch("alone", "--priority=0", "--", "/bin/sleep", 600)
        self._allocate("important", 40, 90)
        self._allocate("batch", 60, 10)
        self._allocate("usual", 60, 50)

        status = self.agent.wait("batch")
        self.assertFalse(status.get("oom_killed", False))
        self.await_action("make-room", "applied")

        running = {
            task["id"]
            for task in self.agent.tasks()
            if task["state"] == "TASK_STATE_RUNNING"
        }
        self.assertEqual(running, {"alone", "important", "usual"})
        event = self.events("--group=shop")[0]
        self.assertEqual(event["action"], "stop_lowest_priority")
        self.assertRegex(event["seen"], r"group shop: \d+% of its 200M cannot be")
        self.assertEqual(self.actions("make-room", "failed"), 0)


    def test_an_agent_that_ends_leaves_a_stop_to_the_next(self):
        self.start(STOP.replace("grace: 5s", "grace: 10m"))
        self.agent.must("group set", "shop", "--memory=200M")
        self._allocate("usual", 1, 50)
        allocate = f"trap '' INT; exec {program('allocate')} --mib 160 --hold 600"
        self.agent.launch(
            "batch",
            "--group=shop",
            "--priority=10",
            *("--", "/bin/sh", "-c", allocate),
        )
        pid = self.agent.task("batch")["pid"]

        def stops():
            return self.agent.must("events", "--json", "--type=stopping")

        eventually(stops, 60, "the policy stops the task")

        self.assertEqual(self.agent.end(), 0)

        self.assertTrue(process_is_there(pid))
        self.assertIn("task batch was sent SIGINT", self.agent.log())
        self.agent.kill_and_restart()
        eventually(stops, 60, "the next agent stops it again")


class PolicyFileTest(PolicyTest):
    def _refusal(self, policy, *flags):
        """The one line of an agent that does not start."""
        self.write(policy)
        state = self.folder / "state"
        done = subprocess.run(
            [
                REEVE,
                "agent",
                f"--state-dir={state}",
                "--web.listen-address=",
                f"--policy={self.file}",
                *flags,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
        )
        self.assertEqual(done.returncode, 125)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertFalse(state.exists())
        return done.stderr

    def test_a_wrong_file_refuses_the_start(self):
        self.assertIn(
            f"reeve: agent: policy {self.file}: line 3: action \"fly\": use ",
            self._refusal("rules:\n  - name: a\n    action: fly\n"),
        )
        self.assertIn(
            "use --collector.pressure",
            self._refusal(
                "rules:\n  - {name: a, action: stop_lowest_priority, pressure: 9%}\n"
            ),
        )

    def test_check_says_what_the_rules_mean(self):
        self.write(STOP)
        done = subprocess.run(
            [REEVE, "policy", "check", self.file],
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("make-room: if a group has 70% or more of its", done.stdout)

    def test_a_wrong_change_keeps_the_rules_and_a_right_one_is_followed(self):
        self.start("rules: []\n")
        self.assertEqual(self.agent.metric("reeve_policy_reload_success"), 1)
        self.launch_moody("--cpus-max=0.2")

        self.write("rules: wrong\n")
        eventually(
            lambda: self.agent.metric("reeve_policy_reload_success") == 0,
            what="the failure is told",
        )
        self.assertIn("what was before stays in force", self.agent.log())

        self.write(CPUS.format(dry_run="false"))
        eventually(
            lambda: self.agent.metric("reeve_policy_reload_success") == 1,
            what="the new file is followed",
        )
        self.assertEqual(self.agent.metric("reeve_policy_rules", mode="active"), 2)
        eventually(lambda: self.cpus() == 0.2, 60, "the task is raised")


if __name__ == "__main__":
    unittest.main()
