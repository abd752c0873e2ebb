"""An agent whose disk is full, or that may open no more files."""

import ctypes
import os
import resource
import signal
import subprocess
import time
import unittest

from harness import (
    REEVE,
    Agent,
    AgentTest,
    cgroups_below,
    eventually,
    process_is_there,
)

CLONE_NEWNS = 0x00020000
MS_REC_PRIVATE = 0x4000 | 0x40000
MS_REMOUNT_RDONLY = 0x20 | 0x1
LIBC = ctypes.CDLL(None, use_errno=True)


def mount_small_disk(folder):
    """In a mount namespace of this process's own."""
    for failed in (
        LIBC.unshare(CLONE_NEWNS),
        LIBC.mount(b"none", b"/", None, MS_REC_PRIVATE, None),
        LIBC.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, b"size=256k"),
    ):
        if failed:
            raise OSError(ctypes.get_errno(), "mount")


class SmallDiskAgent(Agent):
    """Its state directory is a file system of 256 KiB that only it sees."""

    def _start(self):
        self.state_dir.mkdir(exist_ok=True)
        self._options["preexec_fn"] = lambda: mount_small_disk(self.state_dir)
        super()._start()

    def disk(self):
        return f"/proc/{self.pid}/root{self.state_dir}"

    def fill(self):
        with open(f"{self.disk()}/filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\0" * 4096)
            except OSError:
                pass

    def remount(self, how):
        subprocess.run(
            ["nsenter", f"--target={self.pid}", "--mount", "mount", "-o",
             f"remount,{how}", self.state_dir],
            check=True, capture_output=True, text=True,
        )

    def free(self):
        os.unlink(f"{self.disk()}/filler")


class FewFilesAgent(Agent):
    def start_briefly(self, files):
        """Another agent takes over that may open so many files, and is killed."""
        self._process.kill()
        self._process.wait()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (files, files)
            ),
        )
        try:
            self._process.wait(0.7)
        except subprocess.TimeoutExpired:
            pass


class FewFilesTest(AgentTest):
    def setUp(self):
        self.agent = FewFilesAgent()
        self.addCleanup(self.agent.close)
        for name in ("one", "two", "three"):
            self.agent.launch(name, "--memory=32M", "--", "sleep", "1000")

    def test_no_task_is_lost_by_an_agent_that_takes_over(self):
        before = {task["id"]: task["pid"] for task in self.agent.tasks()}
        self.assertEqual(len(before), 3)

        # Whether it starts or not, and however far it comes.
        for files in range(64, 100, 3):
            self.agent.start_briefly(files)
            for pid in before.values():
                self.assertTrue(process_is_there(pid), f"{files} files")
        self.agent.kill_and_restart()

        after = {task["id"]: task["pid"] for task in self.agent.tasks()}
        self.assertEqual(after, before)
        for task in self.agent.tasks():
            self.assertEqual(task["state"], "TASK_STATE_RUNNING")
        stopped = self.agent.reeve("stop", "--signal=TERM", "one")
        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        self.assertEqual(self.agent.task("one")["exit"]["code"], 143)

    def test_tasks_are_taken_over_once_there_is_room(self):
        before = {task["id"]: task["pid"] for task in self.agent.tasks()}
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

        for files in (64, 68, 72, 76):
            self.agent.kill_and_restart(
                preexec_fn=lambda files=files: resource.setrlimit(
                    resource.RLIMIT_NOFILE, (files, files)
                )
            )
            time.sleep(0.5)
            try:
                resource.prlimit(
                    self.agent.pid, resource.RLIMIT_NOFILE, (hard, hard)
                )
            except PermissionError:
                self.skipTest("raising a hard limit needs CAP_SYS_RESOURCE")
            eventually(
                lambda: before
                == {
                    task["id"]: task["pid"]
                    for task in self.agent.tasks()
                    if task["state"] == "TASK_STATE_RUNNING"
                },
                what=f"the tasks are there again after {files} files",
            )

    def test_too_few_for_an_agent(self):
        self.agent.start_briefly(40)

        told = self.agent.log().splitlines()[-1]
        self.assertIn("it may open 40 files and needs 64", told)
        self.agent.kill_and_restart()
        self.assertEqual(len(self.agent.tasks()), 3)

    def test_no_exit_status_is_lost(self):
        pid = self.agent.task("one")["pid"]
        agent = self.agent.pid
        files = len(os.listdir(f"/proc/{agent}/fd"))
        _, hard = resource.prlimit(agent, resource.RLIMIT_NOFILE)
        resource.prlimit(agent, resource.RLIMIT_NOFILE, (files // 2, hard))
        os.kill(pid, signal.SIGKILL)
        time.sleep(1)

        resource.prlimit(agent, resource.RLIMIT_NOFILE, (hard, hard))

        self.assertEqual(self.agent.wait("one")["code"], 137)


class ExhaustionTest(AgentTest):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("a disk is mounted by root only")
        self.agent = SmallDiskAgent()
        self.addCleanup(self.agent.close)
        self.agent.launch("stays", "--memory=32M", "--", "sleep", "1000")

    def _refused(self, message, tasks=("stays",)):
        told = self.agent.reeve("run", "--detach", "--id=new", "--", "true")
        self.assertEqual(told.returncode, 125, told.stderr)
        self.assertIn(message, told.stderr)
        self.assertEqual(told.stderr.count("\n"), 1, told.stderr)
        self.assertCountEqual([task["id"] for task in self.agent.tasks()], tasks)
        left = [path for path in cgroups_below(self.agent.cgroup_parent)
                if path.name not in tasks]
        self.assertEqual(left, [])

    def _stays_well(self):
        task = self.agent.task("stays")
        self.assertEqual(task["state"], "TASK_STATE_RUNNING")
        self.assertTrue(process_is_there(task["pid"]))
        self.assertGreater(
            self.agent.await_metric("reeve_task_start_time_seconds", task="stays"), 0
        )

    def _works_again(self):
        self.agent.launch("new", "--", "true")
        self.assertEqual(self.agent.wait("new")["code"], 0)

    def test_a_full_disk(self):
        self.agent.fill()

        self._refused("No space left on device")
        self._stays_well()
        update = self.agent.reeve("update", "--memory=64M", "stays")
        self.assertEqual(update.returncode, 125)
        self.assertIn("No space left on device", update.stderr)
        self.assertEqual(
            self.agent.metric("reeve_task_memory_limit_bytes"), 32 << 20
        )

        self.agent.free()
        self._works_again()

    def test_a_task_is_stopped_on_a_full_disk(self):
        self.agent.fill()

        stopped = self.agent.reeve("stop", "--signal=TERM", "stays")

        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        status = self.agent.task("stays")["exit"]
        # Where the shim could not write it down, the kernel may tell.
        self.assertIn(status["code"], (143, -1))
        self.assertEqual(status["code"] == -1, bool(status.get("reason")))
        self.assertEqual(cgroups_below(self.agent.cgroup_parent), [])
        self.agent.free()
        self._works_again()

    def test_a_disk_that_turns_read_only(self):
        # A log that is open for writing would keep the disk from it.
        self.agent.must("stop", "stays")
        self.agent.must("rm", "stays")
        for name in ("stays", "ends"):
            self.agent.launch(name, "--memory=32M", "--stdout=/dev/null",
                              "--stderr=/dev/null", "--", "sleep", "1000")
        self.agent.remount("ro")

        self._refused("Read-only file system", tasks=["stays", "ends"])
        self._stays_well()
        update = self.agent.reeve("update", "--memory=64M", "stays")
        self.assertEqual(update.returncode, 125)
        self.assertIn("Read-only file system", update.stderr)
        self.assertEqual(
            self.agent.metric("reeve_task_memory_limit_bytes", task="stays"), 32 << 20
        )
        stopped = self.agent.reeve("stop", "--signal=TERM", "ends")
        self.assertEqual(stopped.returncode, 0, stopped.stderr)

        self.agent.remount("rw")
        self._works_again()
        self._stays_well()

    def test_an_agent_on_a_read_only_disk_says_so(self):
        def mount_read_only():
            mount_small_disk(self.agent.state_dir)
            if LIBC.mount(b"none", os.fsencode(self.agent.state_dir), None,
                          MS_REMOUNT_RDONLY, None):
                raise OSError(ctypes.get_errno(), "remount")

        told = subprocess.run(
            [REEVE, "agent", f"--state-dir={self.agent.state_dir}",
             "--web.listen-address="],
            preexec_fn=mount_read_only, capture_output=True, text=True,
            timeout=60, check=False,
        )

        self.assertEqual(told.returncode, 125)
        self.assertIn("Read-only file system", told.stderr)
        self.assertEqual(told.stderr.count("\n"), 1, told.stderr)

    def test_no_more_open_files(self):
        soft, hard = resource.prlimit(self.agent.pid, resource.RLIMIT_NOFILE)
        lowest = max(map(int, os.listdir(f"/proc/{self.agent.pid}/fd"))) + 6
        resource.prlimit(self.agent.pid, resource.RLIMIT_NOFILE, (lowest, hard))

        self._refused("Too many open files")

        resource.prlimit(self.agent.pid, resource.RLIMIT_NOFILE, (soft, hard))
        self._stays_well()
        self._works_again()


if __name__ == "__main__":
    unittest.main()
