"""Whether the dashboards keep to what all of them have in common."""

import collections
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import yaml  # noqa: E402

from dashboards import alert_rules, load, panels, queries, variables  # noqa: E402

UNITS = {
    "percentunit", "bytes", "binBps", "s", "ops", "cps", "pps", "short", "none",
    "suffix: cores", "dateTimeFromNow",
}
# Of Prometheus itself.
OWN_METRICS = {"up"}
KEYWORDS = {"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring",
            "group_left", "group_right", "Inf", "NaN"}

_ROW = re.compile(r"^\| `(reeve_\w+|process_\w+)` \|(.*)$", re.MULTILINE)
_GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_NAME = re.compile(r"[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()")


def documented_metrics():
    """Every name that a page of metrics may have, by docs/metrics.md."""
    names = set()
    for name, rest in _ROW.findall((ROOT / "docs" / "metrics.md").read_text()):
        if "| histogram |" in f"|{rest}":
            names |= {f"{name}_{end}" for end in ("bucket", "count", "sum")}
        else:
            names.add(name)
    return names


def recorded_metrics():
    names = set()
    for file in (ROOT / "exporters" / "prometheus" / "rules").glob("*.rules.yml"):
        for group in yaml.safe_load(file.read_text())["groups"]:
            names |= {rule["record"] for rule in group["rules"] if "record" in rule}
    return names


def metrics_of(expr):
    """The names of the metrics in an expression."""
    bare = re.sub(r'"[^"]*"', "", expr)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", bare)
    bare = _GROUPING.sub(" ", bare)
    bare = re.sub(r"\b\d[\w.]*", " ", bare)
    return {name for name in _NAME.findall(bare) if name not in KEYWORDS}


class MetricsOfTest(unittest.TestCase):
    def test_only_names_of_metrics_are_found(self):
        expr = (
            'topk(10, sum by (job, task) (rate(a_total{job="$job", x=~"b.c"}[5m])))'
            " / on (task) group_left (d) (e:f:g > 0.5) and h offset 10m"
        )

        self.assertEqual(metrics_of(expr), {"a_total", "e:f:g", "h"})


class DashboardsTest(unittest.TestCase):
    dashboards = load()

    def for_each_panel(self, check):
        for uid, dashboard in self.dashboards.items():
            for panel in panels(dashboard):
                with self.subTest(dashboard=uid, panel=panel["title"]):
                    check(panel)

    def for_each_query(self, check):
        for uid, dashboard in self.dashboards.items():
            for query in queries(dashboard):
                with self.subTest(dashboard=uid, of=query.title, expr=query.expr):
                    check(query)

    def test_each_file_is_a_dashboard_of_its_own(self):
        files = list((ROOT / "exporters/grafana/dashboards").glob("*.json"))

        self.assertEqual(
            {f"reeve-{file.stem}" for file in files}, set(self.dashboards)
        )
        self.assertEqual(len(files), len(self.dashboards))
        for file in files:
            self.assertNotIn("__inputs", file.read_text())
        for dashboard in self.dashboards.values():
            self.assertGreater(dashboard["schemaVersion"], 0)
            self.assertNotIn("id", dashboard)

    def test_panels_have_numbers_of_their_own(self):
        for uid, dashboard in self.dashboards.items():
            numbers = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(numbers), len(set(numbers)), uid)

    def test_panels_do_not_lie_on_each_other(self):
        for uid, dashboard in self.dashboards.items():
            taken = collections.Counter()
            for panel in dashboard["panels"]:
                at = panel["gridPos"]
                self.assertLessEqual(at["x"] + at["w"], 24, (uid, panel["title"]))
                for x in range(at["x"], at["x"] + at["w"]):
                    for y in range(at["y"], at["y"] + at["h"]):
                        taken[x, y] += 1
            self.assertEqual(set(taken.values()), {1}, uid)

    def test_panels_say_what_they_show_in_which_unit(self):
        def check(panel):
            self.assertRegex(panel["description"], r"^[A-Zc].{15,}\.$")
            self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS)
            self.assertTrue(panel["targets"])
            for target in panel["targets"]:
                self.assertTrue(target["expr"])
                self.assertEqual(target["datasource"]["uid"], "${datasource}")
            letters = [target["refId"] for target in panel["targets"]]
            self.assertEqual(len(letters), len(set(letters)))

        self.for_each_panel(check)

    def test_there_are_only_metrics_that_are_documented(self):
        known = documented_metrics() | recorded_metrics() | OWN_METRICS
        self.assertGreater(len(known), 100)

        def check(query):
            names = metrics_of(query.expr)
            self.assertTrue(names)
            self.assertEqual(names - known, set())

        self.for_each_query(check)

    def test_rates_follow_the_resolution_of_the_screen(self):
        def check(query):
            for function, interval in re.findall(
                r"\b(\w+)\([^()]*?\[([^\]]+)\]", query.expr
            ):
                wanted = "$__range" if function == "increase" else "$__rate_interval"
                self.assertEqual(interval, wanted, function)

        self.for_each_query(check)

    def test_counters_are_not_shown_as_they_are(self):
        # But for those of which the sum since the start is what one wants to know.
        sums = {"OOM kills", "Restarts"}

        def check(query):
            if query.title not in sums:
                self.assertNotRegex(query.expr, r"(?<![(])\b\w+_total\{")

        self.for_each_query(check)

    def test_legends_of_many_tasks_are_bounded(self):
        def check(query):
            if query.legend and "{{task}} on" in query.legend:
                self.assertTrue(query.expr.startswith("topk(10, "))

        self.for_each_query(check)

    def test_variables_are_those_that_expressions_use(self):
        for uid, dashboard in self.dashboards.items():
            with self.subTest(dashboard=uid):
                first = dashboard["templating"]["list"][0]
                self.assertEqual(first["name"], "datasource")
                self.assertEqual(first["query"], "prometheus")
                names = {name for name, _, _ in variables(dashboard)}
                used = set(
                    re.findall(
                        r"\$(\w+)",
                        " ".join(query.expr for query in queries(dashboard)),
                    )
                )
                self.assertEqual(used - names, {"__rate_interval"} | (used & {"__range"}))
                self.assertEqual(names - used, set())

    def test_links_lead_to_dashboards_that_there_are(self):
        for uid, dashboard in self.dashboards.items():
            linked = set(re.findall(r'"/d/([\w-]+)', str(dashboard).replace("'", '"')))
            self.assertEqual(linked - set(self.dashboards), set(), uid)
        for uid in ("reeve-fleet", "reeve-host"):
            self.assertIn("/d/reeve-task?", str(self.dashboards[uid]))
        for dashboard in self.dashboards.values():
            self.assertEqual(dashboard["links"][0]["tags"], dashboard["tags"])


class AlertRulesTest(unittest.TestCase):
    def test_there_are_only_metrics_that_are_documented(self):
        known = documented_metrics() | recorded_metrics() | OWN_METRICS
        for title, rule in alert_rules().items():
            with self.subTest(title):
                names = metrics_of(rule["data"][0]["model"]["expr"])
                self.assertTrue(names)
                self.assertEqual(names - known, set())


if __name__ == "__main__":
    unittest.main()
