"""Limits that each process keeps: at launch, live, and with a new agent."""

import json
import os
import pathlib
import unittest

from harness import AgentTest, cgroups_below, eventually

FLAGS = (
    "--oom-score-adj=300",
    "--nice=5",
    "--sched=batch",
    "--rlimit=nofile=100:200",
    "--rlimit=core=0:unlimited",
)
SCHED_OTHER, SCHED_BATCH = 0, 3


def kept_by(pid):
    """What the kernel says of a process: score, nice value, policy, files."""
    proc = pathlib.Path(f"/proc/{pid}")
    # From the third on, behind the name.
    stat = (proc / "stat").read_text().rpartition(") ")[2].split()
    limits = (proc / "limits").read_text().splitlines()
    files = next(line for line in limits if line.startswith("Max open files"))
    return {
        "oom_score_adj": int((proc / "oom_score_adj").read_text()),
        "nice": int(stat[16]),
        "policy": int(stat[38]),
        "nofile": tuple(files.split()[3:5]),
    }


class ProcessLimitsTest(AgentTest):
    def _launch(self, *flags):
        """A task of three processes; returns the pids once they are there."""
        script = "sleep 600 & sleep 600 & wait"
        self.agent.launch("task", *flags, "--", "/bin/sh", "-c", script)
        return eventually(self._pids, what="three processes")

    def _pids(self):
        detail = self.agent.inspect("task")
        path = pathlib.Path(
            detail["cgroups"].get("unified") or detail["cgroups"]["pids"]
        )
        pids = [int(pid) for pid in (path / "cgroup.procs").read_text().split()]
        return pids if len(pids) == 3 else None

    def _settings(self):
        return {
            setting["file"]: (
                setting["requested"],
                setting["applied"],
                setting["read_back"],
            )
            for setting in self.agent.inspect("task")["settings"]
            if setting["controller"] == "process"
        }

    def test_a_task_starts_with_them(self):
        for pid in self._launch(*FLAGS):
            self.assertEqual(
                kept_by(pid),
                {
                    "oom_score_adj": 300,
                    "nice": 5,
                    "policy": SCHED_BATCH,
                    "nofile": ("100", "200"),
                },
            )
        self.assertEqual(self._settings()["rlimit.nofile"], ("100:200",) * 3)
        limits = self.agent.task("task")["limits"]
        self.assertEqual(limits["oom_score_adj"], 300)
        self.assertEqual(limits["nice"], 5)
        self.assertEqual(limits["scheduling_policy"], "batch")
        self.assertIn(
            {"name": "nofile", "soft": "100", "hard": "200"}, limits["rlimits"]
        )
        self.assertIn("rlimit        core 0:unlimited\n",
                      self.agent.must("inspect", "task"))

    def test_a_task_is_not_told_of_what_it_was_not_asked_to_have(self):
        pids = self._launch()

        self.assertEqual(self._settings(), {})
        kept = kept_by(pids[0])
        self.assertEqual(kept["nice"], os.getpriority(os.PRIO_PROCESS, 0))
        self.assertEqual(kept["policy"], SCHED_OTHER)

    def test_an_update_reaches_every_process(self):
        pids = self._launch(*FLAGS)

        told = json.loads(
            self.agent.must("update", "--json", "--nice=9", "--pids=40",
                            "--oom-score-adj=400", "--rlimit=nofile=50:200", "task")
        )

        self.assertEqual(
            {setting["file"] for setting in told["changed"]},
            {"nice", "pids.max", "oom_score_adj", "rlimit.nofile"},
        )
        for pid in pids:
            kept = kept_by(pid)
            self.assertEqual(kept["nice"], 9)
            self.assertEqual(kept["oom_score_adj"], 400)
            self.assertEqual(kept["nofile"], ("50", "200"))
        self.assertGreaterEqual(
            self.agent.metric(
                "reeve_limit_updates_total", resource="process", result="success"
            ),
            1,
        )

    def test_an_update_that_is_refused_changes_nothing(self):
        pids = self._launch(*FLAGS)
        before = [kept_by(pid) for pid in pids]

        done = self.agent.reeve(
            "update", "--nice=9", "--pids=40", "--rlimit=nofile=1:unlimited", "task"
        )

        self.assertEqual(done.returncode, 125)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("rlimit.nofile", done.stderr)
        self.assertIn("nice: wanted 9, put back", done.stderr)
        self.assertEqual([kept_by(pid) for pid in pids], before)
        self.assertNotIn("pids", self.agent.task("task")["limits"])

    def test_an_agent_that_was_killed_is_followed_by_one_that_knows_them(self):
        pids = self._launch("--cpu-shares=1001", *FLAGS)
        self.agent.must("update", "--nice=9", "--cpu-shares=1003", "task")
        before = self.agent.inspect("task")

        self.agent.kill_and_restart()

        after = self.agent.inspect("task")
        self.assertEqual(after["settings"], before["settings"])
        self.assertEqual(after["task"]["limits"], before["task"]["limits"])
        self.assertEqual(after["task"]["limits"]["cpu_shares"], "1003")
        self.agent.must("update", "--nice=10", "task")
        self.assertEqual({kept_by(pid)["nice"] for pid in pids}, {10})

    def test_wrong_input_makes_nothing(self):
        for flags, word in (
            (["--oom-score-adj=1001"], "-1000 to 1000"),
            (["--oom-score-adj=x"], "--oom-score-adj"),
            (["--nice", "-21"], "-20 to 19"),
            (["--nice=1.5"], "--nice"),
            (["--sched=fifo"], "fifo:PRIORITY"),
            (["--sched=fifo:100"], "1 to 99"),
            (["--sched=other:1"], "--sched"),
            (["--rlimit=nofile"], "NAME=SOFT"),
            (["--rlimit=files=1"], "nofile"),
            (["--rlimit=nofile=2:1"], "no more than the hard one"),
            (["--rlimit=nofile=64K"], "64K"),
            (["--rlimit=nofile=1:unlimited"], "rlimit.nofile"),
        ):
            with self.subTest(flags=flags):
                done = self.agent.reeve("run", "--id=wrong", *flags, "/bin/true")
                self.assertEqual(done.returncode, 125, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(word, done.stderr)
                self.assertEqual(self.agent.tasks(), [])
                self.assertEqual(cgroups_below(self.agent.cgroup_parent), [])


if __name__ == "__main__":
    unittest.main()
