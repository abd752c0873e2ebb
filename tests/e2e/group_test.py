"""Tasks that share the limits of their group."""

import json
import os
import pathlib
import shutil
import subprocess
import time
import unittest

from harness import SLOWNESS, AgentTest, cgroups_below, eventually, program

SECONDS = 8 if SLOWNESS == 1 else 20
CPU_SECONDS = "reeve_group_cpu_usage_seconds_total"
OOM_KILLS = "reeve_group_memory_oom_kills_total"


class GroupTest(AgentTest):
    def _launch(self, name, group, *arguments):
        self.agent.launch(name, f"--group={group}", "--", *arguments)

    def _burn(self, name, group, cpu=None):
        command = [program("burn"), "--seconds", 600]
        if cpu is not None:
            command = ["/usr/bin/taskset", "--cpu-list", cpu, *command]
        self._launch(name, group, *command)

    def _cpu_seconds(self, group):
        """CPU time of a group, by the kernel's own counter."""
        cgroups = self.agent.group(group)["cgroups"]
        if "unified" in cgroups:
            stat = (pathlib.Path(cgroups["unified"]) / "cpu.stat").read_text()
            return int(stat.split()[1]) / 1e6
        usage = pathlib.Path(cgroups["cpuacct"]) / "cpuacct.usage"
        return int(usage.read_text()) / 1e9


class GroupLimitsTest(GroupTest):
    def test_two_busy_tasks_together_use_what_their_group_may(self):
        self.agent.must("group set", "shop", "--cpus=0.5")
        self._burn("one", "shop")
        self._burn("two", "shop")
        self.agent.take_precedence()
        time.sleep(SLOWNESS)

        before, began = self._cpu_seconds("shop"), time.monotonic()
        time.sleep(SECONDS)
        after, ended = self._cpu_seconds("shop"), time.monotonic()

        self.assertAlmostEqual((after - before) / (ended - began), 0.5, delta=0.025)
        shown = self.agent.metric(CPU_SECONDS, task_group="shop")
        self.assertAlmostEqual(shown, after, delta=SLOWNESS)
        self.assertEqual(
            self.agent.metric("reeve_group_cpu_limit_cores", task_group="shop"), 0.5
        )
        self.assertGreater(
            self.agent.metric(
                "reeve_group_cpu_cfs_throttled_periods_total", task_group="shop"
            ),
            0,
        )

    def test_a_group_shares_with_a_task_as_one_whatever_it_has_in_it(self):
        cpu = max(os.sched_getaffinity(0))
        for name in ("one", "two"):
            self._burn(name, "shop", cpu)
        self._burn("alone", "other", cpu)
        self.agent.must("group set", "shop", "--cpu-shares=1024")
        self.agent.must("group set", "other", "--cpu-shares=1024")
        self.agent.take_precedence()
        self.assertAlmostEqual(self._part_of("shop", "other"), 0.5, delta=0.04)

        self.agent.must("group set", "shop", "--cpu-shares=3072")

        self.assertAlmostEqual(self._part_of("shop", "other"), 0.75, delta=0.04)

    def _part_of(self, group, other):
        time.sleep(SLOWNESS)
        before = self._cpu_seconds(group), self._cpu_seconds(other)
        time.sleep(SECONDS)
        mine = self._cpu_seconds(group) - before[0]
        others = self._cpu_seconds(other) - before[1]
        return mine / (mine + others)

    def test_two_tasks_together_stay_within_the_memory_of_their_group(self):
        self.agent.must("group set", "shop", "--memory=64M")
        allocate = [program("allocate"), "--mib", 40, "--hold", 600]
        self._launch("one", "shop", *allocate)
        eventually(
            lambda: (self.agent.metric("reeve_task_memory_anon_bytes", task="one") or 0)
            > 40 << 20,
            what="the first has its memory",
        )

        self._launch("two", "shop", *allocate)

        eventually(lambda: len(self._ended()) == 1, what="one of them is killed")
        victim = self._ended()[0]
        self.assertTrue(victim["exit"]["oom_killed"])
        self.assertEqual(victim["exit"]["code"], 137)
        eventually(
            lambda: self.agent.metric(OOM_KILLS, task_group="shop") == 1,
            what="the kill is counted",
        )
        # The group's own files may be read later than those of its tasks.
        peak = eventually(
            lambda: (shown := self._peak()) > 48 << 20 and shown,
            what="the peak is measured",
        )
        self.assertLessEqual(peak, 64 << 20)
        # With more, there is room for both.
        self.agent.must("group set", "shop", "--memory=128M")
        self._launch("three", "shop", *allocate)
        eventually(
            lambda: (
                self.agent.metric("reeve_group_memory_anon_bytes", task_group="shop")
                or 0
            )
            > 80 << 20,
            what="both have their memory",
        )
        self.assertEqual(len(self._ended()), 1)

    def _peak(self):
        name = "reeve_group_memory_peak_bytes"
        return self.agent.metric(name, task_group="shop") or 0

    def _ended(self):
        return [
            task
            for task in self.agent.tasks()
            if task["state"] == "TASK_STATE_EXITED"
        ]


class GroupLifeTest(GroupTest):
    def test_a_group_is_seen_from_its_first_task_to_its_last(self):
        self._launch("one", "shop", "/bin/sleep", 600)

        self.agent.await_metric("reeve_group_info", task_group="shop")
        self.assertEqual(self.agent.group("shop")["tasks"], ["one"])
        self.assertIn("/@shop/one", str(self.agent.inspect("one")["cgroups"]))
        listed = json.loads(self.agent.get("/api/v1/groups")[1])
        self.assertEqual([group["group"] for group in listed["groups"]], ["shop"])
        self.agent.must("stop", "--grace=0s", "one")

        eventually(lambda: self.agent.group("shop") is None, what="the group is gone")
        eventually(
            lambda: self.agent.metric("reeve_group_info", task_group="shop") is None,
            what="its series are gone",
        )
        self.assertEqual(cgroups_below(self.agent.cgroup_parent), [])

    def test_limits_are_shown_changed_kept_and_removed(self):
        told = self.agent.must("group set", "shop", "--pids=40")
        self.assertRegex(told, r"pids +pids.max +40 +40 +40")
        self._launch("one", "shop", "/bin/sleep", 600)
        self.agent.must("group set", "shop", "--memory=64M")
        self.assertRegex(
            self.agent.must("group ls"), r"(?m)^shop +1 .* 64M +\S+ +40$"
        )

        refused = self.agent.reeve("group rm", "shop")
        self.assertEqual(refused.returncode, 125)
        self.assertIn("one", refused.stderr)
        self.agent.must("stop", "--grace=0s", "one")

        self.assertEqual(self.agent.group("shop")["limits"]["pids"], "40")
        self.agent.must("group rm", "shop")
        self.assertIsNone(self.agent.group("shop"))
        self.assertEqual(cgroups_below(self.agent.cgroup_parent), [])

    def test_a_killed_agent_leaves_groups_to_the_next(self):
        self.agent.must("group set", "shop", "--pids=40", "--memory=64M")
        self._burn("one", "shop")
        self._launch("two", "batch", "/bin/sleep", 600)
        before = eventually(
            lambda: self.agent.metric(CPU_SECONDS, task_group="shop"),
            what="the group is measured",
        )

        self.agent.kill_and_restart()

        limits = self.agent.group("shop")["limits"]
        self.assertEqual((limits["pids"], limits["memory_bytes"]), ("40", "67108864"))
        self.assertEqual(self.agent.group("batch")["tasks"], ["two"])
        eventually(
            lambda: (self.agent.metric(CPU_SECONDS, task_group="shop") or 0) >= before,
            what="the group's counter goes on",
        )
        self.agent.must("stop", "--grace=0s", "two")
        eventually(lambda: self.agent.group("batch") is None, what="batch is gone")

    def test_a_killed_agent_may_be_in_the_middle_of_anything(self):
        for delay in range(0, 40, 4 if SLOWNESS == 1 else 10):
            group = f"g{delay}"
            running = [
                self.agent.begin("group set", group, "--pids=40"),
                self.agent.begin(
                    "run", "--detach", f"--group={group}", "--", "/bin/sleep", 600
                ),
            ]
            time.sleep(delay / 1000)
            self.agent.kill_and_restart()
            for process in running:
                process.wait()

        for task in self.agent.tasks():
            if task["state"] != "TASK_STATE_EXITED":
                self.agent.must("stop", "--grace=0s", task["id"])
        groups = json.loads(self.agent.must("group ls", "--json")).get("groups", [])
        for group in groups:
            self.assertEqual(group["limits"]["pids"], "40")
            self.agent.must("group rm", group["group"])
        eventually(
            lambda: not cgroups_below(self.agent.cgroup_parent), what="nothing is left"
        )

    def test_the_page_pleases_prometheus(self):
        if shutil.which("promtool") is None:
            self.skipTest("promtool is not installed")
        self.agent.must("group set", "shop", "--pids=40", "--memory=64M", "--cpus=2")
        self._launch("one", "shop", "/bin/sleep", 600)
        self.agent.await_metric("reeve_group_cpu_usage_ratio", mode="total")

        page = self.agent.get("/metrics")[1]

        done = subprocess.run(
            ["promtool", "check", "metrics"],
            input=page,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


class GroupWrongInputTest(GroupTest):
    def test_what_is_wrong_is_told_in_one_line_and_makes_nothing(self):
        cases = (
            (("group set", "@shop", "--pids=5"), 'task group "@shop"'),
            (("group set", "shop"), "no limit named"),
            (("group set", "shop", "--pids=none"), "--pids none"),
            (("group set", "shop", "--cpu-shares=1"), "CPU shares of 1"),
            (("group set", "shop", "--cpu-burst=10ms"), "give a CPU limit too"),
            (("group rm", "shop"), "no group shop"),
            (("group rm", "../tasks"), "task group"),
            (("group ls", "shop"), "unexpected argument shop"),
        )
        for command, message in cases:
            with self.subTest(command=command):
                done = self.agent.reeve(*command)

                self.assertEqual(done.returncode, 125)
                self.assertRegex(done.stderr, r"\Areeve: [^\n]+\n\Z")
                self.assertIn(message, done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertEqual(cgroups_below(self.agent.cgroup_parent), [])


if __name__ == "__main__":
    unittest.main()
