"""Who may use the control socket."""

import os
import shutil
import subprocess
import unittest

from harness import REEVE, Agent, AgentTest


class AllowedUsersTest(AgentTest):
    def _as_user(self, agent, uid, groups=()):
        """`reeve ps` as another user, who cannot read where it was built."""
        os.chmod(agent.folder, 0o755)
        program = agent.folder / "reeve"
        if not program.exists():
            shutil.copy(REEVE, program)
        return subprocess.run(
            [program, "ps", f"--socket={agent.socket}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd="/",
            user=uid,
            group=uid,
            extra_groups=groups,
        )

    def test_only_those_that_are_named_may_use_it(self):
        agent = Agent("--allow-users=4711", "--allow-groups=4712")
        self.addCleanup(agent.close)

        self.assertEqual(self._as_user(agent, 0).returncode, 0)
        self.assertEqual(self._as_user(agent, 4711).returncode, 0)
        self.assertEqual(self._as_user(agent, 4712).returncode, 0)
        self.assertEqual(self._as_user(agent, 4713, [4712]).returncode, 0)

        refused = self._as_user(agent, 4713)
        self.assertEqual(refused.returncode, 125)
        self.assertEqual(
            refused.stderr,
            f"reeve: agent at {agent.socket}: permission denied: user 4713 is not "
            "among --allow-users of the agent, and in none of --allow-groups\n",
        )

    def test_without_flags_the_mode_of_the_socket_decides(self):
        self.assertEqual(os.stat(self.agent.socket).st_mode & 0o777, 0o660)
        self.assertIn("permission denied", self._as_user(self.agent, 4711).stderr)

    def test_an_unknown_user_is_refused_before_anything_is_made(self):
        state = self.agent.folder / "other"
        done = subprocess.run(
            [REEVE, "agent", f"--state-dir={state}", "--allow-users=no-such-user"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        self.assertEqual(done.returncode, 125)
        self.assertIn("--allow-users no-such-user: there is no such user", done.stderr)
        self.assertFalse(state.exists())


if __name__ == "__main__":
    unittest.main()
