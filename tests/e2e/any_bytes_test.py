"""Names of others may be any bytes, and as long as they like."""

import json
import subprocess
import unittest

from harness import REEVE, SLOWNESS, AgentTest, eventually

# UTF-8 has no such byte.
BYTES = b"a\xffb"
SHOWN = r"a\xffb"


class AnyBytesTest(AgentTest):
    def _assert_all_is_shown(self, name, command):
        """All that tells of tasks does, and of this one with its command."""
        self.assertEqual(self.agent.task(name)["command"], command)
        self.assertIn(name, [task["id"] for task in self.agent.tasks()])
        for shown in ("ps", f"inspect {name}", f"stats {name}", "top --batch --iterations=1"):
            self.agent.must(shown)
        for path in ("/api/v1/tasks", f"/api/v1/tasks/{name}"):
            status, text = self.agent.get(path)
            self.assertEqual(status, 200, path)
            self.assertIn(name, text)
            json.loads(text)

    def test_the_arguments_of_an_adopted_process(self):
        process = subprocess.Popen([b"sh", b"-c", b"sleep 1000; exit 1", BYTES])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.agent.must("adopt", "--tree", "--id=odd", process.pid)
        command = ["sh", "-c", "sleep 1000; exit 1", SHOWN]

        self._assert_all_is_shown("odd", command)
        self.agent.kill_and_restart()
        self._assert_all_is_shown("odd", command)

    def test_the_name_that_a_process_gives_itself(self):
        script = r"printf 'a\377b' > /proc/self/comm; while :; do sleep 1000; done"
        self.agent.launch("odd", "--", "sh", "-c", script)

        def names():
            pids = self.agent.inspect("odd").get("pids", {})
            return [process["comm"] for process in pids.values()]

        eventually(lambda: SHOWN in names(), 20, "its name is shown")
        self._assert_all_is_shown("odd", ["sh", "-c", script])

    def test_what_the_api_cannot_carry_is_refused_in_one_line(self):
        self.agent.launch("web", "--", "sleep", "1000")
        socket = f"--socket={self.agent.socket}"
        for command in (
            [REEVE, "run", socket, "--", "echo", BYTES],
            [REEVE, "run", socket, b"--env=A=" + BYTES, "--", "true"],
            [REEVE, "exec", socket, "web", "--", "echo", BYTES],
        ):
            with self.subTest(command):
                done = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    timeout=60 * SLOWNESS,
                    check=False,
                )

                self.assertEqual(done.returncode, 125)
                self.assertRegex(
                    done.stderr, r'^reeve: (command|env) ".*\\xff.*" is not UTF-8.*\n$'
                )
        self.assertEqual([task["id"] for task in self.agent.tasks()], ["web"])


class ManyBytesTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.specs = self.agent.folder / "specs"
        self.specs.mkdir(mode=0o755)

    def test_a_list_may_be_larger_than_a_message_of_grpc(self):
        script = "exit 0 #" + "x" * 120_000
        for number in range(40):
            self.agent.launch(f"t{number}", "--", "sh", "-c", script)
        listed = self.agent.must("ps", "--json")
        self.assertGreater(len(listed), 4 << 20)
        self.assertEqual(len(json.loads(listed)["tasks"]), 40)

        # The agent itself lists them, too.
        (self.specs / "web.yaml").write_text("command: [sleep, '1000']\n")
        self.agent.kill_and_restart(f"--tasks-dir={self.specs}")

        eventually(
            lambda: any(task["id"] == "web" for task in self.agent.tasks()),
            20,
            "the task of the file is there",
        )


if __name__ == "__main__":
    unittest.main()
