"""What exporters/grafana/build makes, and what it refuses."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
GRAFANA = ROOT / "exporters" / "grafana"
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from dashboards import alert_rules  # noqa: E402

RULES = """\
groups:
  - name: group
    interval: 20s
    rules:
      - record: a:b
        expr: b
      - alert: Alert
        expr: {expr}
        labels: {{severity: {severity}}}
        annotations: {texts}
"""


class BuildTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.output = self.folder / "output"

    def build(self, *arguments, **environment):
        return subprocess.run(
            [GRAFANA / "build", "--output", self.output, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=environment or None,
        )

    def build_rules(self, expr="b > 1", severity="info", **texts):
        rules = self.folder / "rules"
        rules.mkdir(exist_ok=True)
        (rules / "my.rules.yml").write_text(
            RULES.format(expr=expr, severity=severity, texts=json.dumps(texts))
        )
        return self.build("--rules", rules)

    def assert_refused(self, done, why):
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(why, done.stderr)
        self.assertFalse(self.output.exists())

    def test_files_in_the_project_are_what_is_built(self):
        done = self.build()

        self.assertEqual((done.stdout, done.stderr), ("", ""))
        built = [path for path in self.output.rglob("*") if path.is_file()]
        self.assertIn(self.output / "dashboards" / "task.json", built)
        for path in built:
            name = path.relative_to(self.output)
            self.assertEqual(
                path.read_text(),
                (GRAFANA / name).read_text(),
                f"{name}: run exporters/grafana/build",
            )
        kept = (GRAFANA / "dashboards").glob("*")
        self.assertEqual(
            {path.name for path in kept},
            {path.name for path in (self.output / "dashboards").glob("*")},
        )

    def test_alerts_of_any_rule_file_are_made(self):
        self.assertEqual(self.build_rules(expr="up == 0").stderr, "")

        rules = alert_rules(self.output / "provisioning/alerting/rules.yaml")
        self.assertEqual(list(rules), ["Alert"])
        self.assertEqual(rules["Alert"]["data"][0]["model"]["expr"], "up == 0")
        self.assertEqual(rules["Alert"]["for"], "0s")

    def test_value_of_an_alert_is_that_of_its_query(self):
        texts = {
            "piped": "{{ $value | humanize }}",
            "quoted": '{{ printf "%.0f $value" $value }}',
            "compared": "{{- if gt $value 1.0 -}} $value {{ end }}",
            "another": "{{ $labels.task }} {{ $valueless := 1 }}{{ $valueless }}",
            "plain": "no templates: 100 $",
        }
        self.assertEqual(self.build_rules(**texts).stderr, "")

        rules = alert_rules(self.output / "provisioning/alerting/rules.yaml")
        self.assertEqual(
            rules["Alert"]["annotations"],
            {
                **texts,
                "piped": "{{ $values.A.Value | humanize }}",
                "quoted": '{{ printf "%.0f $value" $values.A.Value }}',
                "compared": "{{- if gt $values.A.Value 1.0 -}} $value {{ end }}",
            },
        )

    def test_what_grafana_does_not_have_is_refused(self):
        for summary, why in (
            ("{{ query `up` }}", 'Alert: summary: Grafana has no "query" in texts'),
            ("{{ $externalLabels.dc }}", 'no "$externalLabels"'),
            ("{{ .Value }}", "write $labels and $value"),
            ("${HOME}", '"${" is not possible'),
        ):
            with self.subTest(summary):
                self.assert_refused(self.build_rules(summary=summary), why)
        self.assert_refused(
            self.build_rules(severity="'{{ $labels.severity }}'"),
            "label severity has a template",
        )

    def test_wrong_arguments_and_files_are_refused(self):
        self.assert_refused(self.build("--rules", "/nowhere"), "/nowhere: no such")
        self.assert_refused(self.build("--rules"), "--rules needs a folder")
        self.assert_refused(self.build("--fast"), "unknown argument '--fast'")
        self.assert_refused(self.build("--rules", self.folder), "no *.rules.yml there")
        self.assert_refused(self.build_rules(expr="[1, 2]"), "Alert: expr: want a text")

    def test_without_packages_and_npm_it_says_what_is_missing(self):
        # An npm that cannot reach anything.
        npm = self.folder / "bin" / "npm"
        npm.parent.mkdir()
        npm.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
        npm.chmod(0o755)
        done = self.build(
            PATH=f"{npm.parent}:/usr/local/bin:/usr/bin:/bin",
            HOME=str(self.folder),
            XDG_CACHE_HOME=str(self.folder / "cache"),
        )

        self.assertEqual(done.returncode, 1)
        self.assertIn("no network", done.stderr)
        self.assertIn("npm could not fetch the packages", done.stderr)
        self.assertFalse(list((self.folder / "cache").rglob("node_modules")))

    def test_list_of_packages_names_no_registry(self):
        text = (GRAFANA / "package-lock.json").read_text()

        self.assertNotIn('"resolved"', text)
        self.assertIn('"integrity"', text)


if __name__ == "__main__":
    unittest.main()
