"""A dashboard of Grafana as one SVG, with what Prometheus answers to its queries."""

import math

from chart import GREY, NAMED, Chart, Line, text
from dashboards import fill_in, legend_text, panels
from units import text_of

_COLUMN = 50
_ROW = 30
_GAP = 4


def _place(panel):
    at = panel["gridPos"]
    return (
        at["x"] * _COLUMN + _GAP,
        at["y"] * _ROW + _GAP,
        at["w"] * _COLUMN - 2 * _GAP,
        at["h"] * _ROW - 2 * _GAP,
    )


def _steps(defaults):
    """The thresholds of a panel or column: value (None is any) and colour."""
    return [
        (step["value"], NAMED[step["color"]])
        for step in defaults.get("thresholds", {}).get("steps", [])
    ]


def _colour_of(value, steps):
    colour = "#333"
    for bound, name in steps:
        if bound is None or value >= bound:
            colour = name
    return colour


class Board:
    """Draws dashboards.

    `prometheus` has what tests/e2e/prometheus.py has; `values` are those of the
    variables, `begin` and `end` the time that is shown.
    """

    def __init__(self, prometheus, values, begin, end, points=60):
        self._prometheus = prometheus
        self._values = values
        self._begin, self._end = begin, end
        self._step = max(1, round((end - begin) / points))

    def draw(self, dashboard):
        """The SVG."""
        marks = self._marks(dashboard)
        parts = []
        for panel in dashboard["panels"]:
            if panel["type"] == "row":
                x, y, _, _ = _place(panel)
                parts.append(text(x + 6, y + 16, panel["title"], 14, "#111", weight="600"))
        for panel in panels(dashboard):
            x, y, width, height = _place(panel)
            parts.append(
                f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" '
                'fill="#fff" stroke="#dcdde0"/>'
            )
            parts.append(text(x + 10, y + 18, panel["title"], 12, "#222", weight="600"))
            parts += getattr(self, "_" + panel["type"])(panel, marks)
        height = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in dashboard["panels"])
        return "\n".join(
            [
                '<svg xmlns="http://www.w3.org/2000/svg" '
                f'viewBox="0 0 {24 * _COLUMN} {height * _ROW}" '
                f'width="{24 * _COLUMN}" height="{height * _ROW}" '
                'font-family="Inter, Helvetica, Arial, sans-serif">',
                '<rect width="100%" height="100%" fill="#f4f5f5"/>',
                *parts,
                "</svg>\n",
            ]
        )

    def _fill_in(self, expr):
        seconds = max(10, 4 * self._step)
        return fill_in(
            expr, self._values, f"{seconds}s", f"{int(self._end - self._begin)}s"
        )

    def _range(self, expr):
        answer = self._prometheus.api(
            "query_range",
            query=self._fill_in(expr),
            start=self._begin,
            end=self._end,
            step=self._step,
        )
        return [
            (series["metric"], [(when, float(value)) for when, value in series["values"]])
            for series in answer["result"]
        ]

    def _instant(self, expr):
        return self._prometheus.query(self._fill_in(expr))

    def _marks(self, dashboard):
        """Time and colour of what happened."""
        found = []
        for annotation in dashboard["annotations"]["list"]:
            colour = NAMED[annotation["iconColor"]]
            for _, points in self._range(annotation["expr"]):
                if annotation.get("useValueForTime"):
                    found += [(value / 1000, colour) for value in {v for _, v in points}]
                    continue
                before = -math.inf
                for when, _ in points:
                    # Those without a pause are one.
                    if when - before > 1.5 * self._step:
                        found.append((when, colour))
                    before = when
        return found

    def _timeseries(self, panel, marks):
        defaults = panel["fieldConfig"]["defaults"]
        limits = [
            override["matcher"]["options"].strip("/^")
            for override in panel["fieldConfig"]["overrides"]
        ]
        lines = []
        for target in panel["targets"]:
            for labels, points in self._range(target["expr"]):
                name = legend_text(target["legendFormat"], labels)
                is_limit = any(name.startswith(limit) for limit in limits)
                lines.append(Line(name, points, is_limit))
        chart = Chart(
            _place(panel), defaults["unit"], self._begin, self._end, self._step,
            defaults.get("max"),
        )
        if not lines:
            return self._no_data(panel)
        return chart.draw(
            lines,
            "stacking" in defaults["custom"],
            [(value, colour) for value, colour in _steps(defaults) if value is not None],
            marks,
        )

    def _no_data(self, panel):
        x, y, width, height = _place(panel)
        return [text(x + width / 2, y + height / 2, "No data", 13, GREY, "middle")]

    def _stat(self, panel, _):
        defaults = panel["fieldConfig"]["defaults"]
        x, y, width, height = _place(panel)
        target = panel["targets"][0]
        answer = self._instant(target["expr"])
        if not answer:
            content, colour = defaults.get("noValue", "No data"), "#333"
        elif panel["options"]["textMode"] == "name":
            content, colour = legend_text(target["legendFormat"], answer[0][0]), "#333"
        else:
            value = answer[0][1]
            content = text_of(value, defaults["unit"])
            colour = _colour_of(value, _steps(defaults))
            for mapping in defaults.get("mappings", []):
                shown = mapping["options"].get(f"{value:g}")
                if shown:
                    content, colour = shown["text"], NAMED[shown["color"]]
        return [text(x + width / 2, y + height / 2 + 20, content, 24, colour, "middle")]

    def _table(self, panel, _):
        overrides = {
            override["matcher"]["options"]: {
                item["id"]: item["value"] for item in override["properties"]
            }
            for override in panel["fieldConfig"]["overrides"]
        }
        order = panel["transformations"][1]["options"]["indexByName"]
        labels = [
            name
            for name in order
            if not name.startswith("Value")
            and not overrides.get(name, {}).get("custom.hidden")
        ]
        all_labels = [name for name in order if not name.startswith("Value")]
        titles = [target["legendFormat"] for target in panel["targets"]]
        rows = {}
        for target in panel["targets"]:
            for metric, value in self._instant(target["expr"]):
                key = tuple(metric.get(name, "") for name in all_labels)
                rows.setdefault(key, {})[target["legendFormat"]] = value
        sorted_rows = sorted(
            rows.items(), key=lambda row: row[1].get(titles[0], 0), reverse=True
        )
        x, y, width, _ = _place(panel)
        column = (width - 20) / (len(labels) + len(titles))
        parts = [
            text(x + 12 + number * column, y + 40, name, 11, GREY, weight="600")
            for number, name in enumerate([*labels, *titles])
        ]
        for number, (key, cells) in enumerate(sorted_rows[:10]):
            line = y + 60 + 20 * number
            for place, name in enumerate(labels):
                parts.append(
                    text(x + 12 + place * column, line, key[all_labels.index(name)], 11,
                         NAMED["blue"] if "links" in overrides.get(name, {}) else "#333")
                )
            for place, title in enumerate(titles, len(labels)):
                if title in cells:
                    settings = overrides[title]
                    steps = _steps({"thresholds": settings.get("thresholds", {})})
                    parts.append(
                        text(x + 12 + place * column, line,
                             text_of(cells[title], settings["unit"]), 11,
                             _colour_of(cells[title], steps))
                    )
        return parts
