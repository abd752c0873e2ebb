"""Tasks with a root of their own that reach for what the host has one of: its
disks, the kernel's settings and file systems, its memory and processes.
"""

import os
import pathlib
import re
import unittest

from harness import Agent, cgroups_below, eventually, process_is_there
from task_root import USERS, RootTest


class MountTest(RootTest):
    """Mounts, and devices that are disks or memory of the host."""

    def _disks(self):
        """Numbers of what has the host's data: disks, or if there are none, what
        could be one; memory, the kernel's log, and a loop device."""
        lines = pathlib.Path("/proc/partitions").read_text().splitlines()[2:]
        disks = [("b", *line.split()[:2]) for line in lines if line]
        return [*disks[:4], ("b", "7", "0"), ("b", "8", "0"), ("c", "1", "1"),
                ("c", "1", "2"), ("c", "1", "4"), ("c", "1", "11"), ("c", "10", "1"),
                ("c", "10", "183")]

    def test_nothing_can_be_mounted(self):
        kinds = ("cgroup", "cgroup2", "proc", "sysfs", "tmpfs", "devtmpfs", "debugfs",
                 "tracefs", "securityfs", "bpf", "overlay", "ext4", "nfs")
        script = "mkdir -p /tmp/m; " + "".join(
            f"mount -t {kind} {kind} /tmp/m && echo {kind}\n" for kind in kinds
        ) + """
            mount -t cgroup -o memory x /tmp/m && echo memory
            mount -t cgroup -o rdma,pids x /tmp/m && echo pids
            mount --bind /proc /tmp/m && echo bind
            mount -o remount,rw /sys && echo remount
            mount -o remount,rw /proc/sys && echo remount
            umount /proc/sys && echo umount
            umount -l /proc/kcore && echo umount
            find / -name release_agent -not -path '/proc/[0-9]*'
            true"""
        for user in USERS:
            for flags in ((), ("--seccomp=unconfined",)):
                told = self.shell(script, user=user, flags=flags)
                self.assertEqual((told.returncode, told.stdout), (0, ""), told.stderr)

    def test_nothing_can_be_mounted_by_the_newer_calls(self):
        calls = (
            ("mount", "s:x", "s:/tmp", "s:tmpfs", 0, 0),
            ("umount2", "s:/proc", 2),
            ("fsopen", "s:tmpfs", 0),
            ("fspick", -100, "s:/", 0),
            ("open_tree", -100, "s:/", 1),
            ("move_mount", "f:/tmp", "s:", "f:/root", "s:", 0x44),
            ("mount_setattr", "f:/sys", "s:", 0x1000, "z:", 32),
            ("pivot_root", "s:/", "s:/"),
        )
        self.assert_refused(*calls)
        self.assert_refused(
            *calls, flags=("--seccomp=unconfined",), expected=("EPERM", "EINVAL")
        )

    def test_no_disk_can_be_opened(self):
        script = "".join(
            f"rm -f /tmp/d; mknod /tmp/d {' '.join(disk)}; "
            f"head -c 1 /tmp/d >/dev/null && echo read {' '.join(disk)}\n"
            f"true >> /tmp/d && [ ! -f /tmp/d ] && echo open {' '.join(disk)}\n"
            f"rm -f /tmp/d\n"
            for disk in self._disks()
        ) + "true"
        for user in USERS:
            for flags in ((), ("--seccomp=unconfined",), ("--pid-mode=host",)):
                told = self.shell(script, user=user, flags=flags)
                self.assertEqual((told.returncode, told.stdout), (0, ""), told.stderr)

    def test_what_is_given_is_what_can_be_opened(self):
        # So that it is not for another reason that the others cannot.
        device = "/dev/hwrng"
        try:
            pathlib.Path(device).open("rb").close()
        except OSError as error:
            self.skipTest(f"the kernel has no {device}: {error.strerror}")
        script = "mknod /tmp/d c 10 183; true < /tmp/d && echo open; rm /tmp/d"

        self.assertEqual(self.shell(script).stdout, "")
        given = self.shell(script, flags=(f"--device={device}",))
        self.assertEqual(given.stdout, "open\n", given.stderr)

    def test_neither_by_a_command_in_the_task(self):
        self.start()
        told = self.enter(
            "sh", "-c",
            "".join(
                f"mknod /tmp/c {' '.join(disk)}; head -c 1 /tmp/c && echo read\n"
                f"rm -f /tmp/c\n"
                for disk in self._disks()
            ),
        )
        self.assertNotIn("read", told.stdout)

    def test_a_device_made_in_a_folder_of_the_host_cannot_be_opened(self):
        shared = self.agent.folder / "shared"
        shared.mkdir()
        for options in ("", ",nodev"):
            told = self.shell(
                "".join(
                    f"mknod -m 666 /shared/{'-'.join(disk)}{len(options)} "
                    f"{' '.join(disk)}; "
                    f"head -c 1 /shared/{'-'.join(disk)}{len(options)} && echo read\n"
                    for disk in self._disks()
                ) + "true",
                flags=(f"--mount=type=bind,src={shared},dst=/shared{options}",),
            )
            self.assertNotIn("read", told.stdout)
        # What is left would be a way in for whoever can reach the folder.
        left = [path for path in shared.iterdir()]
        for path in left:
            self.assertEqual(path.lstat().st_uid, 0)

    def test_the_files_of_the_kernel_are_absent(self):
        for user in USERS:
            told = self.shell(
                "for name in mem kmem port kmsg fuse kvm loop-control mapper vda sda; "
                "do [ -e /dev/$name ] && echo $name; done; true", user=user
            )
            self.assertEqual(told.stdout, "")


class HostStateTest(RootTest):
    """What a task sees of the host, and leaves there."""

    def test_environment_and_groups_are_not_the_agents(self):
        env = dict(os.environ, REEVE_TEST_SECRET="of the agent")
        agent = Agent(env=env, extra_groups=[4242, 0])
        self.addCleanup(agent.close)
        for user in ((), ("--user=0:0",), ("--user=1000:1000",)):
            told = agent.reeve(
                "run", f"--rootfs={self.root}", "--env=PATH=/bin", "--cwd=/", *user,
                "--", "sh", "-c", "env; grep Groups: /proc/self/status; "
                "cat /proc/1/environ /proc/*/environ; true",
                env=env,
            )
            self.assertEqual(told.returncode, 0, told.stderr)
            self.assertNotIn("of the agent", told.stdout)
            self.assertNotIn("4242", told.stdout)

    def test_a_core_file_is_not_the_hosts(self):
        pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
        if pattern.startswith(("|", "@")):
            self.skipTest(f"the host takes core files itself: {pattern}")
        places = {pathlib.Path("/"), pathlib.Path.cwd(), self.agent.folder,
                  self.agent.state_dir, pathlib.Path("/tmp"),
                  pathlib.Path(pattern).parent}

        def cores():
            return {path for place in places for path in place.glob("core*")}

        before = cores()
        for user in USERS:
            told = self.shell(
                "ulimit -c unlimited; cd /tmp; sh -c 'kill -SEGV $$'; ls /tmp",
                user=user, flags=("--rlimit=core=unlimited",),
            )
            self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(cores(), before)
        if pattern == "core":
            self.assertTrue(list((self.root / "tmp").glob("core*")))

    def test_settings_of_the_kernel_are_read_only(self):
        script = """
            for file in kernel/core_pattern kernel/hostname kernel/modprobe \
                    vm/panic_on_oom net/ipv4/ip_forward kernel/panic; do
                [ -e /proc/sys/$file ] || continue
                cat /proc/sys/$file > /tmp/$$ 2>/dev/null
                cat /tmp/$$ > /proc/sys/$file && echo $file
            done
            echo h > /proc/sysrq-trigger && echo sysrq
            echo 1 > /proc/irq/default_smp_affinity && echo irq
            echo x > /sys/kernel/uevent_helper && echo uevent
            echo 1 > /sys/kernel/profiling && echo profiling
            touch /sys/x /proc/sys/x && echo touch
            true"""
        for user in USERS:
            for flags in ((), ("--no-init",), ("--no-pivot-root",),
                          ("--seccomp=unconfined",)):
                told = self.shell(script, user=user, flags=flags)
                self.assertEqual((told.returncode, told.stdout), (0, ""), told.stderr)
                self.assertIn("Read-only file system", told.stderr)

    def test_settings_are_read_only_where_the_root_is_the_hosts(self):
        told = self.agent.reeve(
            "run", "--isolation=native", "--env=PATH", "--cwd=/", "--", "sh", "-c",
            "cat /proc/sys/kernel/panic > /proc/sys/kernel/panic && echo written; "
            "echo h > /proc/sysrq-trigger && echo sysrq; "
            "wc -c < /proc/keys",
        )
        self.assertNotIn("written", told.stdout)
        self.assertNotIn("sysrq", told.stdout)
        self.assertIn("Read-only file system", told.stderr)

    def test_what_tells_of_the_host_is_empty(self):
        script = """
            for file in kcore keys timer_list sched_debug latency_stats; do
                [ -e /proc/$file ] && head -c 64 /proc/$file
            done
            for folder in /proc/acpi /proc/scsi /proc/asound /sys/firmware \
                    /sys/devices/virtual/powercap /sys/fs/cgroup/memory; do
                ls $folder 2>/dev/null
            done
            true"""
        for user in USERS:
            for flags in ((), ("--no-init",), ("--no-pivot-root",)):
                told = self.shell(script, user=user, flags=flags)
                self.assertEqual((told.returncode, told.stdout), (0, ""), told.stderr)

    def test_masks_cannot_be_gone_around(self):
        told = self.shell(
            "cat /proc/self/root/proc/keys /proc/1/root/proc/keys "
            "/proc/self/../keys /proc/self/cwd/proc/kcore; "
            "ls /sys/../sys/firmware /proc/self/root/sys/firmware | grep -v :$; true"
        )
        self.assertEqual(told.stdout.strip(), "")


class ExhaustionTest(RootTest):
    """What one task takes that is not its own."""

    def test_a_fork_bomb_is_bounded_and_goes_with_the_task(self):
        most = 32
        self.agent.launch(
            "task", f"--rootfs={self.root}", "--env=PATH=/bin", "--cwd=/",
            f"--pids={most}", "--", "sh", "-c",
            # A shell that cannot fork ends, and leaves the others behind.
            "sh -c \"trap '' TERM HUP; i=0; while [ \\$i -lt 200 ]; do "
            "i=\\$((i + 1)); sleep 300 & done\"; exec sleep 300",
        )

        def processes():
            pids = set()
            for folder in cgroups_below(self.agent.cgroup_parent):
                if folder.name == "task":
                    pids |= set((folder / "cgroup.procs").read_text().split())
            return pids

        seen = eventually(lambda: len(processes()) >= most - 2 and processes(),
                          20, "it has all that it may")
        self.assertLessEqual(len(seen), most)
        self.agent.must("stop", "--grace=0s", "task")
        for pid in seen:
            eventually(lambda pid=pid: not process_is_there(int(pid)))

    def test_memory_files_count_against_the_memory(self):
        for flags, path in (
            ((), "/dev/shm/big"),
            (("--mount=type=tmpfs,dst=/data",), "/data/big"),
            (("--mount=type=tmpfs,dst=/data,size=8M",), "/data/big"),
            ((), "/dev/big"),
        ):
            told = self.shell(
                f"dd if=/dev/zero of={path} bs=65536 count=640; "
                f"wc -c < {path}; rm -f {path}",
                flags=("--memory=24M", *flags),
            )
            written = int(re.findall(r"^\d+$", told.stdout, re.M)[-1]) \
                if re.search(r"(?m)^\d+$", told.stdout) else 0
            self.assertLess(written, 32 << 20, (path, told.stderr))
        self.assertEqual(self.shell("echo well").stdout, "well\n")

    def test_a_hard_limit_cannot_be_raised(self):
        told = self.shell(
            "ulimit -Hn 100000 && echo raised; nice -n -20 true 2>&1; true",
            flags=("--rlimit=nofile=64:128",),
        )
        self.assertNotIn("raised", told.stdout)


if __name__ == "__main__":
    unittest.main()
