"""That the alerts are complete: texts, runbooks, thresholds, and cases for promtool."""

import pathlib
import re
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "exporters" / "prometheus" / "rules"
CASES = ROOT / "tests" / "exporters" / "prometheus" / "rules"
RUNBOOKS = ROOT / "docs" / "runbooks"

_RECORDED = re.compile(r"\b\w+:\w+(?::\w+)?\b")
_METRIC = re.compile(r"\b(?:reeve|process)_\w+")
_THRESHOLD = re.compile(r"reeve:threshold\{of=\"(\w+)\"")


def all_rules():
    rules = []
    for file in sorted(RULES.glob("*.rules.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            rules += group["rules"]
    return rules


def alerts():
    return {rule["alert"]: rule for rule in all_rules() if "alert" in rule}


def cases():
    """What every case of promtool's expects of an alert: its name and how often it
    fires at each of the times that are looked at."""
    found = []
    for file in sorted(CASES.glob("*_test.yml")):
        for case in yaml.safe_load(file.read_text())["tests"]:
            fires = {}
            for check in case.get("alert_rule_test", []):
                fires.setdefault(check["alertname"], []).append(
                    len(check["exp_alerts"])
                )
            found += fires.items()
    return found


class AlertsTest(unittest.TestCase):
    def test_there_are_alerts(self):
        self.assertGreater(len(alerts()), 20)

    def test_names_begin_with_what_they_are_about(self):
        for name in alerts():
            self.assertRegex(name, r"^(Task|Reeve)([A-Z]\w*)$")

    def test_each_has_a_severity_and_texts_that_name_the_place(self):
        for name, rule in alerts().items():
            with self.subTest(name):
                self.assertIn(
                    rule["labels"]["severity"], ("info", "warning", "critical")
                )
                texts = rule["annotations"]
                for text in (texts["summary"], texts["description"]):
                    self.assertRegex(text, r"\.$")
                self.assertIn("$labels.", texts["description"])

    def test_throttling_wakes_nobody(self):
        for name, rule in alerts().items():
            if "Throttling" in name:
                self.assertEqual(rule["labels"]["severity"], "info")

    def test_each_has_a_runbook_and_each_runbook_has_an_alert(self):
        for name, rule in alerts().items():
            self.assertEqual(
                rule["annotations"]["runbook_url"], f"docs/runbooks/{name}.md"
            )
        self.assertEqual(
            sorted(alerts()), sorted(file.stem for file in RUNBOOKS.glob("*.md"))
        )

    def test_runbooks_have_the_parts_of_a_runbook(self):
        for file in RUNBOOKS.glob("*.md"):
            headings = re.findall(r"^#+ .*$", file.read_text(), re.MULTILINE)
            with self.subTest(file.name):
                self.assertEqual(
                    headings,
                    [
                        f"# {file.stem}",
                        "## How to see it",
                        "## What to do",
                        "## When to silence it",
                    ],
                )

    def test_each_fires_in_one_case_and_is_silent_in_another(self):
        for name in alerts():
            with self.subTest(name):
                times = [fires for alert, fires in cases() if alert == name]
                self.assertTrue(any(any(fires) for fires in times), "it never fires")
                self.assertTrue(
                    any(not any(fires) for fires in times), "it is never silent"
                )

    def test_each_is_in_the_document_with_its_severity(self):
        rows = re.findall(
            r"^\| \[(\w+)\]\(runbooks/(\w+)\.md\) \| (\w+) \|",
            (ROOT / "docs" / "alerts.md").read_text(),
            re.MULTILINE,
        )
        self.assertEqual(
            sorted(rows),
            sorted(
                (name, name, rule["labels"]["severity"])
                for name, rule in alerts().items()
            ),
        )


class ExpressionsTest(unittest.TestCase):
    def test_metrics_are_those_that_are_exported(self):
        exported = set(
            re.findall(r"^\| `(\w+)`", (ROOT / "docs/metrics.md").read_text(), re.M)
        )
        for rule in all_rules():
            expression = _RECORDED.sub("", str(rule["expr"]))
            for metric in _METRIC.findall(expression):
                with self.subTest(metric):
                    self.assertIn(re.sub("_count$", "", metric), exported)

    def test_recorded_series_are_recorded_and_used(self):
        recorded = {rule["record"] for rule in all_rules() if "record" in rule}
        used = set()
        for rule in all_rules():
            used.update(_RECORDED.findall(str(rule["expr"])))
        self.assertEqual(recorded, used)


class ThresholdsTest(unittest.TestCase):
    def setUp(self):
        self.defaults = {
            rule["labels"]["of"]
            for rule in all_rules()
            if rule.get("record") == "reeve:threshold" and len(rule["labels"]) == 1
        }

    def test_alerts_compare_with_thresholds_that_there_are(self):
        used = set()
        for name, rule in alerts().items():
            if name != "ReeveThresholdMissing":
                used.update(_THRESHOLD.findall(rule["expr"]))
        self.assertEqual(used, self.defaults)

    def test_a_missing_one_is_noticed(self):
        watched = alerts()["ReeveThresholdMissing"]["expr"]
        self.assertEqual(set(_THRESHOLD.findall(watched)), self.defaults)


if __name__ == "__main__":
    unittest.main()
