"""What is exported of a task, against what the kernel itself says of it.

The load is known, but it is the kernel's totals that values are compared with,
read while the task stands still: so a busy machine changes neither.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import AgentTest, cgroup_roots, eventually, program

MIB = 1 << 20
TICK = 1 / os.sysconf("SC_CLK_TCK")
# Charges that a CPU may hold back before they are in the total: 64 pages each.
BATCH = 64 * os.sysconf("SC_PAGE_SIZE") * os.cpu_count()

# Ten children that compute, and what they used by getrusage(2). The interpreter
# ends at once after that: what it used to clean up would not be in it.
TEN_CHILDREN = """
import os, resource, sys, time
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
for _ in range(10):
    if os.fork() == 0:
        while time.process_time() < 0.3:
            pass
        os._exit(0)
for _ in range(10):
    os.wait()
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF,
                                            resource.RUSAGE_CHILDREN)]
os.write(file, repr(sum(one.ru_utime + one.ru_stime for one in used)).encode())
os._exit(0)
"""


class AccuracyTest(AgentTest):
    agent_flags = ("--collector.io",)

    def _value(self, file_and_key):
        """What the kernel says: a key of the first of these files that there is.

        An empty key is for a file that holds a number alone.
        """
        for file, key in file_and_key:
            for root in cgroup_roots():
                path = root / self.agent.cgroup_parent.lstrip("/") / "task" / file
                if not path.exists():
                    continue
                lines = dict(
                    line.split()[-2:] if " " in line else ("", line)
                    for line in path.read_text().splitlines()
                )
                if key in lines:
                    return int(lines[key])
        self.skipTest(f"the kernel has none of {file_and_key} here")
        return None

    def _settle(self):
        """Waits until what there is now has been sampled."""
        rounds = "reeve_sampling_round_duration_seconds_count"
        before = self.agent.metric(rounds)
        # The round that is under way may have read the task before.
        eventually(
            lambda: self.agent.metric(rounds) >= before + 3, 30, "three more rounds"
        )

    def _exported(self, name, **labels):
        return self.agent.await_metric(name, task="task", **labels)

    def _cpu_seconds(self):
        """What the kernel and the agent say of a task that stands still."""
        self._settle()
        kernel = self._kernel_cpu_seconds()
        return kernel, self._exported("reeve_task_cpu_usage_seconds_total")

    def _kernel_cpu_seconds(self):
        # Of the one process, whose only thread this is, not by its cgroup.
        pid = self.agent.task("task")["pid"]
        run_ns = pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]
        return int(run_ns) / 1e9

    def test_cpu_time_of_a_task_that_computes_now_and_then(self):
        self.agent.launch(
            "task", "--", program("burn"), "--seconds", 600, "--duty", 0.3
        )
        self.agent.must("pause", "task")
        kernel_before, exported_before = self._cpu_seconds()
        self.agent.must("resume", "task")
        time.sleep(10)
        self.agent.must("pause", "task")
        kernel_after, exported_after = self._cpu_seconds()

        used = kernel_after - kernel_before
        self.assertGreater(used, 0.3, "the load is none")
        self.assertAlmostEqual(
            exported_after - exported_before, used, delta=max(TICK, used / 100)
        )
        # The total, too, with what it took to get into the cgroup and start.
        self.assertAlmostEqual(
            exported_after, kernel_after, delta=max(2 * TICK, kernel_after / 100)
        )

    def test_cpu_time_is_that_of_the_cgroup(self):
        self.agent.launch(
            "task", "--", program("burn"), "--seconds", 600, "--duty", 0.3
        )
        time.sleep(3)
        self.agent.must("pause", "task")
        self._settle()

        user = self._exported("reeve_task_cpu_seconds_total", mode="user")
        system = self._exported("reeve_task_cpu_seconds_total", mode="system")
        usage = self._exported("reeve_task_cpu_usage_seconds_total")

        # In microseconds; the twin of a hybrid host has it, too.
        for value, key in ((usage, "usage_usec"), (user, "user_usec"),
                           (system, "system_usec")):
            total = self._value([("cpu.stat", key)])
            self.assertAlmostEqual(value, total / 1e6, delta=1e-6, msg=key)

    def test_cpu_time_of_ten_processes_that_have_ended(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-rusage-"))
        self.addCleanup(shutil.rmtree, folder)
        file = folder / "used"
        self.agent.launch("task", "--", "/usr/bin/python3", "-c", TEN_CHILDREN, file)
        self.assertEqual(self.agent.wait("task")["code"], 0)

        used = float(file.read_text())
        self.assertGreater(used, 3)
        # The page may be one from before the end.
        exported = eventually(
            lambda: self._at_least(used - max(TICK, used / 100)),
            30,
            f"{used} s of CPU time are exported",
        )
        # Its end comes after its last look.
        self.assertLessEqual(exported, used + max(5 * TICK, used / 50))

    def _at_least(self, seconds):
        value = self.agent.metric("reeve_task_cpu_usage_seconds_total", task="task")
        return value if value is not None and value >= seconds else None

    def test_memory_that_was_touched(self):
        self.agent.launch("task", "--", program("allocate"), "--mib", 100,
                          "--hold", 600)
        anon_keys = [("memory.stat", "total_rss"), ("memory.stat", "anon")]
        eventually(
            lambda: self._value(anon_keys) >= 100 * MIB - BATCH,
            60,
            "the memory is touched",
        )
        # The kernel adds its CPUs' parts up every two seconds.
        time.sleep(2.5)
        self._settle()
        kernel = self._value(anon_keys)
        exported = self._exported("reeve_task_memory_anon_bytes")
        usage = self._value([("memory.usage_in_bytes", ""), ("memory.current", "")])

        self.assertAlmostEqual(exported, kernel, delta=max(BATCH, kernel / 100))
        self.assertAlmostEqual(
            self._exported("reeve_task_memory_usage_bytes"),
            usage,
            delta=max(BATCH, usage / 100),
        )
        # By the process's own page tables, and by what was asked for.
        pid = self.agent.task("task")["pid"]
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        anonymous = next(
            int(line.split()[1]) * 1024
            for line in rollup.splitlines()
            if line.startswith("Anonymous:")
        )
        self.assertAlmostEqual(exported, anonymous, delta=max(BATCH, kernel / 100))
        self.assertGreaterEqual(exported, 100 * MIB - BATCH)
        self.assertLess(exported, 102 * MIB + BATCH)

    def test_ten_processes(self):
        script = "for i in 1 2 3 4 5 6 7 8 9; do sleep 600 & done; wait"
        self.agent.launch("task", "--", "/bin/sh", "-c", script)
        eventually(
            lambda: self._value([("pids.current", "")]) == 10, 30, "ten processes"
        )
        self._settle()

        self.assertEqual(self._exported("reeve_task_threads"), 10)
        shown = json.loads(self.agent.must("stats", "--json", "task"))["pids"]
        listed = next(
            (root / self.agent.cgroup_parent.lstrip("/") / "task" / "cgroup.procs")
            .read_text()
            .split()
            for root in cgroup_roots()
            if (root / self.agent.cgroup_parent.lstrip("/") / "task").exists()
        )
        self.assertEqual(sorted(shown), sorted(listed))


class IoAccuracyTest(AgentTest):
    agent_flags = ("--collector.io",)

    def _disk(self, folder):
        """The whole disk that a folder is on, by its name and number."""
        number = os.stat(folder).st_dev
        sys = pathlib.Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
        if not sys.exists():
            self.skipTest("files are on no block device here")
        disk = sys.resolve()
        if (disk / "partition").exists():
            disk = disk.parent
        return disk.name, (disk / "dev").read_text().strip()

    def _kernel_bytes(self, number):
        """What the kernel has counted of a device, read and written."""
        for root in cgroup_roots():
            folder = root / self.agent.cgroup_parent.lstrip("/") / "task"
            v2 = folder / "io.stat"
            if v2.exists():
                for line in v2.read_text().splitlines():
                    if line.split()[0] == number:
                        told = dict(word.split("=") for word in line.split()[1:])
                        return int(told["rbytes"]), int(told["wbytes"])
                return 0, 0
            v1 = folder / "blkio.throttle.io_service_bytes_recursive"
            if v1.exists():
                told = {"Read": 0, "Write": 0}
                for line in v1.read_text().splitlines():
                    words = line.split()
                    if words[0] == number:
                        told[words[1]] = int(words[2])
                return told["Read"], told["Write"]
        self.skipTest("the kernel counts no I/O of cgroups here")
        return None

    def test_bytes_that_were_written_and_read(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-io-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, folder)
        device, number = self._disk(folder)
        file = folder / "data"
        probe = subprocess.run(
            ["dd", "if=/dev/zero", f"of={file}", "bs=4k", "count=1", "oflag=direct"],
            capture_output=True,
            check=False,
        )
        if probe.returncode != 0:
            self.skipTest("files cannot be written past the page cache here")
        script = (
            f"dd if=/dev/zero of={file} bs=1M count=50 oflag=direct conv=fsync && "
            f"dd if={file} of=/dev/null bs=1M iflag=direct && exec sleep 600"
        )
        # v1 counts a device only for a task that has a limit of it: one that is
        # never met.
        done = self.agent.reeve(
            "run", "--detach", "--id", "task",
            f"--io-max=/dev/{device},rbps=100G,wbps=100G",
            "--", "/bin/sh", "-c", script,
        )
        if done.returncode != 0:
            self.skipTest(f"devices have no limits here: {done.stderr.strip()}")
        pid = self.agent.task("task")["pid"]
        eventually(
            lambda: os.readlink(f"/proc/{pid}/exe").endswith("/sleep"),
            60,
            "the file was written and read",
        )
        read, written = self._kernel_bytes(number)
        if written == 0:
            self.skipTest("the kernel has counted nothing of this device")

        def exported(op):
            return self.agent.await_metric(
                "reeve_task_io_bytes_total", task="task", device=device, op=op
            )

        for op, total in (("read", read), ("write", written)):
            eventually(
                lambda: exported(op) >= total, 30, f"{op}: all of it is exported"
            )
            self.assertAlmostEqual(exported(op), total, delta=total / 100)
            self.assertGreaterEqual(total, 50 * MIB)
        # Of what was written nothing is but the file and what keeps it.
        self.assertLess(written, 55 * MIB)


if __name__ == "__main__":
    unittest.main()
