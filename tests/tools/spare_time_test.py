"""Programs that get the CPU time that nobody else wants."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "testing"
sys.path.insert(0, str(TOOLS))

from spare_time import SpareTime  # noqa: E402

NAME = f"reeve-spare-time-{os.getpid()}"
SPIN = [sys.executable, "-c", "while True: pass"]


def cpu_seconds(process):
    """The time that a process has used, by proc(5)."""
    stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class SpareTimeTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("making cgroups needs root")
        self.spare = SpareTime(NAME)
        self.addCleanup(self.spare.close)
        if self.spare.command([])[0] == "nice":
            self.skipTest("here is no cgroup that shares out the CPUs")

    def _start(self, command):
        # Each in a session of its own, as Bazel's actions are.
        process = subprocess.Popen(command, start_new_session=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_others_get_what_they_want(self):
        cpus = range(len(os.sched_getaffinity(0)))
        spare = [self._start(self.spare.command(SPIN)) for _ in cpus]
        others = [self._start(SPIN) for _ in cpus]
        time.sleep(0.5)
        before = [sum(map(cpu_seconds, some)) for some in (spare, others)]

        time.sleep(1.5)

        after = [sum(map(cpu_seconds, some)) for some in (spare, others)]
        used = [end - begin for begin, end in zip(before, after)]
        self.assertLess(used[0], used[1] / 5)

    def test_nothing_is_left_of_it(self):
        def is_there():
            done = subprocess.run(
                ["find", "/sys/fs/cgroup", "-maxdepth", "2", "-name", NAME],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            return bool(done.stdout)

        subprocess.run(self.spare.command(["true"]), check=True)
        self.assertTrue(is_there())
        self.assertTrue(self.spare.close())
        self.assertFalse(is_there())

    def test_it_stays_while_somebody_is_in_it(self):
        inside = self._start(self.spare.command(["sleep", "60"]))
        deadline = time.monotonic() + 10
        while NAME not in pathlib.Path(f"/proc/{inside.pid}/cgroup").read_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

        self.assertFalse(self.spare.close(seconds=0))
        inside.kill()
        inside.wait()
        self.assertTrue(self.spare.close())


class WithoutCgroupsTest(unittest.TestCase):
    def test_niceness_is_all_that_is_left(self):
        with tempfile.TemporaryDirectory() as root:
            spare = SpareTime(NAME, pathlib.Path(root))

            command = spare.command(["nice"])

            done = subprocess.run(command, capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout, "19\n")
            self.assertEqual(os.listdir(root), [])
            self.assertTrue(spare.close())


if __name__ == "__main__":
    unittest.main()
