"""Tasks in a root of their own: as under runc, and in roots of all kinds."""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import unittest

from harness import SLOWNESS, AgentTest, eventually, program, remove_cgroups

BUSYBOX = pathlib.Path("/bin/busybox")
# None: the one that debootstrap takes by itself.
MIRROR = os.environ.get("REEVE_DEBIAN_MIRROR")
SUITE = os.environ.get("REEVE_DEBIAN_SUITE", "bookworm")
CACHE = pathlib.Path(
    os.environ.get("REEVE_TEST_CACHE")
    or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    / "reeve"
)

CAPABILITIES = [
    "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
    "CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_SETFCAP", "CAP_SETGID",
    "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
]  # fmt: skip

MASKED = [
    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/timer_list",
    "/proc/timer_stats", "/proc/latency_stats", "/proc/scsi", "/proc/sched_debug",
    "/sys/firmware", "/sys/devices/virtual/powercap",
]  # fmt: skip

# What is not as under runc, and why: pattern of "VIEW FIELD".
INTENDED = {
    rf"mount ({'|'.join(MASKED)}) (type|options|superblock)": "the host's /dev/null "
    "is on it, since the task's own may be anything, or a tmpfs that holds nothing "
    "and lets nothing be run",
    r"device core": "runc leaves it out where the kernel has no /proc/kcore",
    r"other environ": "USER and LOGNAME are set as well",
}

READ_ONLY = [
    "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
]  # fmt: skip

MEMORY = 64 << 20
PIDS = 50
SHARES = 512
QUOTA, PERIOD = 50000, 100000
ENVIRONMENT = ["PATH=/bin", "HOME=/root"]


def make_busybox_root(root):
    """A root with busybox, all its names, and a user."""
    (root / "bin").mkdir(parents=True)
    shutil.copy2(BUSYBOX, root / "bin" / "busybox")
    names = subprocess.run(
        [BUSYBOX, "--list"], capture_output=True, text=True, check=True
    )
    for name in names.stdout.split():
        if name != "busybox":
            (root / "bin" / name).symlink_to("busybox")
    (root / "etc").mkdir()
    (root / "etc" / "passwd").write_text(
        "root:x:0:0::/root:/bin/sh\nweb:x:4321:4321::/home/web:/bin/sh\n"
    )
    (root / "etc" / "group").write_text("root:x:0:\nweb:x:4321:\nlogs:x:777:web\n")
    return root


def status_of(pid):
    """Of /proc/PID/status what says who a process is and what it may do."""
    kept = (
        "Umask", "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd",
        "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters",
    )  # fmt: skip
    found = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in kept:
            found[name] = " ".join(value.split())
        if name == "NSpid":
            # The first is that of the host.
            found["NSpid"] = " ".join(value.split()[1:])
    return found


def mounts_of(pid):
    """By mount point and field: what /proc/PID/mountinfo says, in its order."""
    found = {"points": []}
    for line in pathlib.Path(f"/proc/{pid}/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        words = before.split()
        kind, _, of_superblock = after.split(" ", 2)
        point = words[4]
        found["points"].append(point)
        found[f"{point} type"] = kind
        found[f"{point} options"] = ",".join(sorted(words[5].split(",")))
        found[f"{point} superblock"] = ",".join(sorted(of_superblock.split(",")))
        found[f"{point} propagation"] = " ".join(
            sorted(word.split(":")[0] for word in words[6:])
        )
    found["points"] = " ".join(sorted(found["points"]))
    return found


def limits_of(pid):
    found = {}
    for line in pathlib.Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]:
        found[line[:26].strip()] = " ".join(line[26:].split())
    return found


def namespaces_of(pid):
    """Whether each kind of namespace is one of its own."""
    found = {}
    for kind in sorted(os.listdir(f"/proc/{pid}/ns")):
        own = os.readlink(f"/proc/{pid}/ns/{kind}")
        found[kind] = own != os.readlink(f"/proc/self/ns/{kind}")
    return found


def cgroups_of(pid):
    """The limits in the files of its cgroups."""
    files = (
        "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "cpu.shares",
        "cpu.cfs_quota_us", "cpu.cfs_period_us", "memory.max", "memory.swap.max",
        "cpu.max", "cpu.weight", "pids.max",
    )  # fmt: skip
    found = {}
    for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for name in files:
            for mount in (controllers, "unified", ""):
                file = pathlib.Path("/sys/fs/cgroup") / mount / path.lstrip("/") / name
                if name.startswith(tuple(controllers.split(","))) and file.exists():
                    found[name] = file.read_text().strip()
    return found


def devices_of(pid):
    """The files in its /dev."""
    found = {}
    folder = pathlib.Path(f"/proc/{pid}/root/dev")
    for file in sorted(folder.iterdir()):
        info = file.lstat()
        if stat.S_ISLNK(info.st_mode):
            found[file.name] = f"-> {os.readlink(file)}"
        else:
            number = f"{os.major(info.st_rdev)}:{os.minor(info.st_rdev)}"
            found[file.name] = f"{stat.filemode(info.st_mode)} {number}"
    return found


def others_of(pid):
    proc = pathlib.Path(f"/proc/{pid}")
    fields = (proc / "stat").read_text().rpartition(") ")[2].split()
    return {
        "environ": sorted((proc / "environ").read_text().strip("\0").split("\0")),
        "oom_score_adj": (proc / "oom_score_adj").read_text().strip(),
        "nice": fields[16],
        "policy": fields[38],
        "cwd": os.readlink(proc / "cwd"),
        "descriptors": sorted(os.listdir(proc / "fd")),
        "leads its session": fields[3] == str(pid),
        "cmdline": (proc / "cmdline").read_text(),
    }


VIEWS = {
    "status": status_of,
    "mount": mounts_of,
    "limits": limits_of,
    "namespace": namespaces_of,
    "cgroup": cgroups_of,
    "device": devices_of,
    "other": others_of,
}


def is_intended(what):
    return any(re.fullmatch(pattern, what) for pattern in INTENDED)


def differences(one, other):
    """What two processes are not alike in, but for what is intended."""
    found = []
    for view, look in VIEWS.items():
        first, second = look(one), look(other)
        for field in sorted({*first, *second}):
            is_alike = first.get(field) == second.get(field)
            if not is_alike and not is_intended(f"{view} {field}"):
                found.append(
                    f"{view} {field}: {first.get(field)!r}, "
                    f"under runc {second.get(field)!r}"
                )
    return found


class Runc:
    """A container of runc's, from a bundle in a folder."""

    def __init__(self, folder, config):
        self.folder = folder
        self.name = f"reeve-e2e-{os.getpid()}"
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps(config))

    def _command(self, *words):
        return ["runc", "--root", self.folder / "state", *words]

    def start(self):
        """The pid of its process, or None and why runc refuses."""
        errors = self.folder / "errors"
        # The container keeps it open.
        with errors.open("wb") as stderr:
            done = subprocess.run(
                self._command("run", "--detach", "--bundle", self.folder, self.name),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                timeout=60 * SLOWNESS,
                check=False,
            )
        if done.returncode != 0:
            return None, errors.read_text().strip()
        told = subprocess.run(
            self._command("state", self.name),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(told.stdout)["pid"], ""

    def close(self):
        subprocess.run(
            self._command("delete", "--force", self.name),
            capture_output=True,
            check=False,
        )


def config_for(root, cgroup, data):
    """What the task asks for, as the OCI has it, but for user and capabilities."""

    def mount(target, kind, options, source=None):
        return {
            "destination": target,
            "type": kind,
            "source": source or kind,
            "options": options,
        }

    safe = ["nosuid", "nodev", "noexec"]
    return {
        "ociVersion": "1.0.2",
        "process": {
            "args": ["/bin/sleep", "1000"],
            "env": ENVIRONMENT,
            "cwd": "/",
            "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 512, "hard": 1024}],
            "noNewPrivileges": True,
            "oomScoreAdj": 100,
        },
        "root": {"path": str(root), "readonly": True},
        "hostname": "box",
        "mounts": [
            mount("/proc", "proc", safe),
            mount("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755"]),
            mount(
                "/dev/pts",
                "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620",
                 "gid=5"],
            ),
            mount("/dev/shm", "tmpfs", [*safe, "mode=1777", "size=65536k"]),
            mount("/dev/mqueue", "mqueue", safe),
            mount("/sys", "sysfs", [*safe, "ro"]),
            mount("/tmp", "tmpfs", ["nosuid", "nodev", "mode=1777", "size=1048576"]),
            mount("/data", "bind", ["rbind", "ro", "nosuid", "rprivate"], str(data)),
        ],
        "linux": {
            "cgroupsPath": cgroup,
            "namespaces": [
                {"type": kind} for kind in ("pid", "ipc", "uts", "mount")
            ],
            "maskedPaths": MASKED,
            "readonlyPaths": READ_ONLY,
            "resources": {
                "devices": [{"allow": False, "access": "rwm"}],
                "memory": {"limit": MEMORY, "swap": MEMORY},
                "cpu": {"shares": SHARES, "quota": QUOTA, "period": PERIOD},
                "pids": {"limit": PIDS},
            },
        },
    }  # fmt: skip


class LikeRuncTest(AgentTest):
    """The same containment, asked of both, is the same to the kernel."""

    # Runc's, up to version 1.3.
    agent_flags = ("--cpu-weight-mapping=classic",)

    def setUp(self):
        super().setUp()
        if not BUSYBOX.exists():
            self.skipTest("no busybox")
        if not shutil.which("runc"):
            self.skipTest("no runc")
        self.root = make_busybox_root(self.agent.folder / "root")
        self.data = self.agent.folder / "data"
        self.data.mkdir()
        for point in ("proc", "dev", "sys", "tmp", "data"):
            (self.root / point).mkdir()

    def _compare(self, user, sets, *flags):
        """A task and a container of a user with these sets of capabilities."""
        self.agent.launch(
            "task", "--no-init", f"--rootfs={self.root}", "--read-only",
            "--hostname=box", "--seccomp=unconfined", "--memory=64M",
            f"--cpu-shares={SHARES}", "--cpus=0.5", f"--pids={PIDS}",
            "--rlimit=nofile=512:1024", "--oom-score-adj=100", "--cwd=/",
            *(f"--env={variable}" for variable in ENVIRONMENT),
            "--mount=type=tmpfs,dst=/tmp,size=1M",
            f"--mount=type=bind,src={self.data},dst=/data,ro,nosuid",
            *flags, "--", "/bin/sleep", "1000",
        )  # fmt: skip
        task = self.agent.task("task")["pid"]
        cgroup = f"/reeve-e2e-runc-{os.getpid()}"
        self.addCleanup(remove_cgroups, cgroup)
        config = config_for(self.root, f"{cgroup}/task", self.data)
        if namespaces_of(task)["cgroup"]:
            config["linux"]["namespaces"].append({"type": "cgroup"})
        config["process"]["user"] = user
        config["process"]["capabilities"] = sets
        runc = Runc(self.agent.folder / "runc", config)
        self.addCleanup(runc.close)
        container, refusal = runc.start()
        if container is None:
            self.skipTest(f"runc refuses this host: {refusal}")

        self.maxDiff = None
        self.assertEqual(differences(task, container), [])

    def test_a_task_of_root(self):
        self._compare(
            {"uid": 0, "gid": 0, "additionalGids": [0]},
            {
                "bounding": CAPABILITIES,
                "effective": CAPABILITIES,
                "permitted": CAPABILITIES,
            },
        )

    def test_a_task_of_another_user_with_a_capability(self):
        added = ["CAP_NET_BIND_SERVICE"]
        self._compare(
            {"uid": 4321, "gid": 4321, "additionalGids": [4321, 777]},
            {
                "bounding": CAPABILITIES,
                "effective": added,
                "permitted": added,
                "inheritable": added,
                "ambient": added,
            },
            "--user=web",
            "--cap-add=NET_BIND_SERVICE",
        )


class RootsTest(AgentTest):
    """Roots of other kinds run."""

    def _run(self, root, *arguments, flags=()):
        return self.agent.reeve(
            "run", f"--rootfs={root}", "--cwd=/", *flags, "--", *arguments,
            seconds=60,
        )  # fmt: skip

    def test_busybox(self):
        if not BUSYBOX.exists():
            self.skipTest("no busybox")
        root = make_busybox_root(self.agent.folder / "root")

        told = self._run(
            root, "sh", "-c", "id -un; hostname; ls /; ps -o comm; exit 3",
            flags=("--user=web", "--hostname=box"),
        )  # fmt: skip

        self.assertEqual(told.returncode, 3, told.stderr)
        listed, _, processes = told.stdout.partition("COMMAND\n")
        self.assertEqual(
            listed, "web\nbox\nbin\ndev\netc\nproc\nsys\n", told.stderr
        )
        self.assertEqual(len(processes.split()), 3, processes)
        self.assertEqual(processes.split()[1:], ["sh", "ps"])

    def test_a_static_program_alone(self):
        root = self.agent.folder / "root"
        root.mkdir()
        shutil.copy2(program("bare_is_root"), root / "program")

        self.assertEqual(self._run(root, "program").returncode, 0)
        self.assertEqual(
            self._run(root, "/program", flags=("--user=1:1",)).returncode, 1
        )
        told = self._run(root, "other")
        self.assertEqual(told.returncode, 127)
        self.assertIn("exec /local/other as user 0 (nor /other, ", told.stderr)

    def test_debian(self):
        root = self._debian()
        for command, expected in (
            (["apt-get", "--version"], "apt "),
            (["perl", "-e", 'print "$$ ", -t STDIN ? 1 : 0, "\\n"'], "2 0"),
            (["sh", "-c", "cat /etc/debian_version; exit 0"], "."),
            (["dpkg", "--print-architecture"], "amd64"),
            (["mktemp"], "/tmp/"),
            (["sh", "-c", "echo $HOME; df /dev/shm | tail -1"], "/root"),
            (["su", "-s", "/bin/sh", "nobody", "-c", "id -un"], "nobody"),
            (["sh", "-c", "tty -s < /dev/ptmx; echo x > /dev/stdout"], "x"),
        ):
            with self.subTest(command=command):
                told = self._run(root, *command, flags=("--rootfs-overlay",))
                self.assertEqual(told.returncode, 0, told.stderr + told.stdout)
                self.assertIn(expected, told.stdout)
        told = self._run(
            root, "id", flags=("--rootfs-overlay", "--user=www-data")
        )
        self.assertIn("uid=33(www-data) gid=33(www-data)", told.stdout)

    def _debian(self):
        """A root made by debootstrap, kept for the next run."""
        root = CACHE / f"debian-{SUITE}"
        if (root / ".complete").exists():
            return root
        if not shutil.which("debootstrap"):
            self.skipTest("no debootstrap")
        try:
            CACHE.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.skipTest(f"no cache for the root of Debian: {error}")
        partial = CACHE / f"debian-{SUITE}.{os.getpid()}"
        self.addCleanup(shutil.rmtree, partial, ignore_errors=True)
        # It mounts /proc there, and leaves it mounted if it fails.
        made = subprocess.run(
            ["unshare", "--mount", "--fork", "--pid", "--kill-child",
             "debootstrap", "--variant=minbase", SUITE, partial,
             *([MIRROR] if MIRROR else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=900,
        )  # fmt: skip
        if made.returncode != 0:
            lines = made.stdout.strip().splitlines() or ["it says nothing"]
            self.skipTest(f"debootstrap: {lines[-1]}")
        (partial / ".complete").touch()
        partial.rename(root)
        return root


if __name__ == "__main__":
    unittest.main()
