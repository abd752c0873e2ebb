"""Tasks as files: what a directory of specs makes of an agent's tasks."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import REEVE, AgentTest, cgroup_roots, eventually, process_is_there

SLEEP = "command: [sleep, '3600']\n"
# Ends when it is killed, and not when it is asked to.
STUBBORN = "command: [sh, -c, 'trap \"\" INT; while :; do sleep 1; done']\n"


class TaskFilesTest(AgentTest):
    """An agent with a directory of specs, which is empty at first."""

    # Time must not do what inotify is there for.
    rescan_interval = "1h"

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-e2e-files-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.specs = self.folder / "tasks.d"
        self.specs.mkdir(mode=0o755)
        self.env_file = self.folder / "values.env"
        self.env_file.write_text("SECONDS=3600\n")
        self.agent_flags = (
            f"--tasks-dir={self.specs}",
            f"--tasks-env-file={self.env_file}",
            f"--tasks-rescan-interval={self.rescan_interval}",
        )
        super().setUp()

    def write(self, name, text):
        """Replaces a file as editors do: beside it, then renamed."""
        new = self.specs / f".{name}.tmp"
        new.write_text(text)
        new.rename(self.specs / name)

    def running(self, name):
        """The pid of a task that runs; 0 if it does not."""
        for task in self.agent.tasks():
            if task["id"] == name and task["state"] == "TASK_STATE_RUNNING":
                return task["pid"]
        return 0

    def await_running(self, name, other_than=0):
        def pid():
            found = self.running(name)
            return found if found != other_than else 0

        return int(eventually(pid, 20, f"task {name} runs"))

    def await_files(self, applied, failed):
        def are_so():
            return (
                self.agent.metric("reeve_task_files", state="applied") == applied
                and self.agent.metric("reeve_task_files", state="failed") == failed
            )

        eventually(are_so, 20, f"{applied} files applied and {failed} failed")

    def await_gone(self, name):
        eventually(
            lambda: name not in [task["id"] for task in self.agent.tasks()],
            30,
            f"task {name} is gone",
        )

    def events(self, kind):
        text = self.agent.must("events", "--json", "--type", kind)
        return [json.loads(line) for line in text.splitlines()]

    def limit_file(self, name, v1, v2):
        """What the kernel says of a limit of a task."""
        cgroup = f"{self.agent.cgroup_parent}/{name}".lstrip("/")
        for root in cgroup_roots():
            for file in (v1, v2):
                path = root / cgroup / file
                if path.exists():
                    return path.read_text().strip()
        raise AssertionError(f"no limit file of {name}")

    def pids_limit(self, name):
        return self.limit_file(name, "pids.max", "pids.max")


class LiveDirectoryTest(TaskFilesTest):
    def test_a_file_is_a_task_from_its_first_to_its_last_version(self):
        self.write("web.yaml", SLEEP + "limits: {pids: 20, memory_bytes: 64M}\n")

        pid = self.await_running("web")
        self.assertEqual(self.pids_limit("web"), "20")
        detail = self.agent.inspect("web")
        self.assertEqual(detail["spec"]["origin"], f"tasks-dir:{self.specs}/web.yaml")
        self.assertEqual(detail["spec"]["limits"]["memory_bytes"], str(64 << 20))
        self.assertIn("tasks-dir:", self.agent.must("inspect", "web"))
        self.await_files(applied=1, failed=0)

        # Limits change while it runs; one that is left out is lifted.
        self.write("web.yaml", SLEEP + "limits: {memory_bytes: 96M}\n")

        eventually(lambda: self.pids_limit("web") == "max", 20, "no pids limit")
        memory = self.limit_file("web", "memory.limit_in_bytes", "memory.max")
        self.assertEqual(memory, str(96 << 20))
        self.assertEqual(self.running("web"), pid)

        # A comment changes nothing; the next file tells when it was looked at.
        self.write("web.yaml", "# the web\n" + SLEEP + "limits: {memory_bytes: 96M}\n")
        self.write("mark.yaml", SLEEP)
        self.await_running("mark")
        self.assertEqual(self.running("web"), pid)

        # Anything else is a restart.
        self.write("web.yaml", SLEEP + "env: {A: b}\nlimits: {memory_bytes: 96M}\n")

        after = self.await_running("web", other_than=pid)
        self.assertFalse(process_is_there(pid))
        environ = pathlib.Path(f"/proc/{after}/environ").read_bytes()
        self.assertIn(b"A=b\0", environ)

        (self.specs / "web.yaml").unlink()

        self.await_gone("web")
        self.assertFalse(process_is_there(after))
        self.assertTrue(self.running("mark"))
        self.await_files(applied=1, failed=0)
        actions = [
            event["attributes"]["action"]
            for event in self.events("task_file_applied")
            if event["task"] == "web"
        ]
        self.assertEqual(actions, ["launch", "update", "restart", "stop"])

        # What was made and removed can be made again.
        self.write("web.yaml", SLEEP)
        self.await_running("web")

    def test_a_bad_file_harms_nothing_and_is_told(self):
        self.write("web.yaml", SLEEP + "limits: {pids: 20}\n")
        pid = self.await_running("web")

        self.write("web.yaml", SLEEP + "limits: {pids: 20}\nmemory: 64M\n")
        self.write("new.yaml", "command: [sleep\n")
        self.await_files(applied=0, failed=2)

        self.assertEqual(self.running("web"), pid)
        self.assertEqual(
            self.agent.metric(
                "reeve_task_file_failed", file="web.yaml", reason="invalid"
            ),
            1,
        )
        (event,) = [
            event
            for event in self.events("task_file_failed")
            if event["attributes"]["file"] == "web.yaml"
        ]
        self.assertEqual(event["attributes"]["reason"], "invalid")
        self.assertIn("line 3: memory: there is no such field", str(event))
        self.assertIn("web.yaml: not a task spec: line 3: memory", self.agent.log())

        self.write("web.yaml", SLEEP + "limits: {pids: 21}\n")
        (self.specs / "new.yaml").unlink()

        self.await_files(applied=1, failed=0)
        self.assertEqual(self.pids_limit("web"), "21")
        self.assertEqual(self.running("web"), pid)

    def test_a_task_goes_on_when_its_new_version_could_not_run(self):
        self.write("web.yaml", SLEEP)
        pid = self.await_running("web")
        for text, why in (
            ("command: [/no/such/program]\n", "program /no/such/program not found"),
            (SLEEP + "user: nobodyatall\n", "nobodyatall"),
            (SLEEP + "cwd: /no/such\n", "/no/such"),
            (SLEEP + "tty: true\nlimits: {cpuset_cpus: '4000'}\n", "4000"),
        ):
            with self.subTest(text):
                self.write("web.yaml", text)

                eventually(
                    lambda why=why: why in str(self.events("task_file_failed")),
                    20,
                    "it is told",
                )
                self.await_files(applied=0, failed=1)
                self.assertEqual(self.running("web"), pid)
                self.assertIn("web.yaml: launch of task web: ", self.agent.log())

        self.write("web.yaml", SLEEP)
        self.await_files(applied=1, failed=0)
        self.assertEqual(self.running("web"), pid)
        self.assertEqual(self.events("stopping"), [])

    def test_a_file_says_how_its_task_is_stopped(self):
        self.write("web.yaml", SLEEP)
        self.write("db.yaml", SLEEP)
        pid = self.await_running("web")
        self.await_running("db")

        self.write("web.yaml", SLEEP + "stop_signal: TERM\nstop_grace_usec: 45s\n")

        eventually(
            lambda: self.agent.inspect("web")["spec"]["stop_grace_usec"] == "45000000",
            20,
            "the grace is changed",
        )
        self.assertEqual(self.running("web"), pid)
        self.assertRegex(self.agent.must("inspect", "web"), r"stop signal +SIGTERM\n")
        (self.specs / "web.yaml").unlink()
        (self.specs / "db.yaml").unlink()
        self.await_gone("web")
        self.await_gone("db")
        stops = {
            event["task"]: (event["attributes"]["signal"], event["attributes"]["grace"])
            for event in self.events("stopping")
        }
        self.assertEqual(stops, {"web": ("SIGTERM", "45s"), "db": ("SIGINT", "10s")})

    def test_a_task_that_is_down_for_good_is_told(self):
        self.write("bad.yaml", "command: [sh, -c, exit 3]\n")
        self.write("good.yaml", "command: ['true']\n")
        self.write("ended.yaml", SLEEP)
        self.await_running("ended")
        self.agent.must("stop", "ended")

        self.agent.await_value(
            1, "reeve_task_file_task_failed", file="bad.yaml", task="bad"
        )
        self.await_files(applied=3, failed=0)
        for name in ("good", "ended"):
            self.assertIsNone(
                self.agent.metric("reeve_task_file_task_failed", task=name)
            )
        self.agent.kill_and_restart()
        self.agent.await_value(1, "reeve_task_file_task_failed", task="bad")
        self.assertIsNone(
            self.agent.metric("reeve_task_file_task_failed", task="ended")
        )

        self.agent.must("stop", "bad")

        def is_silent():
            return self.agent.metric("reeve_task_file_task_failed", task="bad") is None

        eventually(is_silent, 20, "what was stopped is told no more")

    def test_a_task_by_hand_is_left_alone(self):
        self.agent.launch("web", "--", "sleep", "3600")
        pid = self.running("web")

        self.write("web.yaml", "command: [sleep, '1800']\n")
        self.await_files(applied=0, failed=1)

        self.assertEqual(self.running("web"), pid)
        self.assertEqual(
            self.agent.metric(
                "reeve_task_file_failed", file="web.yaml", reason="conflict"
            ),
            1,
        )
        (self.specs / "web.yaml").unlink()
        self.write("mark.yaml", SLEEP)
        self.await_running("mark")
        self.assertEqual(self.running("web"), pid)

    def test_what_is_no_spec_is_no_task(self):
        for name in (".web.yaml", "web.yaml~", "web.yaml.dpkg-dist", "README"):
            (self.specs / name).write_text(SLEEP)
        os.mkfifo(self.specs / "fifo.yaml")
        (self.specs / "large.yaml").write_text(SLEEP + "#" * (300 << 10))
        (self.specs / "gone.yaml").symlink_to(self.folder / "nowhere.yaml")
        elsewhere = self.folder / "elsewhere.yaml"
        elsewhere.write_text(SLEEP)
        elsewhere.chmod(0o644)
        (self.specs / "linked.yaml").symlink_to(elsewhere)
        self.write("theirs.yaml", SLEEP)
        (self.specs / "theirs.yaml").chmod(0o666)

        self.await_running("linked")
        self.await_files(applied=1, failed=4)

        self.assertEqual([task["id"] for task in self.agent.tasks()], ["linked"])
        failed = {
            sample.labels["file"]: sample.labels["reason"]
            for sample in self.agent.metrics()
            if sample.name == "reeve_task_file_failed"
        }
        self.assertEqual(
            failed,
            dict.fromkeys(
                ("fifo.yaml", "large.yaml", "gone.yaml", "theirs.yaml"), "unreadable"
            ),
        )

    def test_what_is_told_of_odd_names_is_text_and_one_line(self):
        with open(os.fsencode(self.specs) + b"/\xff\n.yaml", "wb") as file:
            file.write(b"id: odd\n" + SLEEP.encode())
        self.write("c\nd.yaml", SLEEP + "memory: 5\n")
        self.await_files(applied=0, failed=2)
        self.write("web.yaml", SLEEP)
        self.await_running("web")
        self.await_files(applied=1, failed=2)

        files = {
            event["attributes"]["file"] for event in self.events("task_file_failed")
        }

        self.assertTrue(
            {"\\xff\\x0a.yaml", "c\\x0ad.yaml"}.issubset(files), files
        )
        # It comes after them.
        self.assertTrue(self.events("task_file_applied"))
        for line in self.agent.log().splitlines():
            self.assertFalse(line.startswith(("d.yaml", ".yaml")), line)

    def test_values_that_others_may_write_are_not_used(self):
        own = self.specs / "own.env"
        own.write_text("A=b\n")
        own.chmod(0o666)
        self.write("web.yaml", "env_file: own.env\n" + SLEEP)
        self.await_files(applied=0, failed=1)
        self.assertIn("own.env: others than its owner", self.agent.log())
        own.chmod(0o644)
        self.await_running("web")

        self.env_file.chmod(0o666)
        self.write("db.yaml", SLEEP)

        eventually(
            lambda: self.agent.metric("reeve_task_files_readable") == 0,
            20,
            "the values are not used",
        )
        self.assertIn("values.env: others than its owner", self.agent.log())
        self.assertFalse(self.running("db"))

    def test_a_file_that_is_being_written_is_waited_for(self):
        with open(self.specs / "web.yaml", "w", encoding="utf-8") as file:
            file.write(SLEEP)
            file.flush()
            self.write("mark.yaml", SLEEP)
            self.await_running("mark")
            half = self.agent.tasks()
            file.write("limits: {pids: 20}\n")

        self.await_running("web")

        self.assertEqual([task["id"] for task in half], ["mark"])
        self.assertEqual(self.pids_limit("web"), "20")
        started = [event["task"] for event in self.events("started")]
        self.assertEqual(started, ["mark", "web"])

    def test_values_come_from_env_files(self):
        (self.specs / "own.env").write_text("PIDS=30\n")
        self.write(
            "web.yaml",
            "env_file: own.env\n"
            "command: [sleep, '${SECONDS}']\n"
            "env: ['A=${UNSET:-default}', 'B=$${SECONDS}']\n"
            "limits: {pids: '${PIDS}'}\n",
        )
        self.write("bad.yaml", "command:\n- sleep\n- ${NOBODY}\n")

        pid = self.await_running("web")
        self.await_files(applied=1, failed=1)

        cmdline = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        self.assertEqual(cmdline.split(b"\0")[1:], [b"3600", b""])
        environ = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        self.assertIn(b"A=default", environ)
        self.assertIn(b"B=${SECONDS}", environ)
        self.assertIn("bad.yaml: not a task spec: line 3: NOBODY", self.agent.log())

        (self.specs / "own.env").write_text("PIDS=31\n")

        eventually(lambda: self.pids_limit("web") == "31", 20, "the new value")
        self.assertEqual(self.running("web"), pid)

    def test_a_task_that_ends_is_not_started_again(self):
        self.write("job.yaml", "command: ['true']\n")
        eventually(
            lambda: [task for task in self.agent.tasks() if "exit" in task],
            20,
            "the job has ended",
        )
        self.write("mark.yaml", SLEEP)
        self.await_running("mark")
        self.agent.kill_and_restart()
        self.write("mark2.yaml", SLEEP)
        self.await_running("mark2")

        # An agent that starts anew finds it as it was.
        self.assertEqual(self.agent.task("job")["state"], "TASK_STATE_EXITED")
        self.write("job.yaml", "command: [sleep, '3600']\n")
        self.await_running("job")


class NextAgentTest(TaskFilesTest):
    def test_all_start_in_their_order(self):
        for name, after in (("a", "[c, b]"), ("b", "[c]"), ("c", "[]"), ("d", "[a]")):
            self.write(f"{name}.yaml", SLEEP + f"after: {after}\n")
        self.write("loop.yaml", SLEEP + "after: [pool]\n")
        self.write("pool.json", '{"command": ["sleep", "9"], "after": ["loop"]}')
        self.write("lost.yaml", SLEEP + "after: [nobody]\n")
        # As a whole, and not one by one.
        self.agent.kill_and_restart()
        self.await_files(applied=4, failed=3)
        os.kill(self.agent.pid, 9)
        for name, after in (("a", "[c, b]"), ("b", "[c]"), ("c", "[]"), ("d", "[a]")):
            self.write(f"{name}.yaml", SLEEP + f"after: {after}\nenv: {{A: b}}\n")

        self.agent.kill_and_restart()
        self.await_files(applied=4, failed=3)

        started = [event["task"] for event in self.events("started")]
        self.assertEqual(started, ["c", "b", "a", "d"])
        reasons = {
            sample.labels["file"]: sample.labels["reason"]
            for sample in self.agent.metrics()
            if sample.name == "reeve_task_file_failed"
        }
        self.assertEqual(
            reasons,
            {"loop.yaml": "order", "pool.json": "order", "lost.yaml": "order"},
        )
        self.assertIn("there is no task nobody", self.agent.log())

    def test_what_changed_while_no_agent_ran_is_applied(self):
        for name in ("same", "limits", "program", "removed"):
            self.write(f"{name}.yaml", SLEEP + "limits: {pids: 20}\n")
        pids = {
            name: self.await_running(name)
            for name in ("same", "limits", "program", "removed")
        }
        self.agent.launch("mine", "--", "sleep", "3600")
        mine = self.running("mine")
        os.kill(self.agent.pid, 9)
        self.write("limits.yaml", SLEEP + "limits: {pids: 21}\n")
        self.write("program.yaml", "command: [sleep, '1800']\nlimits: {pids: 20}\n")
        (self.specs / "removed.yaml").unlink()

        self.agent.kill_and_restart()
        self.await_gone("removed")
        self.await_running("program", other_than=pids["program"])

        self.await_files(applied=3, failed=0)
        self.assertEqual(self.running("same"), pids["same"])
        self.assertEqual(self.running("limits"), pids["limits"])
        self.assertEqual(self.pids_limit("limits"), "21")
        self.assertEqual(self.running("mine"), mine)
        self.assertFalse(process_is_there(pids["removed"]))

    def test_a_restart_that_was_cut_short_is_finished_by_the_next_agent(self):
        self.write("web.yaml", STUBBORN)
        pid = self.await_running("web")
        self.write("web.yaml", SLEEP + "env: {A: b}\n")
        eventually(lambda: self.events("stopping"), 20, "the stop has begun")

        self.agent.kill_and_restart()

        after = self.await_running("web", other_than=pid)
        self.assertFalse(process_is_there(pid))
        environ = pathlib.Path(f"/proc/{after}/environ").read_bytes()
        self.assertIn(b"A=b\0", environ)
        self.await_files(applied=1, failed=0)

    def test_a_stop_whose_file_is_put_back_meanwhile_ends_in_a_launch(self):
        self.write("web.yaml", STUBBORN)
        self.write("db.yaml", STUBBORN)
        pids = {name: self.await_running(name) for name in ("web", "db")}
        self.write("web.yaml", STUBBORN + "env: {A: b}\n")
        (self.specs / "db.yaml").unlink()
        eventually(lambda: len(self.events("stopping")) == 2, 20, "both are stopped")
        os.kill(self.agent.pid, 9)
        self.write("web.yaml", STUBBORN)
        self.write("db.yaml", STUBBORN)
        # One has ended before the next agent looks, the other has not.
        os.kill(pids["db"], 9)

        self.agent.kill_and_restart()

        for name, before in pids.items():
            self.await_running(name, other_than=before)
        self.await_files(applied=2, failed=0)
        self.assertFalse(process_is_there(pids["web"]))

    def test_what_was_done_since_a_file_changed_stays(self):
        self.write("web.yaml", SLEEP + "limits: {pids: 20}\n")
        self.write("stopped.yaml", SLEEP)
        self.write("removed.yaml", SLEEP)
        pid = self.await_running("web")
        for name in ("stopped", "removed"):
            self.await_running(name)
            self.agent.must("stop", "--grace=0s", name)
        self.agent.must("rm", "removed")
        self.agent.must("update", "web", "--pids=21")

        self.agent.kill_and_restart()
        self.await_files(applied=3, failed=0)

        self.assertEqual(self.running("web"), pid)
        self.assertEqual(self.pids_limit("web"), "21")
        self.assertEqual(self.agent.task("stopped")["state"], "TASK_STATE_EXITED")
        self.assertNotIn("removed", [task["id"] for task in self.agent.tasks()])

        self.write("removed.yaml", SLEEP + "env: {A: b}\n")
        self.await_running("removed")

    def test_a_renamed_file_and_a_directory_of_another_name(self):
        self.write("web.yml", SLEEP)
        self.write("db.yaml", SLEEP)
        self.write("old.yaml", SLEEP)
        pids = {name: self.await_running(name) for name in ("web", "db", "old")}
        (self.specs / "web.yml").rename(self.specs / "web.yaml")
        self.write("mark.yaml", SLEEP)
        self.await_running("mark")
        link = self.folder / "link"
        link.symlink_to(self.specs)
        os.kill(self.agent.pid, 9)
        self.write("web.yaml", "command: [sleep\n")
        (self.specs / "old.yaml").unlink()

        self.agent.kill_and_restart(f"--tasks-dir={link}/./")
        self.await_gone("old")
        self.await_files(applied=2, failed=1)
        self.assertEqual(self.running("web"), pids["web"])
        self.assertEqual(self.running("db"), pids["db"])
        os.kill(self.agent.pid, 9)
        moved = self.folder / "moved.d"
        self.specs.rename(moved)
        (moved / "db.yaml").unlink()

        self.agent.kill_and_restart(f"--tasks-dir={moved}")

        self.await_gone("db")
        self.assertEqual(self.running("web"), pids["web"])

    def test_a_stop_that_is_given_up_on_the_way_out_is_finished(self):
        self.write("web.yaml", STUBBORN)
        pid = self.await_running("web")
        (self.specs / "web.yaml").unlink()
        eventually(lambda: self.events("stopping"), 20, "the stop has begun")

        self.assertEqual(self.agent.end(), 0)

        # It has not waited for the task, which nobody kills now.
        self.assertTrue(process_is_there(pid))
        self.agent.kill_and_restart()
        # What is given up on the way out is no error of a file.
        self.assertNotIn("task file not applied", self.agent.log())
        self.await_gone("web")

    def test_a_directory_that_is_gone_stops_nothing(self):
        self.write("web.yaml", SLEEP)
        pid = self.await_running("web")
        moved = self.folder / "moved"

        self.specs.rename(moved)
        eventually(
            lambda: self.agent.metric("reeve_task_files_readable") == 0,
            20,
            "the directory is missed",
        )

        self.assertEqual(self.running("web"), pid)
        self.assertIn("task files are left as they are", self.agent.log())


class RescanTest(TaskFilesTest):
    rescan_interval = "300ms"

    def test_what_nobody_tells_of_is_found(self):
        target = self.folder / "web.yaml"
        target.write_text(SLEEP + "limits: {pids: 20}\n")
        target.chmod(0o644)
        (self.specs / "web.yaml").symlink_to(target)
        pid = self.await_running("web")

        target.write_text(SLEEP + "limits: {pids: 21}\n")

        eventually(lambda: self.pids_limit("web") == "21", 20, "the new limit")
        self.assertEqual(self.running("web"), pid)


class ApplyTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.folder = self.agent.folder / "specs"
        self.folder.mkdir()

    def test_apply_shows_and_does_the_same(self):
        web = self.folder / "web.yaml"
        web.write_text(SLEEP + "limits: {pids: 20}\n")
        (self.folder / "db.yml").write_text(SLEEP)
        (self.folder / "old.json").write_text('{"command": ["sleep", "9999"]}')

        shown = self.agent.must("apply", "--dry-run", "-f", self.folder)
        self.assertEqual(
            shown, "db: launch\nold: launch\nweb: launch\ndry run: nothing was done\n"
        )
        self.assertEqual(self.agent.tasks(), [])
        done = self.agent.must("apply", "-f", self.folder)
        self.assertEqual(done, "db: launch\nold: launch\nweb: launch\n")
        pids = {task["id"]: task["pid"] for task in self.agent.tasks()}
        self.assertEqual(
            self.agent.task("web")["origin"], f"apply:{self.folder}/web.yaml"
        )
        self.assertEqual(
            self.agent.must("apply", "-f", self.folder),
            "db: unchanged\nold: unchanged\nweb: unchanged\n",
        )

        web.write_text(SLEEP + "limits: {pids: 21, memory_bytes: 64M}\n")
        (self.folder / "db.yml").write_text("command: [sleep, '1800']\n")
        (self.folder / "old.json").unlink()
        wanted = (
            "db: restart: command changed\n"
            "web: update limits.memory_bytes: unset -> 64M, limits.pids: 20 -> 21\n"
        )

        self.assertEqual(self.agent.must("apply", "-f", self.folder), wanted)
        self.assertEqual(self.agent.task("web")["pid"], pids["web"])
        self.assertNotEqual(self.agent.task("db")["pid"], pids["db"])
        self.assertEqual(self.agent.task("old")["pid"], pids["old"])
        pruned = self.agent.must("apply", "--prune", "-f", self.folder)
        self.assertEqual(
            pruned, "old: stop: no file wants it\ndb: unchanged\nweb: unchanged\n"
        )
        self.assertEqual([task["id"] for task in self.agent.tasks()], ["db", "web"])

        # One that has ended is launched again.
        self.agent.must("stop", "--grace=0s", "web")
        self.assertEqual(
            self.agent.must("apply", "-f", web), "web: launch: it has exited\n"
        )

    def test_json_tells_all_of_it(self):
        web = self.folder / "web.yaml"
        web.write_text(SLEEP + "limits: {pids: 20}\n")
        self.agent.must("apply", "-f", web)
        web.write_text(SLEEP + "limits: {pids: 21}\n")

        report = json.loads(self.agent.must("apply", "--json", "--dry-run", "-f", web))

        self.assertTrue(report["dry_run"])
        (step,) = report["steps"]
        self.assertEqual((step["id"], step["action"]), ("web", "update"))
        self.assertEqual(
            step["changes"], [{"field": "limits.pids", "from": "20", "to": "21"}]
        )

    def test_what_cannot_be_applied_is_said_and_the_rest_is_done(self):
        self.agent.launch("mine", "--", "sleep", "3600")
        (self.folder / "mine.yaml").write_text(SLEEP)
        (self.folder / "bad.yaml").write_text("command: sleep\n")
        (self.folder / "none.yaml").write_text("command: [/no/such/program]\n")
        (self.folder / "good.yaml").write_text(SLEEP)

        told = self.agent.reeve("apply", "-f", self.folder)

        self.assertEqual(told.returncode, 125)
        self.assertEqual(told.stdout, "good: launch\n")
        self.assertIn("line 1: command: give a list, not a plain value", told.stderr)
        self.assertIn("task mine was launched by hand and is left alone", told.stderr)
        self.assertIn("/no/such/program", told.stderr)
        self.assertEqual(len(told.stderr.splitlines()), 3)
        for arguments, text in (
            ((), "use -f FILE|DIR"),
            (("-f", self.folder / "nothing.yaml"), "cannot be read"),
            (("-f", self.folder / "good.yaml", "--prune"), "needs a directory"),
            (("-f", self.folder, "--env-file", "/no/values"), "/no/values"),
        ):
            told = self.agent.reeve("apply", *arguments)
            self.assertEqual((told.returncode, told.stdout), (125, ""), arguments)
            self.assertIn(text, told.stderr)
            self.assertEqual(len(told.stderr.splitlines()), 1)

    def test_what_would_be_refused_is_shown_and_harms_nothing(self):
        web = self.folder / "web.yaml"
        web.write_text(SLEEP)
        self.agent.must("apply", "-f", web)
        pid = self.agent.task("web")["pid"]
        web.write_text(SLEEP + "user: nobodyatall\n")

        for flags in (("--dry-run",), ()):
            told = self.agent.reeve("apply", "-f", web, *flags)
            self.assertEqual(told.returncode, 125)
            self.assertIn("launch of task web: ", told.stderr)
            self.assertIn("nobodyatall", told.stderr)
        self.assertEqual(self.agent.task("web")["pid"], pid)

    def test_pruning_knows_the_directory_by_any_name(self):
        (self.folder / "web.yaml").write_text(SLEEP)
        (self.folder / "old.yaml").write_text(SLEEP)
        self.agent.must("apply", "-f", self.folder)
        (self.folder / "old.yaml").unlink()
        link = self.agent.folder / "link"
        link.symlink_to(self.folder)

        pruned = self.agent.must("apply", "--prune", "-f", link)

        self.assertEqual(pruned, "old: stop: no file wants it\nweb: unchanged\n")

    def test_run_takes_yaml_too(self):
        web = self.folder / "web.yaml"
        web.write_text(SLEEP + "limits: {pids: 20}\n")

        self.agent.must("run", "--detach", "--id", "one", "-f", web)

        spec = self.agent.inspect("one")["spec"]
        self.assertEqual(spec["limits"]["pids"], "20")
        self.assertEqual(spec["origin"], "")


class WrongStartTest(unittest.TestCase):
    """Refused before anything is made."""

    def test_what_cannot_be_used_is_refused(self):
        with tempfile.TemporaryDirectory(prefix="reeve-e2e-files-") as folder:
            open_to_all = pathlib.Path(folder) / "open"
            open_to_all.mkdir()
            open_to_all.chmod(0o777)
            for flags, text in (
                (("--tasks-dir=/no/such",), "--tasks-dir: "),
                (("--tasks-dir=relative",), "use an absolute path"),
                (("--tasks-dir=/",), "below /"),
                ((f"--tasks-dir={open_to_all}",), "chmod go-w"),
                (
                    ("--tasks-dir=/etc", "--tasks-env-file=/no/values"),
                    "--tasks-env-file: ",
                ),
            ):
                state = pathlib.Path(folder) / "state"
                told = subprocess.run(
                    [
                        REEVE,
                        "agent",
                        f"--state-dir={state}",
                        "--web.listen-address=",
                        *flags,
                    ],
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=60,
                )
                self.assertEqual(told.returncode, 125, told.stderr)
                self.assertIn(text, told.stderr)
                self.assertFalse(state.exists())


if __name__ == "__main__":
    unittest.main()
