"""Cgroups that were left to the agent, and an agent without privileges."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import (
    REEVE,
    SHIM,
    SLOWNESS,
    Agent,
    AgentTest,
    cgroup_roots,
    cgroups_below,
    eventually,
    program,
    remove_cgroups,
)

NOBODY = 65534
TRUE = ["--", "/bin/true"]
SLEEP = ["--", "/bin/sleep", "600"]


def unified_root():
    """Where the v2 hierarchy is mounted; None if it is not."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] == "cgroup2":
            return pathlib.Path(before.split()[4])
    return None


def has_controllers(root, *names):
    return set(names) <= set((root / "cgroup.controllers").read_text().split())


def own_cgroup(pid):
    """The v2 cgroup of a process."""
    for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        if line.startswith("0::"):
            return line[3:]
    return None


class DelegationTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("delegating a cgroup needs root")
        self.root = unified_root()
        if self.root is None:
            self.skipTest("only cgroup v2 can be delegated")
        self.top = f"/reeve-e2e-{os.getpid()}-delegated"
        self.folder = self.root / self.top.lstrip("/")
        self.folder.mkdir()
        self.addCleanup(remove_cgroups, self.top)
        self.is_pure = has_controllers(self.root, "cpu", "memory", "pids")

    def _need_controllers(self):
        if not self.is_pure:
            self.skipTest("the v2 hierarchy of this host has no controllers")

    def _enable(self, *controllers):
        """Gives the delegated cgroup these controllers and no others."""
        (self.folder).rmdir()
        wanted = set(controllers)
        self.parent = f"/reeve-e2e-{os.getpid()}-owner"
        owner = self.root / self.parent.lstrip("/")
        owner.mkdir()
        self.addCleanup(remove_cgroups, self.parent)
        (owner / "cgroup.subtree_control").write_text(
            " ".join(f"+{name}" for name in wanted)
        )
        self.top = f"{self.parent}/delegated"
        self.folder = owner / "delegated"
        self.folder.mkdir()

    def _give_to_nobody(self):
        for name in ("", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"):
            os.chown(self.folder / name, NOBODY, NOBODY)

    def _enter(self, cgroup=""):
        """For preexec_fn: into the delegated cgroup."""
        (self.folder / cgroup / "cgroup.procs").write_text("0")

    def _become_nobody(self):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)

    def _agent(self, *flags, **options):
        agent = Agent(*flags, cgroup_parent=f"{self.top}/reeve", **options)
        self.addCleanup(agent.close)
        return agent


class DelegatedToRootTest(DelegationTest):
    """The agent is in a cgroup that systemd left to it."""

    def setUp(self):
        super().setUp()
        os.setxattr(self.folder, "trusted.delegate", b"1")

    def test_the_agent_moves_to_a_leaf_and_keeps_tasks_beside_it(self):
        agent = self._agent(preexec_fn=self._enter)

        self.assertEqual(own_cgroup(agent.pid), f"{self.top}/agent")
        for thread in pathlib.Path(f"/proc/{agent.pid}/task").iterdir():
            self.assertIn(f"{self.top}/agent", (thread / "cgroup").read_text())
        agent.launch("task", "--memory=64M", "--pids=32", "--cpus=0.5", *SLEEP)
        task = agent.task("task")
        self.assertEqual(own_cgroup(task["pid"]), f"{self.top}/reeve/task")
        shim = int(pathlib.Path(f"/proc/{task['pid']}/stat").read_text().split()[3])
        self.assertEqual(own_cgroup(shim), f"{self.top}/agent")
        self.assertEqual((self.folder / "cgroup.procs").read_text(), "")
        agent.must("stop", "--grace=0s", "task")

    def test_a_restarted_agent_does_not_nest(self):
        agent = self._agent(preexec_fn=self._enter)
        agent.launch("task", "--pids=32", *SLEEP)

        # As a supervisor would that is in the leaf too.
        agent.kill_and_restart(preexec_fn=lambda: self._enter("agent"))

        self.assertEqual(own_cgroup(agent.pid), f"{self.top}/agent")
        self.assertEqual(list((self.folder / "agent").glob("*/")), [])
        self.assertEqual(agent.task("task")["state"], "TASK_STATE_RUNNING")
        agent.must("update", "--pids=48", "task")
        agent.launch("second", "--memory=64M", *SLEEP)
        self.assertEqual(
            own_cgroup(agent.task("second")["pid"]), f"{self.top}/reeve/second"
        )

    def test_a_leaf_that_systemd_made_is_kept(self):
        (self.folder / "supervisor").mkdir()
        agent = self._agent(preexec_fn=lambda: self._enter("supervisor"))

        agent.launch("task", "--memory=64M", *SLEEP)

        self.assertEqual(own_cgroup(agent.pid), f"{self.top}/supervisor")
        self.assertEqual(
            own_cgroup(agent.task("task")["pid"]), f"{self.top}/reeve/task"
        )

    def test_what_the_owner_keeps_is_not_taken(self):
        """Root may write everywhere, but the cgroups above are systemd's."""
        self._need_controllers()
        self._enable("memory", "pids")
        os.setxattr(self.folder, "trusted.delegate", b"1")
        agent = self._agent(preexec_fn=self._enter)
        owned = (self.folder.parent / "cgroup.subtree_control").read_text()

        agent.launch("task", "--memory=64M", *SLEEP)
        done = agent.reeve("run", "--detach", "--cpus=1", *SLEEP)

        self.assertEqual(done.returncode, 125)
        self.assertIn(f"not delegated to {self.top}", done.stderr)
        self.assertEqual(
            (self.folder.parent / "cgroup.subtree_control").read_text(), owned
        )


class WithoutRootTest(DelegationTest):
    """Agent and client of an ordinary user."""

    def setUp(self):
        super().setUp()
        # The build's folders need not be open to others.
        self.bin = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-bin-"))
        self.addCleanup(shutil.rmtree, self.bin)
        self.bin.chmod(0o755)
        for file in (REEVE, SHIM):
            shutil.copy(file, self.bin)
        for name in ("allocate", "exit_with"):
            shutil.copy(program(name), self.bin)

    def _nobodys_agent(self, *flags):
        def become():
            self._enter()
            self._become_nobody()

        return self._agent(
            *flags,
            owner=NOBODY,
            cwd="/",
            executable=self.bin / "reeve",
            preexec_fn=become,
        )

    def _as_nobody(self, *arguments, runtime_dir=None, inside=True):
        """Runs reeve as an ordinary user does."""

        def become():
            if inside:
                self._enter()
            self._become_nobody()

        environment = {"PATH": os.environ["PATH"]}
        if runtime_dir is not None:
            environment["XDG_RUNTIME_DIR"] = str(runtime_dir)
        return subprocess.run(
            [self.bin / "reeve", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
            cwd="/",
            env=environment,
            preexec_fn=become,
        )

    def _runtime_dir(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-run-"))
        self.addCleanup(shutil.rmtree, folder)
        os.chown(folder, NOBODY, NOBODY)
        return folder

    def _assert_refused(self, done, *words):
        self.assertEqual(done.returncode, 125, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_what_is_delegated_works(self):
        self._need_controllers()
        self._enable("memory", "pids")
        self._give_to_nobody()
        agent = self._nobodys_agent()

        agent.launch(
            "task",
            "--memory=128M",
            "--pids=16",
            "--",
            self.bin / "allocate",
            "--mib",
            32,
            "--hold",
            600,
        )

        self.assertEqual(own_cgroup(agent.pid), f"{self.top}/agent")
        task = agent.task("task")
        self.assertEqual(os.stat(f"/proc/{task['pid']}").st_uid, NOBODY)
        directory = self.folder / "reeve" / "task"
        self.assertEqual((directory / "memory.max").read_text(), f"{128 << 20}\n")
        self.assertEqual((directory / "memory.swap.max").read_text(), "0\n")
        self.assertGreater(
            agent.await_metric("reeve_task_memory_usage_bytes", task="task"), 0
        )
        self.assertIsNotNone(
            agent.await_metric("reeve_task_cpu_usage_seconds_total", task="task")
        )
        agent.must("update", "--memory=256M", "--pids=24", "task")
        self.assertEqual((directory / "memory.max").read_text(), f"{256 << 20}\n")
        for resource in ("memory", "pids"):
            self.assertEqual(
                agent.metric(
                    "reeve_limit_updates_total", resource=resource, result="success"
                ),
                1,
            )
        self.assertEqual(agent.metric("reeve_limit_update_duration_seconds_count"), 1)
        agent.must("stop", "--grace=0s", "task")
        self.assertEqual(agent.wait("task")["signal"], 9)
        eventually(lambda: not directory.exists(), what="the cgroup is removed")

        agent.launch("code", "--", self.bin / "exit_with", 7)
        self.assertEqual(agent.wait("code")["code"], 7)
        agent.launch("large", "--memory=32M", "--", self.bin / "allocate", "--mib", 128)
        self.assertTrue(agent.wait("large")["oom_killed"])

    def test_what_is_not_delegated_is_refused_by_name(self):
        self._need_controllers()
        self._enable("memory", "pids")
        self._give_to_nobody()
        agent = self._nobodys_agent()
        agent.launch("task", "--memory=64M", *SLEEP)

        def run(*arguments):
            return agent.reeve("run", "--detach", *arguments)

        self._assert_refused(
            run("--cpus=1", *SLEEP),
            f"cpu: it is not delegated to {self.top}: enable it in "
            f"{self.folder.parent}/cgroup.subtree_control, or by Delegate=cpu",
        )
        self._assert_refused(run("--cpu-shares=512", *SLEEP), "CPU shares", "cpu")
        self._assert_refused(agent.reeve("update", "--cpus=1", "task"), "Delegate=cpu")
        self._assert_refused(run("--user=root", *SLEEP), "root", f"user {NOBODY}")
        self._assert_refused(run("--user=1:1", *SLEEP), "1:1", f"user {NOBODY}")
        self.assertEqual([task["id"] for task in agent.tasks()], ["task"])
        self.assertEqual(
            [path.name for path in cgroups_below(agent.cgroup_parent)], ["task"]
        )
        self.assertEqual(
            agent.metric(
                "reeve_enforcement_degraded", controller="cpu", reason="not_delegated"
            ),
            1,
        )
        self.assertIsNone(
            agent.metric("reeve_enforcement_degraded", controller="memory")
        )
        self.assertIn("limits of cpu cannot be enforced", agent.log())

    def test_a_restarted_agent_goes_on_and_leaves_but_the_leaf(self):
        self._give_to_nobody()
        agent = self._nobodys_agent()
        # Who one is anyway can be named.
        agent.launch("task", f"--user={NOBODY}:{NOBODY}", *SLEEP)
        pid = agent.task("task")["pid"]
        self.assertEqual(os.stat(f"/proc/{pid}").st_uid, NOBODY)

        def become():
            self._enter("agent")
            self._become_nobody()

        agent.kill_and_restart(preexec_fn=become)

        self.assertEqual(own_cgroup(agent.pid), f"{self.top}/agent")
        self.assertEqual(agent.task("task")["pid"], pid)
        agent.must("stop", "--grace=0s", "task")
        self.assertEqual(agent.wait("task")["signal"], 9)
        agent.close()
        self.assertEqual(
            [path.name for path in self.folder.iterdir() if path.is_dir()], ["agent"]
        )

    def test_one_task_without_an_agent(self):
        self._give_to_nobody()

        done = self._as_nobody(
            "run", "--", self.bin / "exit_with", 7, runtime_dir=self._runtime_dir()
        )

        self.assertEqual(done.returncode, 7, done.stderr)

    def test_where_clients_and_agent_meet(self):
        self._give_to_nobody()
        runtime_dir = self._runtime_dir()

        done = self._as_nobody("ps", runtime_dir=runtime_dir)
        self._assert_refused(done, f"no agent at {runtime_dir}/reeve/reeve.sock")
        self._assert_refused(self._as_nobody("ps"), "XDG_RUNTIME_DIR", "--socket")
        self._assert_refused(self._as_nobody("agent"), "XDG_RUNTIME_DIR", "--state-dir")
        self._assert_refused(self._as_nobody("run", *TRUE), "XDG_RUNTIME_DIR")

    def test_without_a_cgroup_nothing_is_launched(self):
        done = self._as_nobody(
            "run", *TRUE, runtime_dir=self._runtime_dir(), inside=False
        )

        self._assert_refused(
            done, "no cgroup can be made below /reeve", "Delegate=yes", f"user {NOBODY}"
        )

    def test_from_outside_nobody_gets_in(self):
        self._give_to_nobody()

        done = self._as_nobody(
            "run",
            f"--cgroup-parent={self.top}/reeve",
            *TRUE,
            runtime_dir=self._runtime_dir(),
            inside=False,
        )

        self._assert_refused(
            done, "cgroup.procs", "start reeve inside of the delegated cgroup"
        )
        self.assertFalse((self.folder / "reeve").exists())

    def test_limits_on_v1_are_refused(self):
        if self.is_pure:
            self.skipTest("all controllers are on v2 here")
        self._give_to_nobody()
        agent = self._nobodys_agent()

        agent.launch("task", *SLEEP)
        done = agent.reeve("run", "--detach", "--memory=64M", *SLEEP)

        self._assert_refused(done, "memory", f"user {NOBODY} may not write to")
        self.assertEqual(
            own_cgroup(agent.task("task")["pid"]), f"{self.top}/reeve/task"
        )

    def test_doctor_tells_what_is_delegated(self):
        self._need_controllers()
        self._enable("memory", "pids")
        self._give_to_nobody()

        done = self._as_nobody(
            "doctor", "--json", runtime_dir=self._runtime_dir()
        )

        told = {one["name"]: one for one in json.loads(done.stdout)["controllers"]}
        self.assertTrue(told["memory"]["usable"], told)
        self.assertIn("memory.max", told["memory"]["limits"])
        self.assertEqual(told["cpu"]["reason"], "not_delegated")
        self.assertIn("Delegate=cpu", told["cpu"]["why"])


class DeepParentTest(AgentTest):
    """A parent that is not right below the root, in whatever hierarchies."""

    def setUp(self):
        super().setUp()
        self.agent.close()
        self.top = f"/reeve-e2e-{os.getpid()}-deep"
        self.addCleanup(remove_cgroups, self.top)
        self.agent = Agent(
            f"--cgroup-parent={self.top}/a/b", cgroup_parent=f"{self.top}/a/b"
        )
        self.addCleanup(self.agent.close)

    def test_every_level_is_made_and_removed(self):
        self.agent.launch(
            "task", "--memory=64M", "--cpus=0.5", "--pids=32", *SLEEP
        )
        pid = self.agent.task("task")["pid"]
        self.assertIn(
            f"{self.top}/a/b/task", pathlib.Path(f"/proc/{pid}/cgroup").read_text()
        )
        self.agent.must("update", "--memory=128M", "--cpus=1", "--pids=48", "task")

        self.agent.close()

        for root in cgroup_roots():
            self.assertFalse((root / self.top.lstrip("/")).exists(), root)


if __name__ == "__main__":
    unittest.main()
