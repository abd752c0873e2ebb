"""A root for tasks with a small system in it, for tests of isolation native."""

import os
import pathlib
import shutil
import subprocess

from harness import AgentTest, eventually, program
from system_calls import CALLS, REFUSED

# Root of the task, to whom most is open, and somebody else.
USERS = ("0:0", "1000:1000")

BUSYBOX = pathlib.Path("/bin/busybox")
# Linked statically, so that they run in a root without libraries.
PROGRAMS = ("inject_call", "leave_root", "system_call", "watch_newcomers")


def make_root(folder):
    """Makes a root in a new folder: busybox by all its names, and PROGRAMS."""
    for name in ("bin", "etc", "root"):
        (folder / name).mkdir(parents=True)
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    shutil.copy(BUSYBOX, folder / "bin")
    listed = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True,
                            check=True)
    for name in listed.stdout.split():
        if not (folder / "bin" / name).exists():
            os.symlink("busybox", folder / "bin" / name)
    for name in PROGRAMS:
        shutil.copy(program(name), folder / "bin")
    (folder / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (folder / "etc/group").write_text("root:x:0:\n")
    # Not 0700, as a folder for one's own may be: other users are to pass.
    folder.chmod(0o755)
    return folder


def contents(folder):
    """All that there is below a folder, to see whether it has changed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        text = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path)] = (info.st_mode, info.st_uid, info.st_rdev, text)
    return found


def status_of(pid):
    """The fields of /proc/PID/status."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def parent_of(pid):
    return int(status_of(pid)["PPid"])


def namespaces_of(pid):
    folder = pathlib.Path(f"/proc/{pid}/ns")
    return {entry.name: os.readlink(entry) for entry in folder.iterdir()}


class RootTest(AgentTest):
    """A test with a root for tasks, and files of the host beside it."""

    def setUp(self):
        super().setUp()
        self.root = make_root(self.agent.folder / "root")
        self.host = self.agent.folder / "host"
        self.host.mkdir()
        (self.host / "secret").write_text("of the host\n")
        (self.host / "folder").mkdir()
        self._before = contents(self.host)

    def tearDown(self):
        self.assertEqual(contents(self.host), self._before)
        mounts = pathlib.Path("/proc/self/mountinfo").read_text()
        self.assertNotIn(str(self.agent.folder), mounts)
        self.assertEqual(self.agent.get("/-/ready")[0], 200)

    def run_task(self, *words, user="0:0", flags=()):
        return self.agent.reeve(
            "run", f"--rootfs={self.root}", "--env=PATH=/bin", "--cwd=/",
            f"--user={user}", *flags, "--", *words,
        )

    def shell(self, script, user="0:0", flags=()):
        return self.run_task("sh", "-c", script, user=user, flags=flags)

    def start(self, *flags, script="exec sleep 1000", user="0:0"):
        """A task that goes on; returns the pids of it and of its shim."""
        self.agent.launch(
            "task", f"--rootfs={self.root}", "--env=PATH=/bin", "--cwd=/",
            f"--user={user}", *flags, "--", "sh", "-c", script,
        )
        pid = self.agent.task("task")["pid"]
        return pid, parent_of(pid)

    def end(self):
        """Ends the task, and forgets it."""
        self.agent.must("stop", "--grace=0s", "task")
        eventually(lambda: not self.agent.tasks() or
                   self.agent.reeve("rm", "task").returncode == 0, what="it is gone")

    def enter(self, *words, flags=()):
        return self.agent.reeve("exec", *flags, "task", "--", *words)

    def calls(self, *calls, user="0:0", flags=()):
        """How calls end in a task: each is a name and its arguments."""
        words = []
        for name, *arguments in calls:
            words += ["--", str(CALLS[name]), *map(str, arguments)]
        told = self.run_task("system_call", *words[1:], user=user, flags=flags)
        self.assertEqual(told.returncode, 0, told.stderr + told.stdout)
        results = told.stdout.splitlines()
        self.assertEqual(len(results), len(calls), told.stdout)
        return results

    def assert_refused(self, *calls, expected=REFUSED, **task):
        """That calls end with one of some errors, by root and another user."""
        for user in USERS:
            results = self.calls(*calls, user=user, **task)
            for call, result in zip(calls, results):
                with self.subTest(user=user, call=call):
                    self.assertIn(result, expected)
