"""Every alert, from its cause to the message about it, and its end.

Real tasks and agents are what the alerts are about; a real Prometheus evaluates the
rules that come with reeve, and a real Alertmanager with the configuration that comes
with it sends to a webhook. Only times are shorter: see tools/testing/quick_times.py.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import yaml
from alertmanager import BINARY as ALERTMANAGER
from alertmanager import Alertmanager, Inbox
from harness import ROOT, Agent, cgroup_roots, eventually, program
from prometheus import BINARY as PROMETHEUS
from prometheus import Prometheus

sys.path.insert(0, str(ROOT / "tools" / "testing"))

from quick_times import quick_routes, quick_rules  # noqa: E402

EXPORTERS = ROOT / "exporters" / "prometheus"
ROUTES = EXPORTERS / "alertmanager" / "alertmanager.yml"

PROMETHEUS_FLAGS = [
    # What fires before Prometheus has found Alertmanager is sent once more.
    "--rules.alert.resend-delay=5s",
]

# Touches pages of a file at random, in eight processes.
TOUCH_PAGES = """
import mmap, os, random, sys
with open(sys.argv[1], "rb") as file:
    pages = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
pages.madvise(mmap.MADV_RANDOM)
for _ in range(3):
    os.fork()
while True:
    pages[random.randrange(len(pages))]
"""

# A cgroup that cannot be removed is given up after a minute.
FIRES = 150
RESOLVES = 120


def write_quick_rules(folder):
    """The rules that come with reeve, with shorter times; returns the files."""
    files = []
    for file in sorted((EXPORTERS / "rules").glob("*.rules.yml")):
        quick = folder / file.name
        quick.write_text(quick_rules(file.read_text()))
        files.append(quick)
    return files


def severities():
    """Of every alert that comes with reeve."""
    found = {}
    for file in (EXPORTERS / "rules").glob("*.rules.yml"):
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    found[rule["alert"]] = rule["labels"]["severity"]
    return found


def others_use_up(alert):
    """Whether an alert on the machine is about other work on it by now."""
    match = re.fullmatch("ReeveHost(CPU|Memory|IO)PressureHigh", alert)
    if not match:
        return False
    some = pathlib.Path(f"/proc/pressure/{match[1].lower()}").read_text()
    percent = float(re.match(r"some avg10=([\d.]+)", some)[1])
    return percent > {"CPU": 60, "Memory": 5, "IO": 30}[match[1]]


def io_limit(folder):
    """A megabyte a second from the disk of a folder; none where it is on no disk."""
    device = os.stat(folder).st_dev
    disk = pathlib.Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if not disk.exists():
        return []
    disk = disk.resolve()
    if (disk / "partition").exists():
        disk = disk.parent
    return [f"--io-max=/dev/{disk.name},rbps=1M"]


def instance(agent):
    return f"127.0.0.1:{agent.port}"


class ChangingAgent(Agent):
    """Can be started anew, with other flags, and be down in between."""

    def restart_with(self, interval):
        flag = "--sample-interval="
        self._command = [
            f"{flag}{interval}" if str(word).startswith(flag) else word
            for word in self._command
        ]
        self.kill_and_restart()

    def kill(self):
        self._process.kill()
        self._process.wait()

    def start(self):
        self._start()


class HaltingAgent(Agent):
    """Is held still for most of the time, so that it cannot keep its interval."""

    def __init__(self):
        super().__init__(sample_interval="100ms")
        self._at_rest = threading.Event()
        self._thread = threading.Thread(target=self._halt)
        self._thread.start()

    def _halt(self):
        while not self._at_rest.wait(0.2):
            self._process.send_signal(signal.SIGSTOP)
            self._at_rest.wait(0.6)
            self._process.send_signal(signal.SIGCONT)

    def go_on(self):
        self._at_rest.set()
        self._thread.join()

    def close(self):
        self.go_on()
        super().close()


class RestlessAgent(Agent):
    """Is killed and started anew, each time after it was there to be scraped."""

    def __init__(self):
        super().__init__()
        self._at_rest = threading.Event()
        self._thread = threading.Thread(target=self._restart)
        self._thread.start()

    def _restart(self):
        while not self._at_rest.wait(2.5):
            self.kill_and_restart()

    def stay(self):
        self._at_rest.set()
        self._thread.join()

    def close(self):
        self.stay()
        super().close()


class HangingAgent(Agent):
    """Its collector of the machine waits for a file that nobody writes to."""

    def __init__(self):
        self.procfs = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-procfs-"))
        for entry in os.listdir("/proc"):
            if entry != "vmstat" and not entry.isdigit():
                (self.procfs / entry).symlink_to(f"/proc/{entry}")
        self._file = self.procfs / "vmstat"
        os.mkfifo(self._file)
        super().__init__("--collector.host", f"--path.procfs={self.procfs}")

    def answer(self):
        """The file can be read, but is none: it cannot be read from its start."""
        with open(self._file, "w"):
            pass
        self._file.unlink()
        self._file.mkdir()

    def mend(self):
        self._file.rmdir()
        self._file.symlink_to("/proc/vmstat")
        self.kill_and_restart()

    def close(self):
        super().close()
        shutil.rmtree(self.procfs, ignore_errors=True)


class ReadOnlyAgent(Agent):
    """May be made to find a hierarchy read-only, in a mount namespace of its own."""

    def __init__(self):
        self._hierarchy = cgroup_roots()[-1]
        for root in cgroup_roots():
            if (root / "pids.max").exists() or root.name == "pids":
                self._hierarchy = root
        super().__init__()

    def _start(self):
        command = ["unshare", "--mount", "--propagation=private", *self._command]
        plain, self._command = self._command, command
        try:
            super()._start()
        finally:
            self._command = plain

    def remount(self, how):
        # Without "bind" it would be read-only for everybody.
        subprocess.run(
            ["nsenter", f"--target={self.pid}", "--mount", "mount", "-o",
             f"remount,bind,{how}", self._hierarchy],
            check=True, capture_output=True, text=True,
        )
        eventually(lambda: self._looks(degraded=how == "ro"), 20, "the agent looks")

    def _looks(self, degraded):
        # It looks again when a launch fails, and once one works again.
        self.reeve("run", "--detach", "--id=try", "--pids=5", "--", "sleep", "0")
        state = self.metric("reeve_enforcement_degraded", controller="pids")
        return degraded == (state is not None)


class AlertsTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        for name, binary in (
            ("prometheus", PROMETHEUS),
            ("prometheus-alertmanager", ALERTMANAGER),
        ):
            if binary is None:
                self.skipTest(f"{name} is not installed")
        if not os.path.exists("/proc/pressure/cpu"):
            self.skipTest("this kernel counts no pressure")
        self.folder = pathlib.Path(
            # Not in memory, where nobody waits for a device.
            tempfile.mkdtemp(prefix="reeve-e2e-alerts-", dir="/var/tmp")
        )
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.rules = write_quick_rules(self.folder)
        self.webhook = Inbox()
        self.addCleanup(self.webhook.close)
        self.alertmanager = Alertmanager(
            quick_routes(ROUTES.read_text(), self.webhook.url)
        )
        self.addCleanup(self.alertmanager.close)
        self.expected = []

    def _agent(self, agent):
        self.addCleanup(agent.close)
        return agent

    def _prometheus(self, ports, rules, **options):
        prometheus = Prometheus(
            ports, rules, alertmanager_port=self.alertmanager.port,
            flags=PROMETHEUS_FLAGS, **options,
        )
        self.addCleanup(prometheus.close)
        return prometheus

    def _expect(self, alert, agent=None, **labels):
        if agent is not None:
            labels["instance"] = instance(agent)
        self.expected.append((alert, labels))

    # --- Causes

    def _cause_what_the_agents_tell(self):
        self.read_only = self._agent(ReadOnlyAgent())
        self.read_only.launch("stays", "--pids=5", "--", "sleep", "1000")
        self.read_only.remount("ro")
        self.read_only.reeve("stop", "--grace=0s", "stays")
        self._expect("ReeveCgroupsLeaked", self.read_only)
        self._expect(
            "ReeveEnforcementDegraded", self.read_only,
            controller="pids", reason="read_only",
        )
        self.slow = self._agent(ChangingAgent(sample_interval="60s"))
        self._expect("ReeveSamplesStale", self.slow)
        self.hanging = self._agent(HangingAgent())
        self._expect("ReeveCollectorStale", self.hanging, collector="host")
        self.halting = self._agent(HaltingAgent())
        self._expect("ReeveSamplingRoundsMissed", self.halting)
        self.restless = self._agent(RestlessAgent())
        self._expect("ReeveAgentRestarting", self.restless)
        self.down = self._agent(ChangingAgent())
        self.down.kill()
        self._expect("ReeveAgentDown", self.down, job="reeve")

    def _cause_what_tasks_tell(self):
        self.specs = self.folder / "tasks.d"
        self.specs.mkdir(mode=0o755)
        self.policy = self.folder / "policy.yml"
        self._write(self.policy, "rules: []\n")
        self.agent = agent = self._agent(
            Agent(
                "--collector.pressure", "--collector.host", f"--policy={self.policy}",
                f"--tasks-dir={self.specs}", "--tasks-rescan-interval=1s",
            )
        )
        burn = ["--", program("burn"), "--seconds", 600]
        half = [*burn, "--duty", 0.5]
        keep = ["--", program("allocate"), "--mib", 60, "--hold", 600]
        agent.launch("busy", "--cpus=0.1", *half)
        self._expect("TaskCPUThrottlingHigh", agent, task="busy")
        agent.launch("crowd", "--cpu-shares=2", *burn, "--threads", 3)
        self._expect("TaskCPUPressureHigh", agent, task="crowd")
        self._expect("ReeveHostCPUPressureHigh", agent)

        agent.must("group set", "shop", "--cpus=0.1", "--memory=64M")
        agent.launch("clerk", "--group=shop", *half)
        agent.launch("store", "--group=shop", *keep)
        self._expect("TaskGroupCPUThrottlingHigh", agent, task_group="shop")
        self._expect("TaskGroupMemoryNearLimit", agent, task_group="shop")

        agent.launch("full", "--memory=64M", *keep)
        self._expect("TaskMemoryNearLimit", agent, task="full")
        # It is full all the time, and what comes on top of that is killed.
        agent.launch(
            "greedy", "--memory=64M", "--", "sh", "-c",
            '"$0" --mib 60 --hold 600 & while :; do sleep 1; sh -c '
            '"echo 1000 >/proc/self/oom_score_adj; exec $0 --mib 40"; done',
            program("allocate"),
        )
        self._expect("TaskOOMKilled", agent, task="greedy")
        agent.launch(
            "bomb", "--pids=4", "--", "sh", "-c",
            'while :; do sh -c "for i in 1 2 3 4 5; do sleep 0.1 & done; wait"; '
            "sleep 0.3; done",
        )
        self._expect("TaskForksRefused", agent, task="bomb")
        agent.launch(
            "crash", "--restart=always", "--restart-backoff=100ms",
            "--restart-max-backoff=200ms", "--", "/bin/false",
        )
        self._expect("TaskRestartLoop", agent, task="crash")
        self._cause_waits(agent)
        self._cause_what_files_tell(agent)
        agent.take_precedence()

    def _cause_what_fails(self):
        """Counters of the agent: they have been scraped before."""
        agent = self.agent
        eventually(
            lambda: self.prometheus.value(
                "count(reeve_task_launches_total"
                f'{{instance="{instance(agent)}"}} offset 1s)'
            )
            is not None,
            30,
            "the agent was scraped",
        )
        for name in ("one", "two", "three"):
            agent.reeve("run", "--detach", "--id", name, "--", "/no/such/program")
        self._expect("ReeveLaunchesFailing", agent)
        agent.reeve("update", "--memory=1M", "full")
        self._expect("ReeveLimitUpdatesFailing", agent, resource="memory")
        # It is killed, and gone, before it was ever scraped.
        agent.launch("brief", "--memory=16M", "--", program("allocate"), "--mib", 60)
        self._expect("TaskOOMKilled", agent, task="brief")

    def _cause_waits(self, agent):
        limit = io_limit(self.folder)
        # Reads from the device itself.
        agent.launch(
            "reader", *limit, "--", "sh", "-c",
            "for i in 1 2 3 4; do while :; do "
            'dd if="$0" of=/dev/null bs=1M iflag=direct 2>/dev/null; '
            "done & done; wait",
            self._file("read", 8),
        )
        self._expect("TaskIOPressureHigh", agent, task="reader")
        self._expect("ReeveHostIOPressureHigh", agent)
        # Uses more pages than it may keep.
        agent.launch(
            "thrash", "--memory=64M", "--", sys.executable, "-c",
            TOUCH_PAGES, self._file("map", 100),
        )
        self._expect("TaskMemoryPressureHigh", agent, task="thrash")
        self._expect("ReeveHostMemoryPressureHigh", agent)

    def _write(self, file, text):
        """At once, so that nobody reads a half."""
        new = self.folder / "new"
        new.write_text(text)
        new.rename(file)

    def _cause_what_files_tell(self, agent):
        """What is wrong with a task file is known also of a directory that is gone."""
        self._write(self.specs / "web.yaml", "command: [sleep\n")
        agent.await_value(1, "reeve_task_file_failed", file="web.yaml")
        self._expect(
            "ReeveTaskFileFailed", agent, file="web.yaml", reason="invalid"
        )
        self._write(self.specs / "broken.yaml", "command: [sh, -c, exit 3]\n")
        agent.await_value(1, "reeve_task_file_task_failed", file="broken.yaml")
        self._expect(
            "ReeveTaskFileTaskFailed", agent, file="broken.yaml", task="broken"
        )
        self.specs.rename(self.folder / "moved")
        self._expect("ReeveTaskFilesUnreadable", agent)
        self._write(self.policy, "rules: wrong\n")
        self._expect("ReevePolicyNotLoaded", agent)

    def _file(self, name, mebibytes):
        """A file of which nothing is in memory."""
        file = self.folder / name
        with open(file, "wb") as out:
            for _ in range(mebibytes):
                out.write(os.urandom(1 << 20))
            out.flush()
            os.fsync(out.fileno())
            os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file

    def _cause_what_prometheus_misses(self):
        """A Prometheus that has no agent, and lacks a threshold."""
        few = self.folder / "few.yml"
        text = next(
            file for file in self.rules if "thresholds" in file.name
        ).read_text()
        few.write_text(text.replace("{of: restarts}", "{of: others}"))
        rules = [
            few if "thresholds" in file.name else file
            for file in self.rules
            if "thresholds" in file.name or "agent" in file.name
        ]
        # Of the same labels they would be two that speak for each other.
        self.lacking = self._prometheus([], rules, external_labels={"by": "lacking"})
        self._expect("ReeveAgentsMissing", job="reeve", by="lacking")
        self._expect("ReeveThresholdMissing", of="restarts", by="lacking")

    # --- Their ends

    def _end_what_the_agents_tell(self):
        self.read_only.remount("rw")
        self.slow.restart_with("250ms")
        self.halting.go_on()
        self.restless.stay()
        self.down.start()

    def _end_what_tasks_tell(self):
        agent = self.agent
        agent.must("update", "--cpus=2", "busy")
        agent.must("update", "--memory=256M", "full")
        agent.must("update", "--pids=64", "bomb")
        agent.must("group set", "shop", "--cpus=2", "--memory=256M")
        for name in ("crowd", "greedy", "crash", "reader", "thrash"):
            agent.must("stop", "--grace=0s", name)
        (self.folder / "moved").rename(self.specs)
        for name in ("web", "broken"):
            self._write(self.specs / f"{name}.yaml", "command: [sleep, '3600']\n")
        self._write(self.policy, "rules: []\n")

    # --- Messages

    def _missing(self, status):
        return [
            (alert, labels)
            for alert, labels in self.expected
            if not self.webhook.messages(status, alertname=alert, **labels)
            and not (status == "resolved" and others_use_up(alert))
        ]

    def _await(self, status, seconds):
        try:
            eventually(lambda: not self._missing(status), seconds)
        except AssertionError:
            # Together they tell more than the first alone.
            self.assertEqual(self._missing(status), [], f"they are not {status}")

    def _check_texts(self):
        severity = severities()
        for alert, labels in self.expected:
            with self.subTest(alert):
                message = self.webhook.messages("firing", alertname=alert, **labels)[0]
                self.assertEqual(message.labels["severity"], severity[alert])
                # What wakes nobody goes elsewhere.
                info = message.labels["severity"] == "info"
                self.assertEqual(message.path, "/log" if info else "/")
                runbook = message.annotations["runbook_url"]
                self.assertTrue((ROOT / runbook).exists(), runbook)
                text = message.annotations["description"]
                for label in (
                    "task", "task_group", "instance", "collector", "file", "of"
                ):
                    if label in labels:
                        self.assertIn(labels[label], text)
                self.assertNotRegex(text, r"\{\{|<no value>|NaN|Inf")

    def _check_lines_to_paste(self):
        def text(alert, **labels):
            message = self.webhook.messages("firing", alertname=alert, **labels)[0]
            return message.annotations["description"]

        self.assertIn("`reeve update busy --cpus N`", text("TaskCPUThrottlingHigh"))
        self.assertIn(
            "`reeve update full --memory SIZE`", text("TaskMemoryNearLimit", task="full")
        )
        self.assertIn(
            "`reeve group set shop --cpus N`", text("TaskGroupCPUThrottlingHigh")
        )

    def test_each_alert_arrives_and_resolves(self):
        self._cause_what_the_agents_tell()
        self._cause_what_tasks_tell()
        agents = [
            self.agent, self.read_only, self.slow, self.hanging, self.halting,
            self.restless, self.down,
        ]
        ports = [agent.port for agent in agents]
        self.prometheus = self._prometheus(ports, self.rules)
        self._cause_what_fails()
        self._cause_what_prometheus_misses()

        # What need not be said beside a kill is held back.
        eventually(
            lambda: self.alertmanager.inhibited(
                alertname="TaskMemoryNearLimit", task="greedy"
            ),
            FIRES,
            "an alert is inhibited",
        )
        self.assertEqual(
            self.webhook.messages(alertname="TaskMemoryNearLimit", task="greedy"), []
        )
        # A collector that goes on, but with errors.
        eventually(
            lambda: self.webhook.messages("firing", alertname="ReeveCollectorStale"),
            FIRES,
            "the collector hangs",
        )
        self.hanging.answer()
        self._expect("ReeveCollectorErrors", self.hanging, collector="host")
        self._await("firing", FIRES)
        self._check_texts()
        self._check_lines_to_paste()
        self.assertEqual({alert for alert, _ in self.expected}, set(severities()))

        self._end_what_the_agents_tell()
        self._end_what_tasks_tell()
        self.hanging.mend()
        self.lacking.reload(ports, self.rules)
        self._await("resolved", RESOLVES)


if __name__ == "__main__":
    unittest.main()
