"""Tasks with a root of their own that try to get out of it by its files.

Each attempt must fail in the task and leave the host as it was. They are made by
root of the task, to whom most is open, and by another user where that is another
way.
"""

import errno
import hashlib
import os
import pathlib
import unittest

from harness import SHIM, VM, children
from task_root import BUSYBOX, USERS, RootTest, contents

# More than any folder of a test is deep.
UP = "/".join([".."] * 16)


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class ProgramTest(RootTest):
    """The program that starts tasks, as CVE-2019-5736 had it overwritten."""

    def setUp(self):
        super().setUp()
        self._digest = digest(SHIM)

    def tearDown(self):
        self.assertEqual(digest(SHIM), self._digest)
        super().tearDown()

    OVERWRITE = """
        for file in /proc/self/exe /proc/1/exe /proc/$PPID/exe; do
            echo overwritten > $file
            dd if=/bin/sh of=$file conv=notrunc count=1
        done
        true < /proc/1/exe || exit 0
        exec 9< /proc/1/exe
        echo opened
        echo overwritten > /proc/self/fd/9 && echo written
        dd if=/bin/sh of=/proc/self/fd/9 conv=notrunc count=1 && echo written
        true
        """

    def test_the_task_cannot_overwrite_it(self):
        for user in USERS:
            told = self.shell(self.OVERWRITE, user=user)
            self.assertEqual(told.returncode, 0, told.stderr)
            self.assertEqual(told.stdout, "")

    def test_neither_can_one_that_may_trace(self):
        told = self.shell(self.OVERWRITE, flags=("--cap-add=SYS_PTRACE",))

        self.assertEqual(told.stdout, "opened\n", told.stderr)
        self.assertRegex(told.stderr, "Operation not permitted|Text file busy")

    def test_the_shim_runs_from_sealed_memory(self):
        pid, shim = self.start()
        inits = set(children(shim)) - {pid}

        self.assertEqual(len(inits), 1)
        for process in (shim, *inits):
            link = os.readlink(f"/proc/{process}/exe")
            self.assertRegex(link, r"^/memfd:reeve-shim")
            with self.assertRaises(OSError) as raised:
                with open(f"/proc/{process}/exe", "r+b"):
                    pass
            self.assertIn(raised.exception.errno, (errno.EPERM, errno.ETXTBSY))

    def test_a_script_for_it_neither_runs_nor_changes_it(self):
        entry = self.root / "entry"
        entry.write_text("#!/proc/self/exe\n")
        entry.chmod(0o755)
        self.start(
            "--cap-add=SYS_PTRACE",
            script="while :; do for file in /proc/[0-9]*/exe; do"
            " dd if=/bin/busybox of=$file bs=1 count=1 conv=notrunc; done; done"
            " >/dev/null 2>&1",
        )

        for _ in range(10):
            told = self.enter("/entry")
            self.assertNotEqual(told.returncode, 0)
        self.assertNotEqual(self.run_task("/entry").returncode, 0)
        self.assertEqual(self.enter("echo", "well").stdout, "well\n")
        self.assertEqual(digest(self.root / "bin/busybox"), digest(BUSYBOX))


class DescriptorTest(RootTest):
    """Descriptors of the launch, as CVE-2024-21626 had them used."""

    # The last is the directory that is listed.
    ALL = "0\n1\n2\n3\n"

    def setUp(self):
        super().setUp()
        self._numbers = range(3, 40)
        if VM:
            # Slow: those that a shim is seen to keep, its state directory's too.
            _, shim = self.start()
            found = map(int, os.listdir(f"/proc/{shim}/fd"))
            self._numbers = sorted(number for number in found if number > 2)
            self.end()

    def _ways(self):
        """Paths from a root to the folder of the host: that of /, and that of the
        mount that the folder is on, above which it may not go."""
        mount = self.host
        while not os.path.ismount(mount):
            mount = mount.parent
        return {
            f"{UP}/{self.host.relative_to('/')}",
            f"{UP}/{self.host.relative_to(mount)}",
        }

    def test_the_task_has_none_but_its_streams(self):
        for user in USERS:
            for flags in ((), ("--no-init",), ("--no-pivot-root",)):
                told = self.run_task("ls", "/proc/self/fd", user=user, flags=flags)
                self.assertEqual(told.stdout, self.ALL, (flags, told.stderr))

    def test_a_command_in_it_has_none_but_its_streams(self):
        for flags in ((), ("--no-init",), ("--no-pivot-root",)):
            self.start(*flags)
            self.assertEqual(self.enter("ls", "/proc/self/fd").stdout, self.ALL)
            self.end()

    def test_the_first_process_has_none(self):
        pid, shim = self.start()

        for init in set(children(shim)) - {pid}:
            self.assertEqual(os.listdir(f"/proc/{init}/fd"), [])

    def test_no_working_directory_is_outside(self):
        for number in self._numbers:
            told = self.agent.reeve(
                "run", f"--rootfs={self.root}", "--env=PATH=/bin",
                f"--cwd=/proc/self/fd/{number}", "--", "ls", ".",
            )
            self.assertNotEqual(told.returncode, 0, told.stdout)
            self.assertEqual(told.stdout, "", number)

    def test_no_link_for_a_working_directory_leads_outside(self):
        for number in self._numbers:
            link = self.root / f"work{number}"
            link.symlink_to(f"/proc/self/fd/{number}")
            told = self.agent.reeve(
                "run", f"--rootfs={self.root}", "--env=PATH=/bin",
                f"--cwd=/{link.name}", "--", "ls", ".",
            )
            self.assertNotEqual(told.returncode, 0, told.stdout)
            self.assertEqual(told.stdout, "", number)

    def test_no_working_directory_of_a_command_is_outside(self):
        for flags in ((), ("--no-init",), ("--no-pivot-root",)):
            self.start(*flags)
            for number in self._numbers:
                told = self.enter("ls", ".", flags=(f"--cwd=/proc/self/fd/{number}",))
                self.assertNotEqual(told.returncode, 0, told.stdout)
                self.assertEqual(told.stdout, "", number)
            self.end()

    def _entries(self, name):
        """Links to, and scripts for, a program of the host, by descriptor."""
        entries = []
        for number in self._numbers:
            for way in self._ways():
                target = f"/proc/self/fd/{number}/{way}/{name}"
                folder = self.root / f"entry{len(entries)}"
                folder.mkdir()
                # Busybox looks at its name, which is that of the link.
                (folder / name).symlink_to(target)
                (folder / "script").write_text(f"#!{target} escaped\n")
                (folder / "script").chmod(0o755)
                entries += [f"/{folder.name}/{name}", f"/{folder.name}/script"]
        return entries

    def _put_program_outside(self):
        # It prints its arguments, from wherever it is run.
        (self.host / "echo").write_bytes(BUSYBOX.read_bytes())
        (self.host / "echo").chmod(0o755)
        self._before = contents(self.host)

    def test_no_program_is_found_outside(self):
        self._put_program_outside()
        for entry in self._entries("echo"):
            told = self.run_task(entry, "escaped")
            self.assertNotIn("escaped", told.stdout, entry)
            self.assertNotEqual(told.returncode, 0, entry)

    def test_no_program_of_a_command_is_found_outside(self):
        self._put_program_outside()
        entries = self._entries("echo")
        for flags in ((), ("--no-pivot-root",)):
            self.start(*flags)
            for entry in entries:
                told = self.enter(entry, "escaped")
                self.assertNotIn("escaped", told.stdout, entry)
                self.assertNotEqual(told.returncode, 0, entry)
            self.end()


class SymlinkTest(RootTest):
    """Symbolic links of a root where something is mounted or made."""

    def setUp(self):
        super().setUp()
        self._targets = (str(self.host), f"{UP}{self.host}")

    def _link(self, path, target):
        link = self.root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        if link.is_symlink():
            link.unlink()
        elif link.exists():
            # A place for a mount, of a launch before.
            link.rmdir()
        link.symlink_to(target)
        return link

    def _fails(self, *flags, why):
        told = self.shell("ls -R /; touch /dev/escaped", flags=flags)
        self.assertEqual(told.returncode, 125, told.stdout)
        self.assertEqual(told.stderr.count("\n"), 1, told.stderr)
        self.assertRegex(told.stderr, why)
        self.assertEqual(contents(self.host), self._before)

    def _stays_inside(self, *flags, script="true"):
        told = self.shell(script, flags=flags)
        self.assertEqual(contents(self.host), self._before)
        self.assertNotIn("of the host", told.stdout)
        return told

    def test_where_the_kernel_is_mounted_they_are_refused(self):
        for path in ("dev", "proc", "sys"):
            for target in self._targets:
                link = self._link(path, target)
                self._fails(why=f"/{path}.*symbolic link")
                self._fails("--no-pivot-root", why=f"/{path}.*symbolic link")
                self._fails("--no-init", why=f"/{path}.*symbolic link")
                link.unlink()

    def test_those_in_dev_are_covered(self):
        (self.root / "dev").mkdir()
        for name in ("null", "zero", "ptmx", "tty", "fd", "stdin", "core", "pts",
                     "shm", "mqueue"):
            self._link(f"dev/{name}", self.host / "secret")

        told = self._stays_inside(
            script="echo lost > /dev/null; cat /dev/ptmx /dev/core 2>/dev/null & "
            "sleep 0.1; kill $!; echo x > /dev/shm/x; ls -l /dev"
        )

        self.assertRegex(told.stdout, r"(?m)^crw-rw-rw- .* 1, +3 .* null$")
        self.assertRegex(told.stdout, r"(?m)^l.* ptmx -> pts/ptmx$")
        self.assertNotIn(str(self.host), told.stdout)

    def test_those_in_a_dev_that_was_brought_along_stay_inside(self):
        own = self.agent.folder / "own-dev"
        own.mkdir()
        for name in ("null", "ptmx", "pts", "shm"):
            (own / name).symlink_to(self.host / "secret")

        told = self._stays_inside(
            f"--mount=type=bind,src={own},dst=/dev",
            script="echo lost > /dev/null; cat /dev/ptmx; echo ran",
        )
        self.assertEqual(told.stdout, "ran\n", told.stderr)

    def test_at_or_above_a_mount_they_stay_inside(self):
        source = self.agent.folder / "source"
        source.mkdir()
        (source / "file").write_text("given")
        for target in self._targets:
            self._link("data", target)
            self._link("file", f"{target}/secret")
            for mount in (
                "type=tmpfs,dst=/data",
                "type=tmpfs,dst=/data/folder",
                "type=tmpfs,dst=/data/new/deep",
                f"type=bind,src={source},dst=/data",
                f"type=bind,src={source},dst=/data/folder",
                f"type=bind,src={source},dst=/data/new/deep",
                f"type=bind,src={source}/file,dst=/file",
                f"type=bind,src={source}/file,dst=/data/new/file",
            ):
                for flag in ("--no-init", "--no-pivot-root", "--read-only"):
                    self._stays_inside(
                        f"--mount={mount}", flag,
                        script="cat /data/secret /file; touch /data/made",
                    )

    def test_over_a_working_directory_they_stay_inside(self):
        for target in self._targets:
            self._link("place", target)
            for cwd in ("/place", "/place/new/deep", "/place/folder"):
                told = self._stays_inside(
                    f"--cwd={cwd}", "--user=1000:1000",
                    script="cat secret ../secret; echo x > made",
                )
                self.assertNotIn("of the host", told.stdout)

    def test_above_a_device_they_stay_inside(self):
        for target in self._targets:
            self._link("lnk", target)
            self._stays_inside("--device=/dev/zero:/lnk/zero")
            self._stays_inside("--device=/dev/zero:/lnk/folder/zero")
            self._stays_inside("--device=/dev/zero:/lnk/secret")

    def test_a_link_for_the_root_itself_is_only_followed_on_the_host(self):
        link = self.agent.folder / "root-link"
        link.symlink_to(self.root)
        told = self.agent.reeve(
            "run", f"--rootfs={link}", "--env=PATH=/bin", "--cwd=/", "--", "ls", "/..",
        )
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("bin", told.stdout.split())
        self.assertNotIn("boot", told.stdout.split())


if __name__ == "__main__":
    unittest.main()
