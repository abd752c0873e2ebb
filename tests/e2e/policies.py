"""What the tests of policies share: an agent that follows a file."""

import json
import os
import pathlib
import tempfile
import unittest

from harness import Agent, eventually

ACTIONS = "reeve_policy_actions_total"

# Busy until a file says otherwise.
MOODY = "while [ ! -e {file} ]; do :; done; exec sleep 600"


class PolicyTest(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        folder = tempfile.TemporaryDirectory(prefix="reeve-policy-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "policy.yml"

    def start(self, policy, *flags):
        self.write(policy)
        self.agent = Agent(f"--policy={self.file}", *flags)
        self.addCleanup(self.agent.close)

    def write(self, policy):
        """Replaces the file as a whole, as careful people do."""
        new = self.folder / "new"
        new.write_text(policy)
        new.rename(self.file)

    def launch_moody(self, *arguments):
        """A task that is busy until self.rest() is called."""
        self.resting = self.folder / "rest"
        command = MOODY.format(file=self.resting)
        self.agent.launch(
            "web", "--cpus=0.1", *arguments, "--", "/bin/sh", "-c", command
        )
        self.agent.take_precedence()

    def rest(self):
        self.resting.touch()

    def cpus(self, name="web"):
        """The limit in force, by the kernel's word."""
        return self.agent.task(name)["limits"]["cpus"]

    def actions(self, rule, result):
        return self.agent.metric(ACTIONS, rule=rule, result=result)

    def await_action(self, rule, result, times=1):
        eventually(
            lambda: self.actions(rule, result) >= times, 60, f"{rule} is {result}"
        )

    def events(self, *arguments):
        """Attributes of what policies did, in order."""
        lines = self.agent.must(
            "events", "--json", "--type=policy_action", *arguments
        ).splitlines()
        return [json.loads(line)["attributes"] for line in lines]

    def told(self):
        """Rule, result, and the limit before and after of each event."""
        return [
            (each["rule"], each["result"], each["from"], each.get("to"))
            for each in self.events()
        ]
