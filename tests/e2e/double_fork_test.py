"""Tasks that fork twice, as daemons do, and leave no process behind.

$REEVE_DOUBLE_FORKS is how many are launched.
"""

import concurrent.futures
import ctypes
import os
import pathlib
import time
import unittest

from harness import AgentTest, cgroups_below, children, eventually, program

LAUNCHES = int(os.environ.get("REEVE_DOUBLE_FORKS", "300"))
AT_A_TIME = 8
PR_SET_CHILD_SUBREAPER = 36


def shell(script, code, *flags):
    return [*flags, "--", "/bin/sh", "-c", script], code


# Arguments of a launch, and the exit code that it is to have. A task ends with
# its main process, unless it says otherwise.
KINDS = [
    # The grandchild is killed with the task, or ends by itself.
    (["--", program("daemonize"), "--seconds", "60"], 0),
    (["--exit-type=cgroup", "--", program("daemonize"), "--seconds", "0.01"], 0),
    shell("(setsid sleep 60 &); exit 3", 3),
    shell("(setsid sleep 0.02 &); exit 4", 4, "--exit-type=cgroup"),
    # The main process is gone before the second fork.
    shell("(sleep 0.01; (sleep 0.02 &)) & exit 5", 5, "--exit-type=cgroup"),
    # The grandchild is a zombie of a parent that never waits, and then ends.
    shell("(sh -c 'true & exec sleep 0.03' &); exit 6", 6, "--exit-type=cgroup"),
    shell("(sh -c 'true & exec sleep 60' &); sleep 0.01; exit 7", 7),
    # Many at a time.
    shell("for i in 1 2 3 4 5 6 7 8; do (sleep 60 &); done; exit 8", 8),
    shell("(sleep 60 &); kill -9 $$", 137),
]


def processes_with(mark):
    """Pids of the processes that have a text in their environment."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:  # It has ended, or is not ours.
            continue
    return found


class DoubleForkTest(AgentTest):
    def setUp(self):
        super().setUp()
        self._mark = f"REEVE_DOUBLE_FORK={self.agent.folder}"
        # What shims should have reaped comes to this process, not to pid 1, which
        # may reap it unseen.
        self._adopt_orphans(True)
        self.addCleanup(self._adopt_orphans, False)

    @staticmethod
    def _adopt_orphans(wanted):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)

    def _launch(self, number):
        """What went wrong; None if nothing did."""
        arguments, code = KINDS[number % len(KINDS)]
        done = self.agent.reeve("run", f"--env={self._mark}", *arguments)
        if done.returncode == code:
            return None
        return f"{arguments}: {done.returncode}, not {code}: {done.stderr}"

    def _launch_all(self, count):
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            problems = list(filter(None, pool.map(self._launch, range(count))))
        self.assertEqual(problems, [], "\n".join(problems))
        eventually(lambda: not self.agent.tasks(), what="no task is listed")

    def _open_files_at_rest(self):
        """The number of open files, once it is that for a while."""

        def settled():
            counts = set()
            for _ in range(5):
                counts.add(self.agent.open_files())
                time.sleep(0.05)
            return counts.pop() if len(counts) == 1 else None

        return eventually(settled, what="the agent is idle")

    def _orphans(self):
        return {
            pid: state
            for pid, state in children(os.getpid()).items()
            if pid != self.agent.pid
        }

    def test_double_forks_leave_nothing(self):
        self._launch_all(len(KINDS))  # What is made once, is there now.
        files = self._open_files_at_rest()

        self._launch_all(LAUNCHES)

        for what, found in (
            ("children of the agent", lambda: children(self.agent.pid)),
            ("processes of the tasks", lambda: processes_with(self._mark)),
            ("cgroups", lambda: cgroups_below(self.agent.cgroup_parent)),
            ("files of tasks", lambda: [*self.agent.state_dir.glob("tasks/*")]),
        ):
            eventually(lambda: not found(), what=f"no {what} are left")
        self.assertEqual(self._orphans(), {}, "the shims did not reap them")
        self.assertLessEqual(self._open_files_at_rest(), files)


if __name__ == "__main__":
    unittest.main()
