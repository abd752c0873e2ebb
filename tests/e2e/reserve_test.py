"""CPUs that one task has to itself while all others share the rest."""

import contextlib
import os
import subprocess
import unittest

from harness import SLOWNESS, AgentTest, cgroups_below, eventually

SLEEP = ("--", "/bin/sleep", 600)


def as_list(cpus):
    """CPUs as the kernel prints them, as far as tests have them apart."""
    return ",".join(map(str, sorted(cpus)))


class ReserveTest(AgentTest):
    def setUp(self):
        self.cpus = os.sched_getaffinity(0)
        if len(self.cpus) < 2:
            self.skipTest("this machine has one CPU")
        super().setUp()
        self.own = {max(self.cpus)}
        self.pool = self.cpus - self.own
        self.pids = {}

    def _cpus_of(self, name):
        """Where a running task may run, by the kernel."""
        if name not in self.pids:
            self.pids[name] = self.agent.task(name)["pid"]
        return os.sched_getaffinity(self.pids[name])

    def _setting(self, name):
        """What was requested, applied and read back of a task's CPUs."""
        for setting in self.agent.inspect(name).get("settings", []):
            if setting["file"] == "cpuset.cpus":
                return tuple(
                    setting[key] for key in ("requested", "applied", "read_back")
                )
        return None

    def test_a_task_has_its_cpu_alone_until_it_ends(self):
        self.agent.launch("other", *SLEEP)
        self.agent.launch("own", "--reserve-cpus=1", *SLEEP)
        self.agent.launch("new", *SLEEP)

        for name, cpus in (("own", self.own), ("other", self.pool), ("new", self.pool)):
            self.assertEqual(self._cpus_of(name), cpus, name)
        own = as_list(self.own)
        self.assertEqual(self._setting("own"), ("1 reserved", own, own))
        self.assertEqual(self._setting("other")[0], "pool")
        self.assertEqual(self.agent.task("own")["limits"]["reserved_cpus"], 1)
        self.assertRegex(self.agent.must("inspect", "own"), r"reserved CPUs +1\n")
        eventually(
            lambda: self.agent.metric("reeve_task_cpuset_cpus", task="other")
            == len(self.pool),
            what="the pool is exported",
        )

        self.agent.kill_and_restart()

        for name, cpus in (("own", self.own), ("other", self.pool), ("new", self.pool)):
            self.assertEqual(self._cpus_of(name), cpus, name)
        self.assertEqual(self._setting("own"), ("1 reserved", own, own))
        refused = self.agent.reeve("update", f"--cpuset={own}", "new")
        self.assertEqual(refused.returncode, 125)
        self.assertIn("reserved for task own", refused.stderr)
        self.agent.must("stop", "--grace=0s", "own")

        for name in ("other", "new"):
            eventually(
                lambda name=name: self._cpus_of(name) == self.cpus,
                what=f"{name} has all CPUs again",
            )
        eventually(
            lambda: self.agent.metric("reeve_task_cpuset_cpus", task="other") is None,
            what="nothing is limited any more",
        )

    def test_a_running_task_reserves_and_gives_back(self):
        self.agent.launch("own", *SLEEP)
        self.agent.launch("other", *SLEEP)

        told = self.agent.must("update", "--reserve-cpus=1", "own")

        self.assertRegex(told, r"cpuset +cpuset.cpus +1 reserved")
        self.assertEqual(self._cpus_of("own"), self.own)
        self.assertEqual(self._cpus_of("other"), self.pool)
        self.agent.must("update", "--reserve-cpus=0", "own")
        self.assertEqual(self._cpus_of("own"), self.cpus)
        self.assertEqual(self._cpus_of("other"), self.cpus)

    def test_a_killed_agent_may_be_in_the_middle_of_a_reservation(self):
        self.agent.launch("own", *SLEEP)
        self.agent.launch("other", *SLEEP)
        for delay in range(8 if SLOWNESS == 1 else 3):
            running = self.agent.begin(
                "update", f"--reserve-cpus={1 - delay % 2}", "own"
            )
            # Wherever it has got to by then.
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(delay * SLOWNESS / 200)
            self.agent.kill_and_restart()
            running.wait()

            # Done, or undone.
            found = self._cpus_of("own"), self._cpus_of("other")
            self.assertIn(found, ((self.own, self.pool), (self.cpus, self.cpus)))

    def test_what_is_wrong_is_told_in_one_line_and_changes_nothing(self):
        self.agent.launch("other", *SLEEP)
        every = len(self.cpus)
        own = as_list(self.own)
        cases = (
            (("run", "--reserve-cpus=x", *SLEEP), "--reserve-cpus x"),
            (("run", f"--reserve-cpus={every}", *SLEEP), f"{every} reserved CPUs"),
            (
                ("run", "--reserve-cpus=1", f"--cpuset={own}", *SLEEP),
                "give one of them",
            ),
            (
                ("update", "--reserve-cpus=1", f"--cpuset={own}", "other"),
                "give one of them",
            ),
            (("update", f"--reserve-cpus={every}", "other"), "can be had"),
            (("group set", "--reserve-cpus=1", "shop"), "--reserve-cpus"),
        )
        for (command, *arguments), message in cases:
            with self.subTest(command=command, message=message):
                done = self.agent.reeve(command, *arguments)

                self.assertEqual(done.returncode, 125)
                self.assertRegex(done.stderr, r"\Areeve: [^\n]+\n\Z")
                self.assertIn(message, done.stderr)
        self.assertEqual(self._cpus_of("other"), self.cpus)
        self.assertEqual(
            {path.name for path in cgroups_below(self.agent.cgroup_parent)}, {"other"}
        )


if __name__ == "__main__":
    unittest.main()
