"""What the example for Alertmanager sends where, together, and not at all."""

import sys
import unittest

from alertmanager import BINARY, Alertmanager, Inbox
from harness import ROOT, eventually

sys.path.insert(0, str(ROOT / "tools" / "testing"))

from quick_times import quick_routes  # noqa: E402

CONFIG = ROOT / "exporters" / "prometheus" / "alertmanager" / "alertmanager.yml"


def alert(name, severity="warning", instance="one", **labels):
    return {"alertname": name, "severity": severity, "instance": instance, **labels}


class RoutesTest(unittest.TestCase):
    def setUp(self):
        if BINARY is None:
            self.skipTest("prometheus-alertmanager is not installed")
        self.webhook = Inbox()
        self.addCleanup(self.webhook.close)
        config = quick_routes(CONFIG.read_text(), self.webhook.url)
        self.alertmanager = Alertmanager(config)
        self.addCleanup(self.alertmanager.close)

    def _assert_sent(self, posted, sent):
        """Posts alerts; exactly some of them are sent, and the others inhibited."""
        self.alertmanager.post(*posted)
        eventually(
            lambda: len(self.webhook.messages("firing")) >= len(sent), 30, "they arrive"
        )
        held_back = [labels for labels in posted if labels not in sent]
        for labels in held_back:
            self.assertTrue(self.alertmanager.inhibited(**labels), labels)
        # One more that is sent later shows that those before it have been decided on.
        last = alert("Last", instance="last")
        self.alertmanager.post(last)
        eventually(lambda: self.webhook.messages(alertname="Last"), 30, "the last one")
        told = []
        for message in self.webhook.messages():
            if message.labels not in told:
                told.append(message.labels)
        self.assertCountEqual(told, [*sent, last])

    def test_nothing_is_sent_of_a_machine_whose_agent_is_down(self):
        down = alert("ReeveAgentDown", "critical")
        elsewhere = alert("TaskOOMKilled", instance="two", task="web")
        other = alert("DiskFull")

        self._assert_sent(
            [
                down,
                alert("TaskOOMKilled", task="web"),
                alert("TaskGroupMemoryNearLimit", task_group="shop"),
                alert("ReeveSamplesStale"),
                elsewhere,
                other,
            ],
            [down, elsewhere, other],
        )

    def test_a_killed_task_is_not_said_to_be_near_its_limit(self):
        killed = alert("TaskOOMKilled", task="web")
        neighbour = alert("TaskMemoryNearLimit", task="shop")
        namesake = alert("TaskMemoryNearLimit", task="web", instance="two")

        self._assert_sent(
            [killed, alert("TaskMemoryNearLimit", task="web"), neighbour, namesake],
            [killed, neighbour, namesake],
        )

    def test_a_throttled_task_is_not_said_to_wait_for_cpus(self):
        throttled = alert("TaskCPUThrottlingHigh", "info", task="web")
        neighbour = alert("TaskCPUPressureHigh", "info", task="shop")

        self._assert_sent(
            [throttled, alert("TaskCPUPressureHigh", "info", task="web"), neighbour],
            [throttled, neighbour],
        )

    def test_alerts_of_a_machine_and_a_severity_come_together(self):
        posted = [
            alert("TaskOOMKilled", task="web"),
            alert("TaskForksRefused", task="shop"),
            alert("TaskOOMKilled", task="web", instance="two"),
            alert("TaskIOPressureHigh", "info", task="web"),
        ]

        self._assert_sent(posted, posted)

        by_request = {}
        for message in self.webhook.messages():
            if message.labels["alertname"] != "Last":
                by_request.setdefault(message.request, []).append(message)
        together = sorted(
            (messages[0].path, messages[0].labels["instance"], len(messages))
            for messages in by_request.values()
        )
        self.assertEqual(
            together, [("/", "one", 2), ("/", "two", 1), ("/log", "one", 1)]
        )


if __name__ == "__main__":
    unittest.main()
