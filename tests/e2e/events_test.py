"""What happened to tasks, as `reeve events` shows it."""

import json
import re
import subprocess
import unittest

from harness import REEVE, SLOWNESS, AgentTest, eventually, program


class EventsTest(AgentTest):
    def _events(self, *flags):
        lines = self.agent.must("events", "--json", *flags).splitlines()
        return [json.loads(line) for line in lines]

    def _types(self, *flags):
        return [
            event["type"].removeprefix("EVENT_TYPE_").lower()
            for event in self._events(*flags)
        ]

    def test_a_line_tells_when_what_happened_to_whom(self):
        self.agent.launch("web", "--group=shop", "--", "sh", "-c", "exit 3")
        self.agent.wait("web")

        lines = self.agent.must("events", "--task=web").splitlines()

        time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"
        self.assertRegex(lines[0], rf"^{time} +\d+  web +created +group=shop$")
        self.assertRegex(lines[1], rf"^{time} +\d+  web +started +group=shop pid=\d+$")
        self.assertRegex(
            lines[2], rf"^{time} +\d+  web +exited +group=shop code=3 oom=false$"
        )
        self.assertEqual(len(lines), 3)

    def test_they_are_chosen_by_flags(self):
        self.agent.launch("one", "--", "true")
        self.agent.wait("one")
        self.agent.launch("two", "--", "true")
        self.agent.wait("two")

        self.assertEqual(self._types("--task=two", "--type=Exited"), ["exited"])
        last = self._events()[-1]
        self.assertEqual(
            self._types(f"--since-sequence={int(last['sequence']) - 1}"), ["exited"]
        )
        wrong = self.agent.reeve("events", "--type=boom")
        self.assertEqual(wrong.returncode, 125)
        self.assertRegex(wrong.stderr, r'^reeve: events: --type "boom" is no type of event.*\n$')

    def test_who_follows_sees_what_happens_and_the_end_of_the_agent(self):
        follower = subprocess.Popen(
            [REEVE, "events", "-f", f"--socket={self.agent.socket}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(follower.kill)
        self.agent.launch(
            "greedy", "--memory=64M", "--", program("allocate"), "--mib", 200
        )
        seen = [follower.stdout.readline() for _ in range(4)]
        self.assertEqual(
            [re.split(r"  +", line.strip())[3] for line in seen],
            ["created", "started", "oom_kill", "exited"],
        )

        self.agent.kill_and_restart()

        _, errors = follower.communicate(timeout=30 * SLOWNESS)
        self.assertEqual(follower.returncode, 125)
        self.assertRegex(errors, r"^reeve: .+\n$")

    def test_who_comes_back_to_another_agent_is_told_so(self):
        self.agent.launch("task", "--", program("burn"), "--seconds", 600)
        last = self._events()[-1]

        self.agent.kill_and_restart()

        flags = (
            f"--since-sequence={last['sequence']}",
            f"--stream-id={last['stream_id']}",
        )
        self.assertEqual(self._types(*flags), ["lost", "adopted"])
        adopted = self._events(*flags)[1]
        self.assertEqual(
            adopted["attributes"]["pid"], str(self.agent.task("task")["pid"])
        )
        self.assertNotEqual(adopted["stream_id"], last["stream_id"])

    def test_they_are_counted(self):
        self.agent.launch("task", "--", "true")
        self.agent.wait("task")

        counted = eventually(
            lambda: self.agent.metric("reeve_events_total", type="exited")
        )

        self.assertEqual(counted, 1)
        self.assertEqual(self.agent.metric("reeve_events_total", type="oom_kill"), 0)


if __name__ == "__main__":
    unittest.main()
