"""Series over time as SVG, as Grafana's time series panel draws them."""

import math
import time
from xml.sax.saxutils import escape

from units import text_of

COLOURS = (
    "#56a64b", "#e0b400", "#3274d9", "#ff780a", "#e02f44", "#a352cc", "#5195ce",
    "#8f3bb8", "#37872d", "#c4162a",
)
NAMED = {"green": "#56a64b", "orange": "#ff780a", "red": "#e02f44", "blue": "#3274d9"}
GREY = "#8a8d94"
_LEFT, _BOTTOM, _TOP = 66, 22, 28
_LEGEND_LINE = 14
_LEGEND_LINES = 4


def text(x, y, content, size=11, colour="#333", anchor="start", weight="normal"):
    bold = "" if weight == "normal" else f' font-weight="{weight}"'
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}"{bold}>{escape(content)}</text>'
    )


class Line:
    """One series: its name, its points by time, and how it is drawn."""

    def __init__(self, name, points, is_limit=False):
        self.name = name
        self.points = dict(points)
        self.is_limit = is_limit
        self.colour = NAMED["red"]


def nice_step(highest, ticks=4, is_binary=False):
    """A round distance between ticks, so that about as many fit."""
    raw = highest / ticks
    if is_binary:
        return 2 ** math.ceil(math.log2(raw))
    power = 10 ** math.floor(math.log10(raw))
    return next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= raw)


def stacked(lines):
    """Bottom and top of each line by time, each on those before it."""
    heights = {}
    bands = []
    for line in lines:
        band = {}
        for when, value in line.points.items():
            bottom = heights.get(when, 0)
            band[when] = (bottom, bottom + value)
            heights[when] = bottom + value
        bands.append(band)
    return bands


class Chart:
    """A plot of lines at a place on the page."""

    def __init__(self, box, unit, begin, end, step, highest=None):
        self._x, self._y, self._width, self._height = box
        self._unit = unit
        self._begin, self._end, self._step = begin, end, step
        self._highest = highest
        self._left = self._x + _LEFT
        self._right = self._x + self._width - 12
        self._top = self._y + _TOP
        self._bottom = self._y + self._height - _BOTTOM

    def draw(self, lines, is_stacked=False, thresholds=(), marks=()):
        """SVG; `marks` are (time, colour), `thresholds` (value, colour)."""
        colours = iter(COLOURS * (1 + len(lines) // len(COLOURS)))
        for line in lines:
            if not line.is_limit:
                line.colour = next(colours)
        legend = self._legend(lines)
        ordinary = [line for line in lines if not line.is_limit]
        bands = stacked(ordinary) if is_stacked else [
            {when: (0, value) for when, value in line.points.items()}
            for line in ordinary
        ]
        self._scale(bands, lines)
        parts = self._axes()
        parts += [self._mark(when, colour) for when, colour in marks
                  if self._begin <= when <= self._end]
        for line, band in zip(ordinary, bands):
            parts += self._band(line, band, 0.35 if is_stacked else 0)
        for line in lines:
            if line.is_limit:
                values = {when: (0, value) for when, value in line.points.items()}
                parts += self._band(line, values, 0)
        parts += [self._threshold(value, colour) for value, colour in thresholds
                  if value <= self._highest]
        return parts + legend

    def _scale(self, bands, lines):
        found = [top for band in bands for _, top in band.values()]
        found += [v for line in lines if line.is_limit for v in line.points.values()]
        found = [value for value in found if math.isfinite(value)]
        if self._highest is None:
            self._highest = max(found, default=0) * 1.08 or 1

    def _legend(self, lines):
        """The names, below the plot, which gets that much lower."""
        places, x, row = [], self._x + 12, 0
        for line in lines:
            name = f"{line.name}: {self._last(line)}"
            width = 22 + 6 * len(name)
            if x + width > self._right and x > self._x + 12:
                x, row = self._x + 12, row + 1
            places.append((line, name, x, row))
            x += width
        # As long a legend would be scrolled.
        places = [place for place in places if place[3] < _LEGEND_LINES]
        rows = 1 + max((row for *_, row in places), default=0)
        self._bottom -= rows * _LEGEND_LINE
        parts = []
        for line, name, x, row in places:
            y = self._y + self._height - (rows - row) * _LEGEND_LINE + 6
            parts.append(
                f'<rect x="{x:.0f}" y="{y - 6:.0f}" width="10" height="4" '
                f'fill="{line.colour}"/>'
            )
            parts.append(text(x + 14, y, name, 10, "#555"))
        return parts

    def _last(self, line):
        """The last value that is one, as the legend has it."""
        values = [
            value for _, value in sorted(line.points.items()) if math.isfinite(value)
        ]
        return text_of(values[-1], self._unit) if values else "–"

    def _at(self, when, value):
        part = (when - self._begin) / (self._end - self._begin)
        x = self._left + part * (self._right - self._left)
        value = min(value, self._highest)
        y = self._bottom - value / self._highest * (self._bottom - self._top)
        return f"{x:.1f},{y:.1f}"

    def _axes(self):
        parts = []
        is_binary = self._unit in ("bytes", "binBps") and self._highest > 4
        step = nice_step(self._highest, is_binary=is_binary)
        for number in range(int(self._highest / step + 1e-9) + 1):
            value = number * step
            y = float(self._at(self._begin, value).split(",")[1])
            parts.append(
                f'<path d="M{self._left} {y:.1f}H{self._right}" stroke="#e4e5e8"/>'
            )
            parts.append(
                text(self._left - 6, y + 4, text_of(value, self._unit), 10, GREY, "end")
            )
        for part in (0.05, 0.5, 0.95):
            when = self._begin + part * (self._end - self._begin)
            x = self._left + part * (self._right - self._left)
            parts.append(
                text(x, self._bottom + 14, time.strftime("%H:%M:%S", time.gmtime(when)),
                     10, GREY, "middle")
            )
        return parts

    def _runs(self, band):
        """The times of a line, apart where it has gaps."""
        runs, before = [], None
        for when in sorted(when for when in band if math.isfinite(band[when][1])):
            if before is None or when - before > 1.5 * self._step:
                runs.append([])
            runs[-1].append(when)
            before = when
        return runs

    def _band(self, line, band, opacity):
        parts = []
        dash = ' stroke-dasharray="8 5"' if line.is_limit else ""
        width = 1.6 if line.is_limit else 1.2
        for run in self._runs(band):
            top = [self._at(when, band[when][1]) for when in run]
            if opacity and len(run) > 1:
                bottom = [self._at(when, band[when][0]) for when in reversed(run)]
                if not any(band[when][0] for when in run):
                    bottom = [bottom[0], bottom[-1]]
                parts.append(
                    f'<polygon points="{" ".join(top + bottom)}" '
                    f'fill="{line.colour}" fill-opacity="{opacity}"/>'
                )
            parts.append(
                f'<polyline points="{" ".join(top)}" fill="none" '
                f'stroke="{line.colour}" stroke-width="{width}"{dash}/>'
            )
        return parts

    def _threshold(self, value, colour):
        y = self._at(self._begin, value).split(",")[1]
        return (
            f'<path d="M{self._left} {y}H{self._right}" stroke="{colour}" '
            'stroke-dasharray="4 4" stroke-opacity="0.7"/>'
        )

    def _mark(self, when, colour):
        x = self._at(when, 0).split(",")[0]
        return (
            f'<path d="M{x} {self._top}V{self._bottom}" stroke="{colour}" '
            'stroke-dasharray="3 3"/>'
        )
