"""What an agent tells of the processes of the host, when it is told to."""

import os
import pathlib
import subprocess
import unittest

from harness import REEVE, SLOWNESS, Agent, AgentTest, eventually, parse_metrics

FLAGS = ("--collector.processes", "--collector.processes.interval=100ms")


def start(name):
    """A process of this name that sleeps until it is killed."""
    return subprocess.Popen(
        ["/bin/sh", "-c", 'printf %s "$1" >/proc/$$/comm; read x', "sh", name],
        stdin=subprocess.PIPE,
    )


class PerPidTest(AgentTest):
    agent_flags = (*FLAGS, "--collector.processes.per-pid")

    def setUp(self):
        super().setUp()
        self.started = []

    def tearDown(self):
        for process in self.started:
            process.kill()
            process.wait()
            process.stdin.close()
        super().tearDown()

    def start(self, name):
        self.started.append(start(name))
        return self.started[-1]

    def samples(self, **labels):
        return [
            sample
            for sample in self.agent.metrics()
            if labels.items() <= sample.labels.items()
        ]

    def test_process_is_there_from_its_start_to_its_end(self):
        process = self.start('a "b" (c)')
        pid = str(process.pid)
        name = 'a \\"b\\" (c)'
        self.agent.await_metric("reeve_process_threads", pid=pid, comm=name)

        names = {sample.name for sample in self.samples(pid=pid)}
        self.assertEqual(
            names,
            {
                "reeve_process_cpu_seconds_total",
                "reeve_process_page_faults_total",
                "reeve_process_resident_memory_bytes",
                "reeve_process_start_time_seconds",
                "reeve_process_threads",
                "reeve_process_virtual_memory_bytes",
            },
        )
        self.assertEqual(
            self.agent.metric("reeve_process_group_processes", group=name), 1
        )

        process.kill()
        process.wait()

        eventually(lambda: not self.samples(pid=pid), what="the process is gone")
        self.agent.await_value(0, "reeve_process_group_processes", group=name)

    def test_process_of_a_task_has_its_id(self):
        self.agent.launch("web", "--", "/bin/sleep", 600)
        self.agent.launch("api", "--group=shop", "--", "/bin/sleep", 600)

        for task in ("web", "api"):
            pid = self.agent.task(task)["pid"]
            self.agent.await_metric("reeve_process_threads", pid=str(pid), task=task)
        self.assertFalse(self.samples(pid=str(os.getpid()), task="web"))
        self.assertTrue(self.samples(pid=str(os.getpid())))

    def test_part_of_the_page_can_be_asked_for(self):
        self.agent.await_metric("reeve_process_threads", pid=str(os.getpid()))

        _, alone = self.agent.get("/metrics?collect[]=processes")
        _, others = self.agent.get("/metrics?exclude[]=processes")

        names = {sample.name for sample in parse_metrics(alone)}
        self.assertIn("reeve_process_group_processes", names)
        for name in names:
            self.assertTrue(name.startswith("reeve_process"), name)
        self.assertFalse(names & {sample.name for sample in parse_metrics(others)})
        self.assertIn("process_cpu_seconds_total", others)

    def test_cost_is_told(self):
        self.agent.await_metric("reeve_collector_rounds_total", collector="processes")


class GroupsTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("agents that keep tasks in cgroups need root")

    def agent(self, *flags):
        agent = Agent(*FLAGS, *(f"--collector.processes.{flag}" for flag in flags))
        self.addCleanup(agent.close)
        return agent

    def groups(self, agent):
        return {
            sample.labels["group"]
            for sample in agent.metrics()
            if sample.name == "reeve_process_group_processes"
        }

    def await_groups(self, agent):
        return eventually(lambda: self.groups(agent), what="groups")

    def test_nothing_is_told_unless_asked_for(self):
        agent = Agent()
        self.addCleanup(agent.close)

        names = {sample.name for sample in agent.metrics()}

        self.assertFalse([name for name in names if name.startswith("reeve_process")])

    def test_group_may_be_by_a_template(self):
        agent = self.agent("group-by={{.ExePath}}|{{.User}}|{{.Pid}}")
        path = os.readlink("/proc/self/exe")

        self.assertIn(f"{path}|root|{os.getpid()}", self.await_groups(agent))
        names = {sample.name for sample in agent.metrics()}
        self.assertFalse([name for name in names if name == "reeve_process_threads"])

    def test_group_may_be_by_the_task(self):
        agent = self.agent("group-by=task", "per-pid")
        agent.launch("web", "--", "/bin/sleep", 600)

        agent.await_value(1, "reeve_process_group_processes", group="web")

        self.assertEqual(self.groups(agent), {"web"})
        self.assertIsNone(agent.metric("reeve_process_threads", pid=str(os.getpid())))

    def test_groups_can_be_chosen(self):
        agent = self.agent("group-by={{.Pid}}", f"include={os.getpid()}|1")

        self.assertEqual(self.await_groups(agent), {str(os.getpid()), "1"})

    def test_top_leaves_out_the_rest_and_counts_them(self):
        agent = self.agent("per-pid", "top=1")
        self.await_groups(agent)

        pids = {
            sample.labels["pid"]
            for sample in agent.metrics()
            if sample.name == "reeve_process_threads"
        }

        self.assertIn(len(pids), (1, 2))
        self.assertGreater(agent.metric("reeve_processes_omitted", reason="top"), 0)

    def test_there_are_no_more_series_than_allowed(self):
        agent = self.agent("per-pid", "group-by={{.Pid}}", "max-series=100")
        self.await_groups(agent)

        samples = agent.metrics()

        for prefix, label in (("reeve_process_group_", "group"), ("", "pid")):
            series = [
                sample
                for sample in samples
                if sample.name.startswith("reeve_process" if not prefix else prefix)
                and label in sample.labels
            ]
            self.assertTrue(series)
            self.assertLessEqual(len(series), 100)
        for reason in ("process_series", "group_series"):
            self.assertGreater(
                agent.metric("reeve_processes_omitted", reason=reason), 0
            )

    def test_page_with_everything_is_in_order(self):
        agent = self.agent("per-pid", "io", "fds", "status", "kernel-threads")
        self.await_groups(agent)
        # All processes of this machine, whatever their names.
        page = agent.get("/metrics?collect[]=processes")[1]

        checked = subprocess.run(
            ["promtool", "check", "metrics"],
            input=page,
            capture_output=True,
            text=True,
            check=False,
        )

        self.assertEqual(checked.stdout + checked.stderr, "")
        self.assertEqual(checked.returncode, 0)
        self.assertIn('reeve_process_open_fds{pid="1"', page)
        if pathlib.Path("/proc/2/comm").read_text() == "kthreadd\n":
            self.assertIn('{pid="2",comm="kthreadd"', page)


class WrongFlagsTest(unittest.TestCase):
    def test_wrong_flags_are_refused_in_one_line(self):
        table = (
            (["group-by=exee"], "use comm, exe, cgroup, user, task"),
            (["group-by={{.Comm"], "{{ without }}"),
            (["group-by={{.Name}}"], "{{.Comm}}"),
            (["include=("], "missing )"),
            (["top=many"], "use a number"),
            (["max-series=1"], "100 or more"),
            (["interval=5"], "interval"),
            (["per-pid", None], "needs --collector.processes"),
        )
        for details, words in table:
            with self.subTest(details):
                flags = [f"--collector.processes.{one}" for one in details if one]
                if None not in details:
                    flags.append("--collector.processes")
                done = subprocess.run(
                    [REEVE, "agent", "--state-dir=/nowhere/to/be", *flags],
                    capture_output=True,
                    text=True,
                    timeout=30 * SLOWNESS,
                    check=False,
                )
                self.assertEqual(done.returncode, 125)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(words, done.stderr)
                self.assertIn("--collector.processes", done.stderr)


if __name__ == "__main__":
    unittest.main()
