"""Whether the files for Grafana's provisioning fit each other and Prometheus' rules."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import yaml  # noqa: E402

from dashboards import alert_rules  # noqa: E402

PROVISIONING = ROOT / "exporters" / "grafana" / "provisioning"


def read(name):
    return yaml.safe_load((PROVISIONING / name).read_text())


def prometheus_alerts():
    """The alerts of Prometheus' rules by their names, each with its group's."""
    found = {}
    for file in (ROOT / "exporters" / "prometheus" / "rules").glob("*.rules.yml"):
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    found[rule["alert"]] = rule
    return found


class ProvisioningTest(unittest.TestCase):
    def test_alert_rules_are_those_of_prometheus(self):
        alerts = prometheus_alerts()
        rules = alert_rules()
        self.assertIn("TaskCPUThrottlingHigh", rules)

        self.assertEqual(set(rules), set(alerts))
        for name, alert in alerts.items():
            rule = rules[name]
            with self.subTest(name):
                self.assertEqual(rule["data"][0]["model"]["expr"], alert["expr"])
                self.assertEqual(rule["for"], alert.get("for", "0s"))
                self.assertEqual(rule["labels"], alert["labels"])
                self.assertEqual(set(rule["annotations"]), set(alert["annotations"]))
                for key, text in alert["annotations"].items():
                    wanted = re.sub(r"\$value\b", "$values.A.Value", text)
                    self.assertEqual(rule["annotations"][key], wanted)

    def test_alert_rules_hang_together(self):
        sources = {
            source["uid"] for source in read("datasources/reeve.yaml")["datasources"]
        }
        uids = [rule["uid"] for rule in alert_rules().values()]
        self.assertEqual(len(uids), len(set(uids)))
        for rule in alert_rules().values():
            with self.subTest(rule["title"]):
                self.assertRegex(rule["uid"], r"^[\w-]{1,40}$")
                query, any_value, condition = rule["data"]
                self.assertIn(query["datasourceUid"], sources)
                self.assertTrue(query["model"]["instant"])
                self.assertIn(f"${query['refId']}", any_value["model"]["expression"])
                self.assertEqual(condition["model"]["expression"], any_value["refId"])
                self.assertEqual(rule["condition"], condition["refId"])
                for part in rule["data"]:
                    self.assertEqual(part["model"]["refId"], part["refId"])
                self.assertEqual(rule["noDataState"], "OK")
                self.assertEqual(rule["execErrState"], "Error")

    def test_policies_name_contact_points_that_there_are(self):
        points = {
            point["name"]
            for point in read("alerting/contact-points.yaml")["contactPoints"]
        }

        def receivers(route):
            yield route["receiver"]
            for below in route.get("routes", []):
                yield from receivers(below)

        for policy in read("alerting/policies.yaml")["policies"]:
            self.assertEqual(set(receivers(policy)) - points, set())

    def test_severities_of_policies_are_those_of_alerts(self):
        severities = {rule["labels"]["severity"] for rule in alert_rules().values()}
        for policy in read("alerting/policies.yaml")["policies"]:
            for route in policy["routes"]:
                for label, _, value in route["object_matchers"]:
                    self.assertEqual(label, "severity")
                    self.assertIn(value, severities)


if __name__ == "__main__":
    unittest.main()
