"""Reads Grafana's dashboards and alert rules as tests and drawings want them."""

import collections
import json
import pathlib
import re

import yaml

GRAFANA = pathlib.Path(__file__).resolve().parents[2] / "exporters" / "grafana"

# One expression: of which panel (or variable, or annotation), and of which kind it
# is. `legend` may be None.
Query = collections.namedtuple("Query", "title kind expr legend")

_LABEL_VALUES = re.compile(r"label_values\((.+), (\w+)\)$")


def load(folder=GRAFANA / "dashboards"):
    """The dashboards by their uid."""
    found = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    return {dashboard["uid"]: dashboard for dashboard in found}


def panels(dashboard):
    """Its panels, without rows."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def variables(dashboard):
    """Name, series and label of the variables whose values are those of a label."""
    found = []
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series, label = _LABEL_VALUES.match(variable["query"]["query"]).groups()
            found.append((variable["name"], series, label))
    return found


def queries(dashboard):
    """All that a dashboard asks Prometheus."""
    found = [
        Query(panel["title"], "panel", target["expr"], target.get("legendFormat"))
        for panel in panels(dashboard)
        for target in panel["targets"]
    ]
    found += [
        Query(annotation["name"], "annotation", annotation["expr"], None)
        for annotation in dashboard["annotations"]["list"]
    ]
    found += [
        Query(name, "variable", series, "{{" + label + "}}")
        for name, series, label in variables(dashboard)
    ]
    return found


def legend_labels(legend):
    """The labels that a legend shows."""
    return set(re.findall(r"\{\{\s*(\w+)\s*\}\}", legend or ""))


def legend_text(legend, labels):
    """What a legend says of a series."""
    return re.sub(
        r"\{\{\s*(\w+)\s*\}\}", lambda match: labels.get(match[1], ""), legend
    )


def fill_in(expr, values, rate_interval="10s", time_range="5m"):
    """An expression with values in the place of Grafana's variables."""
    known = {
        "__rate_interval": rate_interval,
        "__range": time_range,
        "__interval": "1s",
        **values,
    }

    def value_of(match):
        name = match[1]
        if name not in known:
            raise AssertionError(f"nothing is known of ${name} in {expr}")
        return known[name]

    return re.sub(r"\$(\w+)", value_of, expr)


def alert_rules(file=GRAFANA / "provisioning" / "alerting" / "rules.yaml"):
    """Grafana's alert rules by their title."""
    groups = yaml.safe_load(file.read_text())["groups"]
    return {rule["title"]: rule for group in groups for rule in group["rules"]}
