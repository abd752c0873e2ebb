"""Tasks that may use parts of the file system only."""

import json
import os
import unittest

from harness import AgentTest, eventually

SYSTEM = "ro:/usr,ro:/bin,ro:/lib,ro:/lib64,ro:/etc,rw:/dev/null"


class LandlockTest(AgentTest):
    def setUp(self):
        super().setUp()
        checks = json.loads(self.agent.must("doctor", "--json"))["findings"]
        self.check = next(item for item in checks if item["check"] == "landlock")
        self.data = self.agent.folder / "data"
        self.data.mkdir()
        self.secret = self.agent.folder / "secret"
        self.secret.write_text("secret")

    def _needs_landlock(self):
        if self.check["verdict"] != "ok":
            self.skipTest(f"landlock: {self.check['detail']}")

    def _rules(self):
        return (f"--landlock={SYSTEM}", f"--landlock=rw:{self.data}")

    def test_a_task_is_kept_to_its_rules(self):
        self._needs_landlock()

        told = self.agent.reeve(
            "run", *self._rules(), "--", "/bin/sh", "-c",
            f"echo mine > {self.data}/file && cat {self.secret}; exit 3",
        )

        self.assertEqual(told.returncode, 3)
        self.assertEqual((self.data / "file").read_text(), "mine\n")
        self.assertIn("Permission denied", told.stderr)
        self.assertNotIn("secret\n", told.stdout)

    def test_so_are_a_command_and_the_next_attempt(self):
        self._needs_landlock()
        self.agent.launch(
            "task", *self._rules(), "--restart=always", "--restart-backoff=10ms",
            "--", "/bin/sh", "-c",
            f"cat {self.secret} && echo leak >> {self.data}/log; "
            f"echo attempt >> {self.data}/log; exec sleep 1000",
        )
        log = self.data / "log"
        eventually(lambda: log.exists() and log.read_text() == "attempt\n",
                   what="the first attempt")

        self.agent.kill_and_restart()
        told = self.agent.reeve("exec", "task", "--", "/bin/cat", self.secret)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("Permission denied", told.stderr)
        os.kill(self.agent.task("task")["pid"], 9)

        eventually(lambda: log.read_text() == "attempt\nattempt\n",
                   what="the second attempt")
        detail = self.agent.must("inspect", "task")
        self.assertRegex(detail, rf"(?m)^landlock +rwxc:{self.data}$")
        self.assertRegex(detail, r"(?m)^landlock +rx:/usr$")

    def test_wrong_rules_are_refused_and_leave_nothing(self):
        for rules, message in (
            ("ro", "give ACCESS:PATH"),
            ("rq:/usr", "use ro, rw, or some of the letters"),
            ("ro:usr", "use an absolute path"),
        ):
            told = self.agent.reeve("run", f"--landlock={rules}", "--", "true")
            self.assertEqual(told.returncode, 125)
            self.assertIn(message, told.stderr)
        self.assertEqual(self.agent.tasks(), [])

    def test_what_the_host_lacks_is_refused(self):
        told = self.agent.reeve(
            "run", "--landlock=ro:/there/is/none", "--", "/bin/true"
        )

        self.assertEqual(told.returncode, 125)
        self.assertEqual(told.stderr.count("\n"), 1, told.stderr)
        if self.check["verdict"] == "ok":
            self.assertIn("landlock rule rx:/there/is/none", told.stderr)
        else:
            self.assertIn("use Linux 6.2", told.stderr)
        self.assertEqual(self.agent.tasks(), [])

    def test_a_program_that_no_rule_lets_run_is_explained(self):
        self._needs_landlock()

        told = self.agent.reeve(
            "run", f"--landlock=rw:{self.data}", "--", "/bin/true"
        )

        self.assertEqual(told.returncode, 126)
        self.assertIn("no landlock rule lets them be read and run", told.stderr)


if __name__ == "__main__":
    unittest.main()
