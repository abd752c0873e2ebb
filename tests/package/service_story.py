"""What becomes of tasks while the package is installed, upgraded and removed.

Runs in the test machine, as a service of its systemd, beside first.deb and
second.deb. It changes the machine: nothing of it is kept.
"""

import json
import os
import pathlib
import subprocess
import time
import unittest
import urllib.request

CGROUPS = pathlib.Path("/sys/fs/cgroup")
TASKS = "/system.slice/reeve-tasks.service"
COUNTER = "/var/tmp/counter"
COUNT = f"n=0; while :; do n=$((n + 1)); echo $n >{COUNTER}; sleep 0.1; done"


def run(*command):
    return subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )


def must(*command):
    done = run(*command)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}")
    return done.stdout


def eventually(condition, what, seconds=90):
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.2)


def unit_property(unit, name):
    return must("systemctl", "show", "--value", "-p", name, unit).strip()


def agent_pid():
    return int(unit_property("reeve.service", "MainPID"))


def tasks():
    """The tasks by id, as `reeve ps` has them."""
    listed = json.loads(must("reeve", "ps", "--json")).get("tasks", [])
    return {task["id"]: task for task in listed}


def pids_of(name):
    return [int(tasks()[name]["pid"])] if name in tasks() else []


def is_there(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def counter():
    try:
        return int(pathlib.Path(COUNTER).read_text() or 0)
    except FileNotFoundError:
        return 0


def page(port=19100):
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/metrics", timeout=30
        ) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def cpu_seconds(name):
    start = f'reeve_task_cpu_usage_seconds_total{{task="{name}"'
    for line in page().splitlines():
        if line.startswith(start):
            return float(line.split()[-1])
    return None


def cgroups_of_tasks():
    """The cgroups below that of the tasks, in all hierarchies."""
    return [path for path in CGROUPS.rglob("reeve-tasks.service/*") if path.is_dir()]


def traces():
    """What there is of reeve in the file system, but for this test."""
    found = run(
        "find", "/etc", "/var/lib", "/run", "/sys/fs/cgroup", "-name", "*reeve*",
        "!", "-path", "/var/lib/dpkg/*", "!", "-path", "*reeve-vm*",
    )  # fmt: skip
    return found.stdout.split()


def installed_files():
    paths = must("dpkg", "--listfiles", "reeve").splitlines()
    return [path for path in paths if pathlib.Path(path).is_file()]


def shims():
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().startswith("reeve"):
                found.append(entry.name)
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


class ServiceStory(unittest.TestCase):
    def test_story(self):
        try:
            self._tell()
        except BaseException:
            # The machine is gone with the failure.
            for command in ("systemctl status --no-pager reeve reeve-tasks",
                            "journalctl --no-pager --lines=80 --unit=reeve*"):  # fmt: skip
                print(run(*command.split()).stdout, flush=True)
            raise

    def _tell(self):
        before = traces()
        self._install()
        self._launch()
        self._what_a_task_is_given()
        self._restart()
        self._kill_the_agent()
        self._upgrade()
        self._stop_and_start()
        self._change_the_flags()
        self._remove()
        self._purge(before)

    def _say(self, what):
        print(f"{time.monotonic():7.1f} s  {what}", flush=True)

    def _install(self):
        self._say("install")
        must("dpkg", "--install", "first.deb")

        # Ready means ready: the socket answers as soon as the unit has started.
        self.assertEqual(tasks(), {})
        self.assertEqual(unit_property("reeve.service", "ActiveState"), "active")
        self.assertEqual(must("systemctl", "is-enabled", "reeve").strip(), "enabled")
        # systemd has the cgroup of the tasks, and so what is done with that unit
        # is done with them.
        self.assertEqual(unit_property("reeve-tasks.service", "ControlGroup"), TASKS)
        self.assertIn("reeve_build_info", eventually(page, "the page of metrics"))
        score = pathlib.Path(f"/proc/{agent_pid()}/oom_score_adj").read_text()
        self.assertEqual(score.strip(), "-900")

    def _launch(self):
        self._say("launch")
        must("reeve", "run", "--detach", "--id", "counter", "--memory", "64M",
             "--cpus", "0.8", "--pids", "20", "--", "/bin/sh", "-c", COUNT)  # fmt: skip
        must("reeve", "run", "--detach", "--id", "kept", "--restart", "always",
             "--", "/bin/sleep", "100000")  # fmt: skip
        self.pids = {name: pids_of(name) for name in ("counter", "kept")}
        for name, pids in self.pids.items():
            self.assertEqual(len(pids), 1, name)
            self.assertTrue(is_there(pids[0]), name)
        eventually(lambda: cpu_seconds("counter"), "the counter uses CPU time")

    def _what_a_task_is_given(self):
        self._say("what a task is given")
        pid = self.pids["counter"][0]
        process = pathlib.Path(f"/proc/{pid}")
        cgroups = (process / "cgroup").read_text().splitlines()
        memory = next(
            line for line in cgroups if line.startswith("0::") or ":memory:" in line
        )
        self.assertTrue(memory.endswith(f":{TASKS}/reeve/counter"), cgroups)
        self.assertEqual((process / "oom_score_adj").read_text().strip(), "0")
        self.assertNotIn(b"NOTIFY_SOCKET", (process / "environ").read_bytes())
        limits = (process / "limits").read_text()
        self.assertRegex(limits, r"Max open files +1024 ")
        for name in ("mnt", "net", "uts", "ipc", "user"):
            self.assertEqual(
                os.readlink(process / "ns" / name), os.readlink(f"/proc/1/ns/{name}")
            )
        status = (process / "status").read_text()
        for line in ("NoNewPrivs:\t0", "Seccomp:\t0"):
            self.assertIn(line, status)

    def _undisturbed(self, agent_before):
        """The same tasks go on, and an agent that is another one knows them."""
        self.assertNotIn(agent_pid(), (0, agent_before))
        for name, pids in self.pids.items():
            self.assertEqual(pids_of(name), pids, name)
            self.assertTrue(is_there(pids[0]), name)
            self.assertEqual(tasks()[name]["state"], "TASK_STATE_RUNNING")
        count = counter()
        eventually(lambda: counter() > count, "the task goes on")

    def _restart(self):
        self._say("restart")
        agent, used = agent_pid(), cpu_seconds("counter")
        must("systemctl", "restart", "reeve")
        self._undisturbed(agent)
        eventually(lambda: cpu_seconds("counter"), "its counter is back")
        self.assertGreaterEqual(cpu_seconds("counter"), used)

    def _kill_the_agent(self):
        self._say("kill")
        agent = agent_pid()
        os.kill(agent, 9)
        eventually(
            lambda: agent_pid() not in (0, agent)
            and unit_property("reeve.service", "ActiveState") == "active",
            "systemd starts another agent",
        )
        self._undisturbed(agent)

    def _upgrade(self):
        self._say("upgrade")
        agent, used, count = agent_pid(), cpu_seconds("counter"), counter()
        must("dpkg", "--install", "second.deb")
        version = must("dpkg-query", "--show", "--showformat=${Version}", "reeve")
        self.assertTrue(version.endswith("-2"), version)
        self._undisturbed(agent)
        self.assertGreaterEqual(counter(), count)
        program = os.readlink(f"/proc/{agent_pid()}/exe")
        self.assertEqual(program, "/usr/bin/reeve")
        eventually(lambda: cpu_seconds("counter"), "its counter is back")
        self.assertGreaterEqual(cpu_seconds("counter"), used)
        # The new one has taken it over, with its limits.
        must("reeve", "update", "--memory", "96M", "counter")
        must("reeve", "run", "--detach", "--id", "later", "--", "/bin/sleep", "100000")
        self.pids["later"] = pids_of("later")

    def _stop_and_start(self):
        self._say("stop and start")
        agent = agent_pid()
        must("systemctl", "stop", "reeve")
        self.assertEqual(unit_property("reeve.service", "Result"), "success")
        self.assertFalse(is_there(agent))
        for pids in self.pids.values():
            self.assertTrue(is_there(pids[0]))
        must("systemctl", "start", "reeve")
        self._undisturbed(agent)

    def _change_the_flags(self):
        self._say("flags")
        agent = agent_pid()
        pathlib.Path("/etc/default/reeve").write_text(
            'ARGS="--web.listen-address=127.0.0.1:19200 --collector.pressure"\n'
        )
        must("systemctl", "restart", "reeve")
        self._undisturbed(agent)
        eventually(lambda: page(19200), "metrics at the other address")

    def _remove(self):
        self._say("remove")
        self.installed = installed_files()
        self.assertIn("/usr/bin/reeve", self.installed)
        must("dpkg", "--remove", "reeve")
        for name, pids in self.pids.items():
            self.assertFalse(is_there(pids[0]), name)
        eventually(lambda: not shims(), "the parents of the tasks end")
        eventually(lambda: not cgroups_of_tasks(), "the cgroups of the tasks go")
        self.assertEqual(run("systemctl", "is-active", "reeve").returncode, 3)
        self.assertTrue(pathlib.Path("/etc/default/reeve").exists())

    def _purge(self, before):
        self._say("purge")
        must("dpkg", "--purge", "reeve")
        left = [path for path in self.installed if pathlib.Path(path).exists()]
        self.assertEqual(left, [])
        self.assertEqual(traces(), before)


if __name__ == "__main__":
    unittest.main()
