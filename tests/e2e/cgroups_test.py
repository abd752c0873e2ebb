"""The cgroups that others made, as an agent with --collector.cgroups tells of them."""

import os
import pathlib
import subprocess
import unittest

from harness import AgentTest, eventually, program, remove_cgroups

CONTAINER = "docker-" + "4f2a8c0b" * 8 + ".scope"
_MIB = 1 << 20


def roots_with(controllers):
    """Where the hierarchies of these controllers are mounted, and the v2 one."""
    roots = []
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split()[:3]
        if kind == "cgroup2" or (
            kind == "cgroup" and set(options.split(",")) & set(controllers)
        ):
            roots.append(pathlib.Path(before.split()[4]))
    return roots


class CgroupsTest(AgentTest):
    group = f"/reeve-e2e-cgroups-{os.getpid()}"
    agent_flags = (
        "--collector.cgroups",
        "--collector.cgroups.interval=250ms",
        f"--collector.cgroups.include={group}.*|/reeve-e2e-{os.getpid()}.*",
        "--collector.cgroups.exclude=.*/secret",
    )

    def setUp(self):
        super().setUp()
        self.addCleanup(remove_cgroups, self.group)
        self.roots = roots_with(("cpu", "cpuacct", "memory", "pids"))

    def make(self, name):
        """A cgroup of the test in every hierarchy; its directories."""
        folders = []
        for root in self.roots:
            folder = root / (self.group + name).lstrip("/")
            folder.mkdir(parents=True, exist_ok=True)
            for above in list(folder.parents):
                control = above / "cgroup.subtree_control"
                if above == root or not control.exists():
                    continue
                for controller in ("cpu", "memory", "pids"):
                    try:
                        control.write_text(f"+{controller}")
                    except OSError:
                        pass  # The hierarchy has no such controller to give.
            folders.append(folder)
        return folders

    def burn_in(self, folders):
        """A process that burns CPU time in a cgroup until the test ends."""

        def enter():
            for folder in folders:
                (folder / "cgroup.procs").write_text("0")

        process = subprocess.Popen(
            [program("burn"), "--seconds", "600"], preexec_fn=enter
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def metric(self, name, path, **labels):
        return self.agent.metric(
            f"reeve_cgroup_{name}", cgroup=self.group + path, **labels
        )

    def paths(self):
        return {
            sample.labels["cgroup"].removeprefix(self.group)
            for sample in self.agent.metrics()
            if sample.name == "reeve_cgroup_info"
        }

    def test_busy_cgroup_has_what_the_kernel_says_of_it(self):
        folders = self.make("/busy.service")
        self.burn_in(folders)
        by_file = {}
        for folder in folders:
            for name in ("pids.max", "memory.max", "memory.limit_in_bytes"):
                if (folder / name).exists():
                    (folder / name).write_text("64" if "pids" in name else str(64 * _MIB))
            for file in folder.iterdir():
                by_file.setdefault(file.name, []).append(file)

        eventually(
            lambda: (
                self.metric("cpu_usage_ratio", "/busy.service", mode="total") or 0
            )
            > 0,
            what="it uses CPU time",
        )
        usage = "cpu_usage_seconds_total"
        before = self.cpu_seconds(by_file)
        eventually(
            lambda: self.metric(usage, "/busy.service") >= before,
            what="the page has what the kernel counted",
        )
        self.assertLessEqual(
            self.metric(usage, "/busy.service"), self.cpu_seconds(by_file)
        )
        self.assertEqual(self.metric("threads", "/busy.service"), 1)
        self.assertGreater(self.metric("memory_usage_bytes", "/busy.service"), 0)
        self.assertEqual(
            eventually(lambda: self.metric("threads_limit", "/busy.service"), 30), 64
        )
        self.assertEqual(
            eventually(lambda: self.metric("memory_limit_bytes", "/busy.service"), 30),
            64 * _MIB,
        )

    @staticmethod
    def cpu_seconds(by_file):
        for file in by_file.get("cpu.stat", []):
            words = file.read_text().split()
            if "usage_usec" in words:
                return int(words[words.index("usage_usec") + 1]) / 1e6
        return int(by_file["cpuacct.usage"][0].read_text()) / 1e9

    def test_info_tells_what_the_path_tells(self):
        self.make(f"/test.slice/{CONTAINER}")

        self.agent.await_metric(
            "reeve_cgroup_info",
            cgroup=f"{self.group}/test.slice/{CONTAINER}",
            kind="container",
            unit=CONTAINER,
            slice="test.slice",
            container_id="4f2a8c0b" * 8,
            runtime="docker",
        )
        self.agent.await_metric(
            "reeve_cgroup_info", cgroup=f"{self.group}/test.slice", kind="slice"
        )

    def test_cgroup_that_was_removed_leaves_no_series(self):
        self.make("/stays")
        self.make("/goes")
        eventually(lambda: "/goes" in self.paths(), what="it is on the page")

        remove_cgroups(self.group + "/goes")

        eventually(lambda: "/goes" not in self.paths(), what="it is gone")
        self.assertIn("/stays", self.paths())
        left = [
            sample
            for sample in self.agent.metrics()
            if sample.labels.get("cgroup", "").endswith("/goes")
        ]
        self.assertEqual(left, [])

    def test_filters_and_the_agents_own_are_left_out(self):
        self.make("/secret")
        self.make("/public")
        self.agent.launch("task", "--", "/bin/sleep", 600)
        self.agent.await_metric("reeve_task_info", task="task")

        eventually(lambda: "/public" in self.paths(), what="it is on the page")

        paths = self.paths()
        self.assertNotIn("/secret", paths)
        self.assertFalse([path for path in paths if self.agent.cgroup_parent in path])

    def test_part_of_the_page_can_be_asked_for(self):
        self.make("/a")
        eventually(lambda: "/a" in self.paths(), what="it is on the page")

        _, only = self.agent.get("/metrics?collect[]=cgroups")
        _, without = self.agent.get("/metrics?exclude[]=cgroups")

        self.assertIn("reeve_cgroup_info{", only)
        self.assertIn("reeve_cgroups{", only)
        self.assertNotIn("reeve_build_info", only)
        self.assertNotIn("reeve_cgroup_info{", without)
        self.assertEqual(
            self.agent.metric("reeve_collector_rounds_missed_total", collector="cgroups"),
            0,
        )


class CapTest(AgentTest):
    group = f"/reeve-e2e-cap-{os.getpid()}"
    agent_flags = (
        "--collector.cgroups",
        "--collector.cgroups.interval=250ms",
        f"--collector.cgroups.include={group}.*",
        "--collector.cgroups.max=3",
    )

    def test_those_beyond_the_limit_are_counted(self):
        self.addCleanup(remove_cgroups, self.group)
        for root in roots_with(("memory",)):
            for name in ("a", "b", "c", "d/e"):
                (root / self.group.lstrip("/") / name).mkdir(parents=True)

        eventually(
            lambda: self.agent.metric("reeve_cgroups_dropped") == 3,
            what="three of six are left out",
        )

        self.assertEqual(self.agent.metric("reeve_cgroups_measured"), 3)


class OffTest(AgentTest):
    def test_nothing_is_measured_unless_asked_for(self):
        self.agent.await_metric("reeve_build_info")

        names = {sample.name for sample in self.agent.metrics()}

        for name in ("reeve_cgroup_info", "reeve_cgroups", "reeve_cgroups_measured"):
            self.assertNotIn(name, names)

    def test_wrong_expression_is_refused_before_anything_is_made(self):
        folder = pathlib.Path(self.agent.folder) / "other"

        done = self.agent.reeve(
            "agent",
            f"--state-dir={folder}",
            "--collector.cgroups",
            "--collector.cgroups.include=/system(.slice",
        )

        self.assertEqual(done.returncode, 125)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("--collector.cgroups.include", done.stderr)
        self.assertFalse(folder.exists())


if __name__ == "__main__":
    unittest.main()
