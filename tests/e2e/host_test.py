"""What an agent measures of the machine beside the tasks, when it is told to."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from harness import SLOWNESS, Agent, AgentTest, eventually, parse_metrics, program

PROMTOOL = shutil.which("promtool")
ROUNDS = "reeve_collector_rounds_total"
AGE = "reeve_collector_age_seconds"


def cpu_seconds():
    """CPU time in user mode by /proc/stat."""
    fields = pathlib.Path("/proc/stat").read_text().split()
    return int(fields[1]) / os.sysconf("SC_CLK_TCK")


class DefaultTest(AgentTest):
    def test_machine_is_not_measured_unless_asked_for(self):
        names = {sample.name for sample in self.agent.metrics()}

        self.assertFalse([name for name in names if name.startswith("reeve_host_")])
        self.assertNotIn(ROUNDS, names)
        self.assertEqual(self.agent.get("/metrics?collect[]=host"), (200, ""))


class HostTest(AgentTest):
    agent_flags = ("--collector.host", "--collector.filesystems")

    def _part(self, name):
        status, text = self.agent.get(f"/metrics?collect[]={name}")
        self.assertEqual(status, 200)
        return text

    def test_page_has_what_the_kernel_says(self):
        before = cpu_seconds()
        rounds = self.agent.await_metric(ROUNDS, collector="host")
        eventually(
            lambda: self.agent.metric(ROUNDS, collector="host") >= rounds + 2,
            what="two more rounds",
        )
        measured = self.agent.metric("reeve_host_cpu_seconds_total", mode="user")

        self.assertGreaterEqual(measured, before)
        self.assertLessEqual(measured, cpu_seconds())
        self.assertEqual(self.agent.metric("reeve_host_cpus"), os.cpu_count())
        self.assertEqual(
            self.agent.metric("reeve_collector_errors_total", collector="host",
                              reason="malformed"),
            0,
        )

    def test_part_of_the_page_is_clean_and_alone(self):
        self.agent.await_metric("reeve_host_load1")
        for part, prefixes in (
            ("host", ("reeve_host_",)),
            ("filesystems", ("reeve_host_filesystem_",)),
        ):
            text = self._part(part)
            names = {sample.name for sample in parse_metrics(text)}
            self.assertFalse(
                [name for name in names if not name.startswith(prefixes)], part
            )
            if PROMTOOL:
                done = subprocess.run(
                    [PROMTOOL, "check", "metrics"],
                    input=text,
                    capture_output=True,
                    text=True,
                    timeout=60 * SLOWNESS,
                    check=False,
                )
                self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn("reeve_host_filesystem_", self._part("host"))

    def test_machine_has_few_series(self):
        self.agent.await_metric("reeve_host_load1")
        samples = parse_metrics(self._part("host"))
        # With 8 for each disk and 8 for each interface.
        self.assertLessEqual(
            len([sample for sample in samples if "device" not in sample.labels]), 47
        )

    def test_file_system_of_the_root_is_there_if_it_is_a_real_one(self):
        eventually(
            lambda: self.agent.metric(ROUNDS, collector="filesystems"),
            what="a round of file systems",
        )
        info = {
            sample.labels["mountpoint"]: sample.labels
            for sample in self.agent.metrics()
            if sample.name == "reeve_host_filesystem_info"
        }
        self.assertNotIn("/proc", info)
        if "/" not in info:
            self.skipTest("the root is not of a disk or a server")
        size = self.agent.metric("reeve_host_filesystem_size_bytes", mountpoint="/")
        stat = os.statvfs("/")
        self.assertEqual(size, stat.f_blocks * stat.f_frsize)


class WrongFlagTest(AgentTest):
    def test_pattern_that_is_none_is_refused_in_one_line(self):
        done = self.agent.reeve("agent", "--collector.host.disk-exclude=a(b")

        self.assertEqual(done.returncode, 125)
        self.assertRegex(
            done.stderr,
            r"^reeve: .*--collector\.host\.disk-exclude a\(b: not a regular "
            r"expression: [^\n]+\n$",
        )


class HangTest(unittest.TestCase):
    """A file of the machine that hangs: a FIFO that nobody writes to."""

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        self.procfs = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-procfs-"))
        self.addCleanup(shutil.rmtree, self.procfs)
        for entry in os.listdir("/proc"):
            if entry != "vmstat" and not entry.isdigit():
                (self.procfs / entry).symlink_to(f"/proc/{entry}")
        self.fifo = self.procfs / "vmstat"
        os.mkfifo(self.fifo)
        self.agent = Agent(
            "--collector.host",
            "--collector.filesystems",
            "--collector.filesystems.interval=1s",
            f"--path.procfs={self.procfs}",
        )
        self.addCleanup(self.agent.close)

    def _grows(self, name, **labels):
        before = self.agent.await_metric(name, **labels)
        eventually(
            lambda: self.agent.metric(name, **labels) > before, 30, f"{name} grows"
        )

    def test_collector_that_hangs_holds_up_nothing_else(self):
        self.agent.launch("task", "--", program("burn"), "--seconds", 600)

        self._grows("reeve_task_cpu_usage_seconds_total", task="task")
        self._grows(ROUNDS, collector="filesystems")
        eventually(
            lambda: self.agent.metric(AGE, collector="host") > 3, 30, "the age grows"
        )
        self.assertEqual(self.agent.metric(ROUNDS, collector="host"), 0)
        self.assertIsNone(self.agent.metric("reeve_host_load1"))
        self.assertEqual(self.agent.get("/-/healthy")[0], 200)

        # It ends as always, while a round hangs.
        self.agent.must("stop", "--grace=0s", "task")
        began = time.monotonic()
        os.kill(self.agent.pid, signal.SIGTERM)
        self.assertEqual(self.agent._process.wait(20 * SLOWNESS), 0)
        self.assertLess(time.monotonic() - began, 10 * SLOWNESS)

    def test_collector_goes_on_when_the_file_answers(self):
        eventually(
            lambda: self.agent.metric(AGE, collector="host") > 1, 30, "it hangs"
        )

        with open(self.fifo, "w"):
            self._grows(ROUNDS, collector="host")

        self.assertIsNotNone(self.agent.metric("reeve_host_load1"))
        self.assertIsNone(self.agent.metric("reeve_host_memory_oom_kills_total"))
        # A FIFO cannot be read from its start.
        errors = [
            sample.value
            for sample in self.agent.metrics()
            if sample.name == "reeve_collector_errors_total"
            and sample.labels["collector"] == "host"
        ]
        self.assertGreater(sum(errors), 0)


if __name__ == "__main__":
    unittest.main()
