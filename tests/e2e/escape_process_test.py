"""Tasks with a root of their own that reach for processes and namespaces of the
host, and what might be gained by their own: further commands and process 1.
"""

import os
import pathlib
import signal
import subprocess
import unittest

from harness import VM, cgroups_below, children, eventually, process_is_there
from system_calls import CALLS, CLONE_NEWTIME, CLONE_NEWUSER, NAMESPACES, REFUSED
from task_root import USERS, RootTest, namespaces_of, status_of

# More than any folder of a test is deep.
UP = "/".join([".."] * 16)


class ProcessTest(RootTest):
    """Processes, namespaces and calls that reach past them."""

    def setUp(self):
        super().setUp()
        self.victim = subprocess.Popen(["sleep", "600"])
        self.addCleanup(self.victim.wait)
        self.addCleanup(self.victim.kill)

    def test_signals_reach_no_process_of_the_host(self):
        for flags in ((), ("--no-init",), ("--no-pivot-root",)):
            for user in USERS:
                _, shim = self.start(
                    *flags, user=user,
                    script="for i in 1 2 3 4 5; do sleep 1; done; exec sleep 1000",
                )
                pids = (self.agent.pid, self.victim.pid, os.getpid(), shim)
                for pid in pids:
                    self.enter("sh", "-c", f"kill -9 {pid}; kill -STOP {pid}")
                self.enter("sh", "-c", "kill -9 1; kill -STOP 1; kill -9 0 -- -1")
                for pid in pids[:3]:
                    self.assertTrue(process_is_there(pid))
                    self.assertNotIn(status_of(pid)["State"][0], "TZ")
                self.end()

    def test_process_1_is_not_ended_by_what_the_task_kills(self):
        _, shim = self.start(script="kill -9 1; kill -STOP 1; kill -TERM 1; sleep 1000")

        self.enter("sh", "-c", "kill -9 1; kill -HUP 1; kill -SEGV 1; kill -TERM 1")

        self.assertTrue(process_is_there(shim))
        self.assertEqual(self.agent.task("task")["state"], "TASK_STATE_RUNNING")
        self.assertEqual(self.enter("echo", "well").stdout, "well\n")

    def test_no_process_of_the_host_is_seen(self):
        for flags in ((), ("--no-init",), ("--no-pivot-root",)):
            told = self.shell("ls -d /proc/[0-9]*; echo /proc/*/root/boot", flags=flags)
            self.assertLess(len(told.stdout.split()), 8, told.stdout)
            told = self.shell(
                f"cat /proc/{self.victim.pid}/status; ls /proc/{self.agent.pid}",
                flags=flags,
            )
            self.assertEqual(told.stdout, "")

    def test_no_process_of_the_host_is_traced_or_read(self):
        calls = []
        for pid in (self.victim.pid, self.agent.pid):
            calls += [
                ("ptrace", 16, pid, 0, 0),
                ("ptrace", 0x4206, pid, 0, 0),
                ("process_vm_readv", pid, "v:", 1, "v:", 1, 0),
                ("kill", pid, 9),
                ("pidfd_open", pid, 0),
                ("kcmp", pid, pid, 0, 0, 0),
                ("move_pages", pid, 0, 0, 0, 0, 0),
            ]
        expected = (*REFUSED, "ESRCH")
        self.assert_refused(*calls, expected=expected)
        self.assert_refused(
            *calls, expected=expected, flags=("--seccomp=unconfined",)
        )
        self.assertIsNone(self.victim.poll())

    def test_none_is_traced_where_all_are_seen(self):
        shared = ("--pid-mode=host",)
        calls = []
        for pid in (1, self.victim.pid, self.agent.pid):
            calls += [("ptrace", 16, pid, 0, 0), ("ptrace", 0x4206, pid, 0, 0)]
        self.assert_refused(*calls, flags=shared)
        told = self.shell(
            f"ls /proc/1/root/ /proc/{self.agent.pid}/root/ "
            f"/proc/{self.victim.pid}/cwd/; readlink /proc/{self.victim.pid}/fd/0 "
            f"/proc/{self.agent.pid}/exe /proc/1/cwd; cat /proc/{self.victim.pid}/fd/2",
            flags=shared,
        )
        self.assertEqual(told.stdout, "", told.stderr)

    def test_namespaces_of_others_cannot_be_joined(self):
        for kind, flag in NAMESPACES.items():
            self.assert_refused(
                ("setns", f"f:/proc/1/ns/{kind}", flag),
                ("setns", f"f:/proc/self/ns/{kind}", flag),
                # A descriptor of what could not be opened is a bad one to setns().
                expected=(*REFUSED, f"open /proc/1/ns/{kind}: EACCES EPERM",
                          f"open /proc/1/ns/{kind}: EACCES EBADF"),
            )
            self.assert_refused(
                ("setns", f"f:/proc/self/ns/{kind}", flag),
                flags=("--seccomp=unconfined",),
                # That of the user, which is one's own already.
                expected=("EPERM", "EINVAL"),
            )

    def test_new_namespaces_cannot_be_made(self):
        flags = NAMESPACES.values()
        self.assert_refused(
            *(("unshare", flag) for flag in flags),
            ("unshare", CLONE_NEWTIME),
            *(("clone", flag | signal.SIGCHLD, 0, 0, 0, 0) for flag in flags),
            ("clone3", "z:", 88),
        )

    def test_the_root_cannot_be_left(self):
        secret = self.host / "secret"
        for flags in (
            (),
            ("--no-init",),
            ("--no-pivot-root",),
            ("--no-pivot-root", "--no-init"),
            ("--rootfs-overlay",),
            ("--read-only", "--mount=type=tmpfs,dst=/tmp,mode=1777"),
        ):
            told = self.run_task("leave_root", secret, flags=flags)
            self.assertEqual(told.stdout, "in\n", (flags, told.stderr))
            told = self.shell(f"cat /{UP}{secret} /proc/1/root{secret} "
                              f"/proc/self/root{secret}", flags=flags)
            self.assertEqual(told.stdout, "", flags)

    def test_neither_by_a_command(self):
        for flags in ((), ("--no-init",), ("--no-pivot-root",)):
            self.start(*flags)
            told = self.enter("leave_root", self.host / "secret")
            self.assertEqual(told.stdout, "in\n", (flags, told.stderr))
            self.end()

    def test_files_cannot_be_opened_by_handle(self):
        call = ("open_by_handle_at", "f:/", "h:", 0)
        self.assert_refused(call)
        self.assert_refused(call, flags=("--seccomp=unconfined",))

    def test_keys_are_out_of_reach(self):
        self.assert_refused(
            ("keyctl", 0, -3, 0),
            ("keyctl", 11, -3, "z:", 64),
            ("keyctl", 6, -4, "z:", 64),
            ("add_key", "s:user", "s:reeve", "s:x", 1, -3),
            ("request_key", "s:user", "s:reeve", 0, 0),
        )

    def test_the_session_keys_are_not_the_hosts(self):
        def session():
            got = subprocess.run(
                [self.root / "bin/system_call", str(CALLS["keyctl"]), "0", "-3", "0"],
                capture_output=True, text=True, check=True,
            )
            return got.stdout.strip()

        if session() == "ENOSYS":
            self.skipTest("the kernel has no keys (CONFIG_KEYS)")
        for flags in ((), ("--no-init",)):
            inside = self.calls(
                ("keyctl", 0, -3, 0), flags=("--seccomp=unconfined", *flags)
            )
            self.assertRegex(inside[0], r"^\d+$")
            self.assertNotEqual(inside[0], session())

    def test_sockets_that_pose_as_others_are_refused(self):
        # Raw, packet, and those of a virtual machine to its host.
        self.assert_refused(
            ("socket", 2, 3, 1), ("socket", 2, 3, 255), ("socket", 17, 3, 768),
            ("socket", 10, 3, 58), ("socket", 40, 1, 0),
            expected=(*REFUSED, "EAFNOSUPPORT"),
        )

    def test_calls_that_are_the_kernels_own_are_refused(self):
        self.assert_refused(
            ("bpf", 0, "z:", 64),
            ("bpf", 5, "z:", 64),
            ("perf_event_open", "z:", 0, -1, -1, 0),
            ("userfaultfd", 1),
            ("io_uring_setup", 1, "z:"),
            ("kexec_load", 0, 0, 0, 0),
            ("kexec_file_load", -1, -1, 0, 0, 0),
            ("init_module", "z:", 16, "s:"),
            ("finit_module", -1, "s:", 0),
            ("delete_module", "s:none", 0),
            ("iopl", 3),
            ("ioperm", 0x80, 1, 1),
            ("personality", 0x0040000),
            ("acct", "s:/none"),
            ("swapon", "s:/none", 0),
            # With a wrong magic number: refused before it is looked at.
            ("reboot", 0, 0, 0, 0),
            ("settimeofday", 0, "z:"),
            ("quotactl", 0x800002 << 8, 0, 0, 0),
            ("syslog", 3, "z:", 64),
            ("pidfd_getfd", -1, 0, 0),
            ("sethostname", "s:other", 5),
        )

    def test_they_are_without_a_filter_too_where_they_change_the_host(self):
        self.assert_refused(
            ("iopl", 3), ("ioperm", 0x80, 1, 1), ("reboot", 0, 0, 0, 0),
            ("acct", 0), ("swapon", "s:/none", 0), ("init_module", "z:", 16, "s:"),
            ("delete_module", "s:none", 0), ("kexec_load", 0, 0, 0, 0),
            ("sethostname", "s:other", 5), ("settimeofday", 0, "z:"),
            ("syslog", 5, 0, 0), ("bpf", 13, "z:", 64),
            flags=("--seccomp=unconfined",),
            # One without that kind of calls says so.
            expected=(*REFUSED, "EINVAL"),
        )


class CommandTest(RootTest):
    """Further commands in a task, which are confined as it is."""

    WAYS = ((), ("--no-init",), ("--no-pivot-root",), ("--no-pivot-root", "--no-init"),
            ("--read-only",), ("--rootfs-overlay",),
            ("--network=none",), ("--cap-drop=ALL",), ("--seccomp=unconfined",),
            ("--pid-mode=host",))
    SAME = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp",
            "Seccomp_filters", "Uid", "Gid", "Groups")

    def test_they_are_confined_as_the_task_is(self):
        for user, flags in (*(("0:0", way) for way in self.WAYS), ("1000:1000", ())):
            with self.subTest(user=user, flags=flags):
                pid, _ = self.start(*flags, user=user)
                self.addCleanup(self.agent.reeve, "stop", "--grace=0s", "task")
                caller = self.agent.begin("exec", "task", "--", "sleep", "777")
                other = eventually(lambda: self._sleeping("777"), what="the command")

                self.assertEqual(namespaces_of(other), namespaces_of(pid))
                ours, its = status_of(other), status_of(pid)
                for name in self.SAME:
                    self.assertEqual(ours.get(name), its.get(name), name)
                root, its_root = os.stat(f"/proc/{other}/root"), os.stat(
                    f"/proc/{pid}/root"
                )
                self.assertEqual(
                    (root.st_dev, root.st_ino), (its_root.st_dev, its_root.st_ino)
                )
                self.assertEqual(
                    pathlib.Path(f"/proc/{other}/cgroup").read_text(),
                    pathlib.Path(f"/proc/{pid}/cgroup").read_text(),
                )
                own = namespaces_of("self")
                for kind in ("mnt", "uts", "ipc"):
                    self.assertNotEqual(namespaces_of(pid)[kind], own[kind])
                self.assertEqual(its["NoNewPrivs"], "1")
                self.assertEqual(
                    its["Seccomp"], "0" if "--seccomp=unconfined" in flags else "2"
                )
                caller.kill()
                caller.wait()
                self.end()

    def test_none_is_looked_into_while_it_starts(self):
        seconds = 10 if VM else 4
        out = self.agent.folder / "out"
        for flags in ((), ("--cap-add=SYS_PTRACE",)):
            self.start(
                f"--stdout={out}", *flags,
                script=f"exec watch_newcomers {seconds} {self.host}/secret",
            )
            # Each is there for long enough to be seen, and to be counted past.
            while self.agent.task("task")["state"] == "TASK_STATE_RUNNING":
                self.enter("sleep", "0.05")
            seen = dict(line.split(": ") for line in out.read_text().splitlines())
            self.assertEqual(seen["saw the file"], "0")
            self.assertEqual(seen["held a descriptor"], "0")
            # Where nobody may make calls by it this is no matter.
            if flags:
                self.assertEqual(seen["unfiltered"], "0")
            out.unlink()
            self.end()

    def _sleeping(self, seconds):
        """The pid of a task's `sleep` of so many seconds."""
        for folder in cgroups_below(self.agent.cgroup_parent):
            for pid in (folder / "cgroup.procs").read_text().split():
                try:
                    words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
                except (FileNotFoundError, ProcessLookupError):
                    continue
                if words.endswith(f"sleep\0{seconds}\0".encode()):
                    return int(pid)
        return None


class FirstProcessTest(RootTest):
    """Process 1 of a task, which is not the task's own."""

    def _init(self, *flags):
        pid, shim = self.start(*flags)
        (init,) = set(children(shim)) - {pid}
        return pid, init

    def test_it_can_do_nothing(self):
        _, init = self._init()
        status = status_of(init)

        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")
        self.assertEqual(os.listdir(f"/proc/{init}/fd"), [])

    def test_it_has_the_root_and_the_namespaces_of_the_task(self):
        for flags in ((), ("--no-pivot-root",)):
            pid, init = self._init(*flags)
            self.assertEqual(namespaces_of(init), namespaces_of(pid))
            for link in ("root", "cwd"):
                one, other = (os.stat(f"/proc/{each}/{link}") for each in (init, pid))
                self.assertEqual((one.st_dev, one.st_ino), (other.st_dev, other.st_ino))
            self.end()

    def test_the_task_cannot_trace_it(self):
        self.assert_refused(
            ("ptrace", 16, 1, 0, 0), ("ptrace", 0x4206, 1, 0, 0),
            ("process_vm_readv", 1, "v:", 1, "v:", 1, 0),
            expected=(*REFUSED, "EACCES"),
        )
        for user in USERS:
            told = self.shell(
                "ls /proc/1/fd/ /proc/1/root/ /proc/1/cwd/ | grep -v :$; "
                "cat /proc/1/mem /proc/1/environ /proc/1/maps; true", user=user)
            self.assertEqual(told.stdout, "")

    def test_who_may_trace_gains_nothing_by_it(self):
        secret = self.host / "secret"
        calls = (
            # Not even what the task itself may: a file, another process.
            (CALLS["unshare"], CLONE_NEWUSER),
            (CALLS["clone"], CLONE_NEWUSER | signal.SIGCHLD, 0, 0, 0, 0),
            (CALLS["io_uring_setup"], 1, 0),
            (CALLS["bpf"], 0, 0, 64),
            (CALLS["keyctl"], 0, -3 & (1 << 64) - 1, 0),
            (CALLS["perf_event_open"], 0, 0, 0, 0, 0),
        )
        for number, *arguments in calls:
            told = self.run_task(
                "inject_call", "1", number, *arguments,
                flags=("--cap-add=SYS_PTRACE",),
            )
            # If it is not there any more then it was ended by its filter.
            self.assertIn(told.stdout.strip(), REFUSED, told.stderr)
        told = self.shell(
            f"cat /proc/1/root{secret}; ls /proc/1/fd; ls /proc/1/root/boot",
            flags=("--cap-add=SYS_PTRACE",),
        )
        self.assertEqual(told.stdout, "")


if __name__ == "__main__":
    unittest.main()
