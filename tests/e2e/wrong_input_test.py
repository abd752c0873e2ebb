"""Wrong input: one line that says what to change, and nothing is made."""

import pathlib
import shutil
import socket
import subprocess
import unittest

from harness import REEVE, SHIM, SLOWNESS, AgentTest, cgroups_below, free_port


class WrongInputTest(AgentTest):
    def _assert_refused(self, done, code, *words):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("reeve: "), done.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def _assert_nothing_was_made(self):
        self.assertEqual(self.agent.tasks(), [])
        self.assertEqual(cgroups_below(self.agent.cgroup_parent), [])
        self.assertEqual(list(self.agent.state_dir.glob("tasks/*")), [])

    def test_what_run_refuses(self):
        folder = self.agent.folder
        (folder / "spec.json").write_text('{"command": ["/bin/true"], "limits": ')
        (folder / "field.json").write_text(
            '{"command": ["/bin/true"], "limits": {"blkio": 5}}'
        )
        true = ["--", "/bin/true"]
        # Arguments, exit code, words of the message.
        table = [
            (["--cpu-shares=1", *true], 125, ["shares", "2"]),
            (["--cpu-shares=262145", *true], 125, ["shares", "262144"]),
            (["--memory=12Q", *true], 125, ["memory", "12Q"]),
            (["--memory=1", *true], 125, ["memory"]),
            (["--cpus=-1", *true], 125, ["cpus", "-1"]),
            (["--cpus=0", *true], 125, ["cpus"]),
            (["--pids=0", *true], 125, ["pids"]),
            (["--cpu-period=5s", "--cpus=1", *true], 125, ["period"]),
            (["--id=a/b", *true], 125, ["id", "a/b"]),
            (["--id=..", *true], 125, ["id", ".."]),
            (["--group=a b", *true], 125, ["group"]),
            (["--isolation=moon", *true], 125, ["moon"]),
            (["--isolation=oci", *true], 125, ["oci is not built in"]),
            (["--isolation=universal", "--rootfs=/", *true], 125, ["native"]),
            (["--rootfs=/no/such/root", *true], 125, ["/no/such/root"]),
            (["--mount=type=bind,dst=/x", *true], 125, ["source"]),
            (["--device=/dev/no-such", *true], 125, ["/dev/no-such"]),
            (["--network=/no/such/net", *true], 125, ["/no/such/net"]),
            (["--cap-add=fly", *true], 125, ["fly"]),
            (["--hostname=a_b", *true], 125, ["hostname", "a_b"]),
            (["--no-such-flag", *true], 125, ["--no-such-flag"]),
            (["--cwd=/no/such/place", *true], 125, ["/no/such/place"]),
            (["--user=nobody-of-that-name", *true], 125, ["nobody-of-that-name"]),
            (["--", "/no/such/program"], 127, ["/no/such/program"]),
            (["--", "no-such-program"], 127, ["no-such-program"]),
            (["--", "/tmp"], 126, ["/tmp", "directory"]),
            ([], 125, []),
            ([f"--file={folder}/missing.json"], 125, ["missing.json"]),
            ([f"--file={folder}/spec.json"], 125, ["spec.json"]),
            # A controller that there is not.
            ([f"--file={folder}/field.json"], 125, ["blkio"]),
            ([f"--file={folder}", *true], 125, [str(folder)]),
        ]
        for arguments, code, words in table:
            with self.subTest(" ".join(arguments)):
                self._assert_refused(self.agent.reeve("run", *arguments), code, *words)
                self._assert_nothing_was_made()

    def test_what_other_commands_refuse(self):
        table = [
            (["inspect", "nobody"], ["nobody"]),
            (["update", "--cpus=1", "nobody"], ["nobody"]),
            (["stop", "nobody"], ["nobody"]),
            (["signal", "nobody", "SIGTERM"], ["nobody"]),
            (["signal", "nobody", "SIGNOTHING"], ["SIGNOTHING"]),
            (["wait", "nobody"], ["nobody"]),
            (["rm", "nobody"], ["nobody"]),
            (["stats", "nobody"], ["nobody"]),
        ]
        for arguments, words in table:
            with self.subTest(" ".join(arguments)):
                self._assert_refused(self.agent.reeve(*arguments), 125, *words)

    def test_output_that_cannot_be_written(self):
        self.agent.launch("web", "--", "sleep", "1000")
        for output in ("/dev/full", None):
            for command in (["ps"], ["inspect", "--json", "web"], ["version"]):
                with self.subTest(output=output, command=command):
                    line = [REEVE, command[0], f"--socket={self.agent.socket}"]
                    if command[0] == "version":
                        line.pop()
                    line += command[1:]
                    redirect = f'exec "$@" >{output or "&-"}'
                    done = subprocess.run(
                        ["sh", "-c", redirect, "sh", *line],
                        stdin=subprocess.DEVNULL,
                        capture_output=True,
                        text=True,
                        timeout=60 * SLOWNESS,
                        check=False,
                    )

                    self._assert_refused(
                        done, 125, "standard output cannot be written: "
                    )

    def test_an_id_that_is_taken(self):
        self.agent.launch("first", "--", "/bin/sleep", 600)
        pid = self.agent.task("first")["pid"]
        cgroups = cgroups_below(self.agent.cgroup_parent)

        done = self.agent.reeve("run", "--id=first", "--", "/bin/true")

        self._assert_refused(done, 125, "first")
        self.assertEqual(self.agent.task("first")["pid"], pid)
        self.assertEqual(cgroups_below(self.agent.cgroup_parent), cgroups)

    def test_no_permission(self):
        """Another user may neither use the agent nor launch without one."""
        # Where that user can get at it.
        self.agent.folder.chmod(0o755)
        program = shutil.copy(REEVE, self.agent.folder)
        shutil.copy(SHIM, self.agent.folder)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        own = ["--state-dir=/run/reeve-e2e-nobody", "--cgroup-parent=/reeve-e2e-nobody"]
        for flags in ([f"--socket={self.agent.socket}"], own):
            with self.subTest(flags[0]):
                done = subprocess.run(
                    [*nobody, program, "run", *flags, "--", "/bin/true"],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self._assert_refused(done, 125, "ermission")
        self.assertFalse(pathlib.Path("/run/reeve-e2e-nobody").exists())
        self._assert_nothing_was_made()


class WrongAgentInputTest(AgentTest):
    def _agent(self, *flags, prefix=()):
        return subprocess.run(
            [
                *prefix,
                REEVE,
                "agent",
                f"--state-dir={self.agent.folder}/other",
                "--cgroup-parent=/reeve-e2e-other",
                *flags,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
        )

    def _assert_refused(self, done, *words):
        self.assertEqual(done.returncode, 125, done.stderr)
        lines = [line for line in done.stderr.splitlines() if "reeve: " in line]
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]

            done = self._agent(f"--web.listen-address=127.0.0.1:{port}")

        self._assert_refused(done, str(port))

    def test_an_address_that_is_none(self):
        done = self._agent("--web.listen-address=everywhere")

        self._assert_refused(done, "everywhere")

    def test_a_socket_on_which_an_agent_listens(self):
        done = self._agent(
            f"--socket={self.agent.socket}",
            f"--web.listen-address=127.0.0.1:{free_port()}",
        )

        self._assert_refused(done, str(self.agent.socket))

    def test_no_cgroup_at_all(self):
        """In a mount namespace of its own, where no hierarchy is mounted."""
        script = (
            "while read -r _ _ _ _ where rest; do "
            'case "$rest" in *" - cgroup"*) echo "$where";; esac; '
            "done </proc/self/mountinfo | sort -r | xargs -n 1 umount -l; "
            'exec "$@"'
        )
        prefix = ["unshare", "--mount", "--propagation", "private"]
        done = subprocess.run(
            [
                *prefix,
                "/bin/sh",
                "-c",
                script,
                "sh",
                REEVE,
                "run",
                f"--state-dir={self.agent.folder}/other",
                "--memory=64M",
                "--",
                "/bin/true",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
        )

        self.assertEqual(done.returncode, 125, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("cgroup", done.stderr)


if __name__ == "__main__":
    unittest.main()
