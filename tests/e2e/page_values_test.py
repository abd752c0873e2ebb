"""What the page says of a task, beside what the kernel's files say to anybody."""

import pathlib
import re
import unittest

from harness import AgentTest, cgroup_roots, eventually, program

# On every kind of host, of a task with ordinary limits.
FAMILIES = {
    "reeve_task_info",
    "reeve_task_start_time_seconds",
    "reeve_task_cpu_usage_seconds_total",
    "reeve_task_cpu_seconds_total",
    "reeve_task_cpu_usage_ratio",
    "reeve_task_cpu_ticks_hertz",
    "reeve_task_cpu_ticks_total",
    "reeve_task_cpu_limit_cores",
    "reeve_task_cpu_shares",
    "reeve_task_cpu_cfs_periods_total",
    "reeve_task_cpu_cfs_throttled_periods_total",
    "reeve_task_cpu_cfs_throttled_seconds_total",
    "reeve_task_memory_usage_bytes",
    "reeve_task_memory_working_set_bytes",
    "reeve_task_memory_anon_bytes",
    "reeve_task_memory_file_bytes",
    "reeve_task_memory_kernel_bytes",
    "reeve_task_memory_limit_bytes",
    "reeve_task_memory_oom_kills_total",
    "reeve_task_threads",
    "reeve_task_threads_limit",
    "reeve_task_fork_failures_total",
}
# Where the kernel has what they come from: swap, memory.peak (Linux 5.19), the
# peak of the kernel's memory (cgroup v1), swap that can be limited, and how often
# memory was short (on cgroup v1 not of every kernel).
SOMETIMES = {
    "reeve_task_memory_events_total",
    "reeve_task_memory_swap_bytes",
    "reeve_task_memory_swap_limit_bytes",
    "reeve_task_memory_peak_bytes",
    "reeve_task_memory_kernel_peak_bytes",
}


class PageValuesTest(AgentTest):
    def _launch(self, *command):
        self.agent.launch(
            "task", "--memory=256M", "--cpu-shares=512", "--cpus=0.1", "--pids=64",
            "--", *command,
        )

    def _read(self, name, key=None):
        """A number of a file of the task's cgroup, in whichever hierarchy it is; of
        one of several lines by its key. None if there is no such thing."""
        path = pathlib.Path(self.agent.cgroup_parent.lstrip("/"), "task", name)
        for root in cgroup_roots():
            try:
                text = (root / path).read_text()
            except OSError:
                continue
            if key is None:
                return int(text)
            found = re.search(rf"^{key} (\d+)$", text, re.MULTILINE)
            if found:
                return int(found.group(1))
        return None

    def _first(self, *readings):
        """The first that there is of (file, key, unit)."""
        for name, key, unit in readings:
            value = self._read(name, key)
            if value is not None:
                return value * unit
        raise AssertionError(f"none of {readings}")

    def _shown(self, name, **labels):
        return self.agent.metric(name, task="task", **labels)

    def test_families_are_the_same_on_every_host(self):
        self._launch(program("burn"), "--seconds", 600)
        eventually(
            lambda: self._shown("reeve_task_cpu_usage_ratio", mode="total"),
            what="two samples",
        )

        families = {
            sample.name
            for sample in self.agent.metrics()
            if sample.labels.get("task") == "task"
        }

        self.assertEqual(families - SOMETIMES, FAMILIES)

    def test_counters_lie_between_two_readings(self):
        self._launch(program("burn"), "--seconds", 600)
        self.agent.take_precedence()
        counters = {
            "reeve_task_cpu_usage_seconds_total": lambda: self._first(
                ("cpuacct.usage", None, 1e-9), ("cpu.stat", "usage_usec", 1e-6)
            ),
            "reeve_task_cpu_cfs_periods_total": lambda: self._first(
                ("cpu.stat", "nr_periods", 1)
            ),
            "reeve_task_cpu_cfs_throttled_periods_total": lambda: self._first(
                ("cpu.stat", "nr_throttled", 1)
            ),
            "reeve_task_cpu_cfs_throttled_seconds_total": lambda: self._first(
                ("cpu.stat", "throttled_usec", 1e-6),
                ("cpu.stat", "throttled_time", 1e-9),
            ),
        }
        for name, read in counters.items():
            with self.subTest(name):
                before = eventually(
                    lambda: read() or None, 60, "the task was throttled"
                )
                shown = eventually(
                    lambda: (value := self._shown(name) or 0) >= before - 2e-6 and value,
                    what=f"a sample after {before}",
                )
                # Microseconds of one file are nanoseconds of another.
                self.assertLessEqual(shown, read() + 2e-6)

    def test_memory_and_threads_are_those_of_the_files(self):
        self._launch(program("allocate"), "--mib", 64, "--hold", 600)
        gauges = {
            "reeve_task_memory_usage_bytes": lambda: self._first(
                ("memory.usage_in_bytes", None, 1), ("memory.current", None, 1)
            ),
            "reeve_task_memory_anon_bytes": lambda: self._first(
                ("memory.stat", "total_rss", 1), ("memory.stat", "anon", 1)
            ),
            "reeve_task_memory_file_bytes": lambda: self._first(
                ("memory.stat", "total_cache", 1), ("memory.stat", "file", 1)
            ),
            "reeve_task_threads": lambda: self._first(("pids.current", None, 1)),
            "reeve_task_memory_limit_bytes": lambda: self._first(
                ("memory.limit_in_bytes", None, 1), ("memory.max", None, 1)
            ),
            "reeve_task_threads_limit": lambda: self._first(("pids.max", None, 1)),
        }
        eventually(
            lambda: (self._shown("reeve_task_memory_anon_bytes") or 0) >= 64 << 20,
            what="the memory is there",
        )
        for name, read in gauges.items():
            with self.subTest(name):
                eventually(
                    lambda: self._shown(name) == read(), what=f"{name} is {read()}"
                )


if __name__ == "__main__":
    unittest.main()
