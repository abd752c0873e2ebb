"""Tasks that give every dashboard something to show, under a Prometheus that watches.

For the test of the dashboards, and for pictures of them.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from harness import ROOT, Agent, cgroup_roots, program, remove_cgroups
from prometheus import Prometheus

RULES = sorted((ROOT / "exporters" / "prometheus" / "rules").glob("*.rules.yml"))
_COLLECTORS = (
    "descriptors", "filesystems", "host", "io", "memory-stat", "network", "peaks",
    "pressure", "process-states", "processes", "processes.per-pid", "schedstat",
)
_MIB = 1 << 20

# Tasks as files: one that is well, one that has failed for good, and one that is none.
_TASK_FILES = {
    "report.yaml": "command: [{burn}, --seconds, 3600, --duty, 0.1]\n",
    "import.yaml": "command: [/bin/false]\n",
    "backup.yaml": "command: /usr/bin/backup\n",
}

# It says what it would do about the task with trouble, and lets it have it.
_POLICY = """\
rules:
  - {name: throttled, action: raise_cpus, tasks: transcode, for: 1s, cooldown: 10s}
"""

# A task that has all kinds of trouble at once: it burns more CPU time than it may,
# holds memory, reads and writes its disk, now and then wants more memory than there
# is, and more processes.
_TROUBLED = """\
{burn} --threads 2 --seconds 3600 &
{allocate} --mib 24 --hold 3600 &
while :; do
  dd if=/dev/zero of={file} bs=64k count=16 oflag=direct conv=fsync
  dd if={file} of=/dev/null bs=64k iflag=direct
  cat {file} >/dev/null
  {allocate} --mib 200
  {count_forks} --children 64
  sleep 2
done
"""


class Scene:
    """An agent with all collectors, its tasks, a cgroup beside them, and Prometheus."""

    def __init__(self):
        self._ends = contextlib.ExitStack()
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self):
        self.folder = pathlib.Path(
            tempfile.mkdtemp(prefix="reeve-e2e-scene-", dir="/var/tmp")
        )
        self._ends.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.cgroup = f"/reeve-scene-{os.getpid()}"
        tasks_dir, policy = self._write_orders()
        self.agent = Agent(
            f"--tasks-dir={tasks_dir}",
            f"--policy={policy}",
            *(f"--collector.{name}" for name in _COLLECTORS),
            "--collector.cgroups",
            f"--collector.cgroups.include={self.cgroup}.*",
            "--collector.cgroups.interval=1s",
            "--collector.processes.interval=1s",
            "--detail-interval=1s",
            "--process-interval=1s",
        )
        self._ends.callback(self.agent.close)
        self.prometheus = Prometheus(self.agent.port, RULES, other_jobs=["other"])
        self._ends.callback(self.prometheus.close)
        self.values = {
            "job": "reeve",
            "instance": f"127.0.0.1:{self.agent.port}",
            "task": "transcode",
            "cgroup": ".+",
        }
        self._ends.callback(remove_cgroups, self.cgroup)
        self._start_service("web.service", "burn", "--seconds", "3600")
        self._start_service("db.service", "allocate", "--mib", "40", "--hold", "3600")
        self._launch_tasks()
        # So that they want more than they may have, whatever else runs here.
        self.agent.take_precedence()

    def _write_orders(self):
        """The files that the agent follows."""
        tasks_dir = self.folder / "tasks.d"
        tasks_dir.mkdir()
        for name, text in _TASK_FILES.items():
            (tasks_dir / name).write_text(text.format(burn=program("burn")))
        policy = self.folder / "policy.yml"
        policy.write_text(_POLICY)
        return tasks_dir, policy

    def _launch_tasks(self):
        burn, allocate = program("burn"), program("allocate")
        self.agent.must("group set", "media", "--cpus=0.5", "--memory=256M")
        script = _TROUBLED.format(
            burn=burn,
            allocate=allocate,
            count_forks=program("count_forks"),
            file=self.folder / "data",
        )
        flags = [
            "--group=media", "--cpus=0.1", "--cpus-max=0.2", "--cpu-period=20ms",
            "--memory=64M",
            "--memory-swap=0", "--pids=16", "--restart=always",
            "--restart-backoff=100ms",
        ]
        program_and_arguments = ["--", "/bin/sh", "-c", script]
        # Where devices have no limits, the task goes without.
        if self._launch("transcode", *flags, *self._device_limits(),
                        *program_and_arguments).returncode:
            self.agent.launch("transcode", *flags, *program_and_arguments)
        self.agent.launch("index", "--group=media", "--cpus=0.4", "--memory=128M", "--",
                          burn, "--seconds", 3600, "--duty", 0.15)
        self.agent.launch("cache", "--memory=96M", "--", allocate, "--mib", 70,
                          "--hold", 3600)
        self.agent.launch("flaky", "--restart=on-failure", "--", "/bin/sh", "-c",
                          "sleep 2; exit 1")
        self.has_network = not self._launch(
            "proxy", "--isolation=native", "--network=none", "--", "/bin/sleep", 3600
        ).returncode

    def _launch(self, name, *arguments):
        return self.agent.reeve("run", "--detach", "--id", name, *arguments)

    def _device_limits(self):
        """Limits of the disk, without which cgroup v1 counts nothing."""
        number = os.stat(self.folder).st_dev
        link = pathlib.Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
        if not link.exists():
            return []
        device = link.resolve()
        if (device / "partition").exists():
            device = device.parent
        limits = "rbps=4M,wbps=2M,riops=100,wiops=50"
        return [f"--io-max=/dev/{device.name},{limits}"]

    def _start_service(self, name, *command):
        """Something beside the tasks, in a cgroup with limits of its own."""
        folders = []
        for root in cgroup_roots():
            folder = root / self.cgroup.lstrip("/") / name
            try:
                folder.mkdir(parents=True)
                control = folder.parent / "cgroup.subtree_control"
                if control.exists():
                    control.write_text("+cpu +memory +pids")
            except OSError:
                pass  # What the hierarchy has not to give, it does not show.
            for file, value in (
                ("cpu.max", "10000 100000"),
                ("cpu.cfs_quota_us", "10000"),
                ("memory.max", str(64 * _MIB)),
                ("memory.limit_in_bytes", str(64 * _MIB)),
            ):
                if (folder / file).exists():
                    (folder / file).write_text(value)
            # A v1 cpuset takes no process before it has CPUs.
            if folder.exists() and not (folder / "cpuset.effective_cpus").exists():
                folders.append(folder)

        def enter():
            for folder in folders:
                (folder / "cgroup.procs").write_text("0")

        process = subprocess.Popen(
            [program(command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            preexec_fn=enter,
        )
        self._ends.callback(process.wait)
        self._ends.callback(process.kill)

    def change_limits(self):
        """Raises limits of the task that has trouble, as one would who sees it."""
        self.agent.must("update", "--cpus=0.15", "--cpu-period=20ms", "--memory=80M", "transcode")

    def kill_task(self):
        """Kills the program of the task that has trouble: it is started anew."""
        os.kill(self.agent.task("transcode")["pid"], signal.SIGKILL)

    def close(self):
        self._ends.close()
