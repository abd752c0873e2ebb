"""Streams that the shim holds: rotated logs, and clients that come and go."""

import hashlib
import os
import pathlib
import signal
import subprocess
import unittest

from harness import REEVE, SLOWNESS, AgentTest, eventually


class LogTest(AgentTest):
    def _folder(self):
        return self.agent.state_dir / "tasks"

    def test_a_detached_task_logs_to_its_state_directory(self):
        script = "echo out; echo err >&2; exit 3"
        self.agent.launch("t", "--", "/bin/sh", "-c", script)
        self.assertEqual(self.agent.wait("t")["code"], 3)

        done = self.agent.reeve("logs", "t")

        self.assertEqual(done.returncode, 0)
        self.assertEqual((done.stdout, done.stderr), ("out\n", "err\n"))
        log = self._folder() / "t" / "stdout.log"
        self.assertEqual(log.stat().st_mode & 0o777, 0o640)

    def test_dev_null_turns_the_log_off(self):
        self.agent.launch(
            "t", "--stdout=/dev/null", "--stderr=/dev/null", "--", "/bin/echo", "x"
        )
        self.agent.wait("t")

        done = self.agent.reeve("logs", "t")

        self.assertEqual(done.returncode, 125)
        self.assertIn("has no log files", done.stderr)

    def test_files_are_rotated_and_read_back_in_order(self):
        out = self.agent.folder / "out"
        script = "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done"
        self.agent.launch(
            "t",
            f"--stdout={out}",
            "--log-max-size=8K",
            "--log-max-files=4",
            "--",
            "/bin/sh",
            "-c",
            script,
        )
        self.assertEqual(self.agent.wait("t")["code"], 0)

        files = sorted(path.name for path in self.agent.folder.glob("out*"))
        self.assertEqual(files, ["out", "out.1", "out.2", "out.3"])
        for name in files:
            text = (self.agent.folder / name).read_text()
            self.assertLessEqual(len(text), 8192)
            self.assertTrue(text.endswith("\n"), name)
        lines = self.agent.must("logs", "t").splitlines()
        first = int(lines[0].split()[1])
        self.assertGreater(first, 0)
        self.assertEqual(lines, [f"line {i}" for i in range(first, 5000)])
        tail = self.agent.must("logs", "--tail", 5, "t").splitlines()
        self.assertEqual(tail, lines[-5:])

    def test_follow_misses_nothing_across_rotations(self):
        script = (
            "i=0; while [ $i -lt 400 ]; do echo line $i;"
            " i=$((i+1)); [ $((i % 40)) = 0 ] && sleep 0.1; done; true"
        )
        self.agent.launch(
            "t", "--log-max-size=4K", "--log-max-files=20", "--", "/bin/sh", "-c",
            script,
        )

        lines = self.agent.must("logs", "-f", "t").splitlines()

        self.assertEqual(lines, [f"line {i}" for i in range(400)])

    def test_a_symlink_is_refused_before_anything_is_made(self):
        target = self.agent.folder / "target"
        target.write_text("")
        link = self.agent.folder / "link"
        link.symlink_to(target)

        done = self.agent.reeve(
            "run", "--detach", "--id=t", f"--stdout={link}", "--log-max-size=8K",
            "--", "/bin/echo", "x",
        )

        self.assertEqual(done.returncode, 125)
        self.assertIn("symbolic link", done.stderr)
        self.assertEqual(target.read_text(), "")
        self.assertEqual(self.agent.tasks(), [])
        self.assertFalse((self._folder() / "t").exists())

    def test_what_does_not_go_together_is_refused(self):
        for flags, word in (
            (["--log-max-size=1K"], "4096"),
            (["--log-max-size=8K"], "give stdout or stderr a file"),
            (["--log-max-files=3"], "give the size"),
            (["--log-max-files=101"], "1 to 100"),
            (["-t", "--stderr=/tmp/x"], "terminal"),
        ):
            done = self.agent.reeve("run", *flags, "--", "/bin/true")
            self.assertEqual(done.returncode, 125, flags)
            self.assertIn(word, done.stderr)

    def test_a_full_file_system_loses_output_and_no_more(self):
        # A file system of its own, which only this agent sees.
        folder = self.agent.folder / "small"
        folder.mkdir()
        self._remount(folder)
        out = pathlib.Path(f"/proc/{self.agent.pid}/root") / str(folder)[1:] / "out"
        script = (
            "head -c 3000000 /dev/zero | tr '\\0' x; echo; touch done;"
            " while [ ! -e go ]; do sleep 0.05; done; echo again"
        )

        self.agent.launch(
            "t", f"--cwd={self.agent.folder}", f"--stdout={folder}/out",
            "--log-max-size=64M", "--", "/bin/sh", "-c", script,
        )
        eventually((self.agent.folder / "done").exists, what="the task goes on")
        self.assertLess(out.stat().st_size, 3000000)
        os.truncate(out, 0)
        (self.agent.folder / "go").touch()

        self.assertEqual(self.agent.wait("t")["code"], 0)
        self.assertEqual(out.read_text(), "again\n")
        shim_log = (self._folder() / "t" / "shim.log").read_text()
        self.assertEqual(shim_log.count("output is lost"), 1)
        self.assertIn("bytes of output lost", shim_log)

    def _remount(self, folder):
        """Restarts the agent in a mount namespace with a file system of 1 MiB."""
        agent = self.agent
        mount = f"mount -t tmpfs -o size=1M none {folder} && exec \"$@\""
        command = ["unshare", "-m", "--propagation=private", "sh", "-c", mount, "sh"]
        agent._command = [*command, *agent._command]
        agent.kill_and_restart()


class AttachTest(AgentTest):
    def _begin(self, command, *arguments, **options):
        """A command of reeve with pipes, ended with the test."""
        process = subprocess.Popen(
            self.agent._command_line(command, arguments),
            stdin=options.pop("stdin", subprocess.PIPE),
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            **options,
        )

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def _launch_cat(self):
        self.agent.launch("cat", "-i", "--", "/bin/cat")

    def _private_kib(self, name):
        pid = self.agent.inspect(name)["shim_pid"]
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        return sum(
            int(line.split()[1])
            for line in text.splitlines()
            if line.startswith("Private_")
        )

    def test_an_idle_shim_weighs_little(self):
        self._launch_cat()

        self.assertLessEqual(self._private_kib("cat"), 200)

    def test_interactive_input_ends_that_of_the_task(self):
        done = subprocess.run(
            self.agent._command_line(
                "run", ["-i", "--", "/bin/sh", "-c", "cat; exit 7"]
            ),
            input=b"hello\n",
            capture_output=True,
            timeout=60 * SLOWNESS,
            check=False,
        )

        self.assertEqual((done.returncode, done.stdout), (7, b"hello\n"), done.stderr)

    def test_a_task_whose_output_nobody_takes_ends(self):
        client = self._begin("run", "-i", "--", "/usr/bin/yes")
        client.stdout.readline()

        client.stdout.close()

        self.assertEqual(client.wait(30 * SLOWNESS), 128 + signal.SIGPIPE)
        client.stdout = None

    def test_interactive_works_without_an_agent(self):
        done = subprocess.run(
            [REEVE, "run", f"--state-dir={self.agent.folder}/other",
             f"--cgroup-parent={self.agent.cgroup_parent}", "-i", "--", "/bin/cat"],
            input=b"alone\n",
            capture_output=True,
            timeout=60 * SLOWNESS,
            check=False,
        )

        self.assertEqual((done.returncode, done.stdout), (0, b"alone\n"), done.stderr)

    def test_100_mib_come_back_byte_for_byte(self):
        self._launch_cat()
        size = 100 << 20
        source = self.agent.folder / "source"
        with open(source, "wb") as file:
            for _ in range(100):
                file.write(os.urandom(1 << 20))
        with open(source, "rb") as file:
            client = self._begin("attach", "cat", stdin=file)
        received = hashlib.sha256()
        count = 0
        while count < size:
            block = client.stdout.read1(1 << 20)
            self.assertTrue(block, client.stderr)
            received.update(block)
            count += len(block)

        sent = hashlib.sha256(source.read_bytes())
        self.assertEqual(received.digest(), sent.digest())
        self.assertLessEqual(self._private_kib("cat"), 200)

    def test_two_clients_see_the_same_and_one_may_vanish(self):
        self._launch_cat()
        one = self._begin("attach", "cat")
        two = self._begin("attach", "cat")
        self._await_clients("cat", 2)
        one.stdin.write(b"from one\n")
        one.stdin.flush()
        self.assertEqual(one.stdout.readline(), b"from one\n")
        self.assertEqual(two.stdout.readline(), b"from one\n")

        one.kill()
        one.wait()
        two.stdin.write(b"from two\n")
        two.stdin.flush()

        self.assertEqual(two.stdout.readline(), b"from two\n")

    def _await_clients(self, name, count):
        """Each client is a pipe for its input, of which the shim reads."""
        pid = self.agent.inspect(name)["shim_pid"]

        def clients():
            fds = pathlib.Path(f"/proc/{pid}/fd")
            pipes = 0
            for fd in fds.iterdir():
                if os.readlink(fd).startswith("pipe:"):
                    pipes += 1
            # The task has three.
            return pipes - 3 >= 3 * count

        eventually(clients, what=f"{count} clients")

    def test_a_fifth_client_is_refused(self):
        self._launch_cat()
        clients = [self._begin("attach", "cat") for _ in range(4)]
        self._await_clients("cat", 4)

        done = self.agent.reeve("attach", "cat")

        self.assertEqual(done.returncode, 125)
        self.assertIn("four are attached", done.stderr)
        del clients

    def test_a_client_that_never_reads_is_dropped_and_the_log_has_all(self):
        self.agent.launch(
            "t", "-i", "--log-max-size=64M", "--",
            "/bin/sh", "-c", "read line; head -c 8000000 /dev/zero; echo end >&2; cat",
        )
        client = self._begin("attach", "t")
        self._await_clients("t", 1)
        # Its pipe and its buffer fill up.
        os.kill(client.pid, signal.SIGSTOP)
        other = self._begin("attach", "t", stdout=subprocess.DEVNULL)
        self._await_clients("t", 2)
        log = self.agent.state_dir / "tasks" / "t" / "stdout.log"
        other.stdin.write(b"go\n")
        other.stdin.flush()

        eventually(lambda: log.stat().st_size == 8000000, 60, "all of the output")
        self.assertIsNone(other.poll())
        os.kill(client.pid, signal.SIGCONT)

    def test_attaching_works_after_another_agent_was_started(self):
        self._launch_cat()
        self.agent.kill_and_restart()

        client = self._begin("attach", "cat")
        client.stdin.write(b"still there\n")
        client.stdin.flush()

        self.assertEqual(client.stdout.readline(), b"still there\n")
        self.agent.must("stop", "--grace=0s", "cat")
        self.assertEqual(client.wait(30 * SLOWNESS), 137)

    def _control(self, name, line):
        fifo = self.agent.state_dir / "tasks" / name / "control"
        fifo.write_text(line)

    def test_the_control_fifo_ends_the_input_of_a_pipe(self):
        self._launch_cat()

        self._control("cat", "9 9 9\nnonsense\n0 0 0\n")

        self.assertEqual(self.agent.wait("cat")["code"], 0)

    def test_the_control_fifo_ends_the_input_of_a_terminal(self):
        self.agent.launch("cat", "-t", "--", "/bin/cat")

        self._control("cat", "0 0 0\n")

        self.assertEqual(self.agent.wait("cat")["code"], 0)

    def test_the_end_of_a_file_is_that_of_a_terminals_input(self):
        done = subprocess.run(
            self.agent._command_line("run", ["-it", "--", "/bin/cat"]),
            input=b"whole\n",
            capture_output=True,
            timeout=60 * SLOWNESS,
            check=False,
        )

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.endswith(b"whole\r\n"), done.stdout)

    def test_what_cannot_be_attached_to_says_why(self):
        self.agent.launch("t", "--", "/bin/sleep", "1000")

        done = self.agent.reeve("attach", "t")

        self.assertEqual(done.returncode, 125)
        self.assertIn("--interactive", done.stderr)


if __name__ == "__main__":
    unittest.main()
