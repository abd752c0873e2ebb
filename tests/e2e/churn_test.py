"""Hundreds of launches, some of which fail, that leave nothing behind."""

import concurrent.futures
import pathlib
import unittest

from harness import AgentTest, cgroups_below, children, eventually, program

LAUNCHES = 500
AT_A_TIME = 4

# Arguments of a launch, and the exit code that it is to have. They fail, if at
# all, in different steps: in the check of the spec, in the look-up of user,
# directory, program and streams, in the cgroup, at exec, and in the task.
KINDS = [
    (["--", "/bin/true"], 0),
    (["--memory=64M", "--cpus=0.5", "--pids=16", "--", "/bin/true"], 0),
    (["--cpu-shares=1", "--", "/bin/true"], 125),
    (["--", "/no/such/program"], 127),
    (["--", "/tmp"], 126),
    (["--user=nobody-of-that-name", "--", "/bin/true"], 125),
    (["--cwd=/no/such/directory", "--", "/bin/true"], 125),
    (["--stdout=/no/such/directory/file", "--", "/bin/true"], 125),
    (["--", "EXEC_FORMAT"], 126),
    (["--pids=1", "--", "/bin/sh", "-c", "/bin/true & wait"], None),
    (["--memory=16M", "--", program("allocate"), "--mib", "64"], 137),
    (["--", program("exit_with"), "9"], 9),
    (["--", program("exit_with"), "--signal", "15"], 143),
    (["--", program("daemonize"), "--seconds", "60"], 0),
]


class ChurnTest(AgentTest):
    def _shims(self):
        """Processes that name this test's folder on their command line."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"shim" in words and str(self.agent.folder).encode() in words:
                found.append(entry.name)
        return found

    def _launch(self, number):
        arguments, expected = KINDS[number % len(KINDS)]
        arguments = [
            str(self._bad_program) if argument == "EXEC_FORMAT" else argument
            for argument in arguments
        ]
        done = self.agent.reeve("run", *arguments)
        if expected is not None and done.returncode != expected:
            return f"{arguments}: {done.returncode}, not {expected}: {done.stderr}"
        return None

    def test_five_hundred_launches_leave_nothing(self):
        self._bad_program = self.agent.folder / "not-a-program"
        self._bad_program.write_bytes(b"\x7fELF of no kind\0\0\0\0\0\0\0\0")
        self._bad_program.chmod(0o755)
        for number in range(len(KINDS)):  # What is made once, is there now.
            self._launch(number)
        eventually(lambda: not self.agent.tasks(), what="no task is listed")
        files_before = eventually(self._settled_open_files, what="the agent is idle")

        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            problems = list(filter(None, pool.map(self._launch, range(LAUNCHES))))

        self.assertEqual(problems, [], "\n".join(problems))
        self.assertEqual(self.agent.tasks(), [])
        eventually(
            lambda: cgroups_below(self.agent.cgroup_parent) == [],
            what="no cgroup is left",
        )
        eventually(lambda: children(self.agent.pid) == {}, what="no child is left")
        eventually(lambda: self._shims() == [], what="no shim is left")
        self.assertEqual(
            sorted(path.name for path in self.agent.state_dir.glob("tasks/*")), []
        )
        eventually(
            lambda: self.agent.open_files() <= files_before,
            what=f"no more than {files_before} files are open in the agent",
        )

    def _settled_open_files(self):
        """The number of open files, if it is that for a while."""
        counts = set()
        for _ in range(10):
            counts.add(self.agent.open_files())
            if len(counts) > 1:
                return None
            eventually(lambda: True)
        return counts.pop()


if __name__ == "__main__":
    unittest.main()
