"""A picture of samples: panels below each other, over the same launches."""

WIDTH = 760
PANEL_HEIGHT = 150
# Of the area inside the axes of a panel.
LEFT, RIGHT = 76, 40
FIRST_TOP = 64
PANEL_GAP = 54
BOTTOM = 48
TICKS = 4

# Title of a panel, and the lines in it: field, name, class of the style.
PANELS = (
    ("Memory of the agent, KiB",
     (("rss_kib", "resident", "one"), ("private_kib", "private", "two"))),
    ("Open file descriptors", (("fds", "", "one"),)),
    ("Threads", (("threads", "", "one"),)),
)

STYLE = """
  .paper { fill: #ffffff; }
  text { fill: #24292f; font: 13px "DejaVu Sans", Helvetica, Arial, sans-serif; }
  .heading { font-size: 16px; font-weight: bold; }
  .title { font-weight: bold; }
  .faint { fill: #57606a; font-size: 12px; }
  .grid { stroke: #d8dee4; }
  .axis { stroke: #57606a; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .one { stroke: #0969da; }
  .two { stroke: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; }
    text { fill: #e6edf3; }
    .faint { fill: #9198a1; }
    .grid { stroke: #30363d; }
    .axis { stroke: #9198a1; }
    .one { stroke: #4493f8; }
    .two { stroke: #f0883e; }
  }
"""


def step_of(greatest, ticks=TICKS):
    """A round distance of ticks that needs about that many up to a number."""
    rough = max(greatest, 1) / ticks
    power = 1
    while power * 10 <= rough:
        power *= 10
    return next(power * m for m in (1, 2, 5, 10) if power * m >= rough)


def grouped(number):
    """With spaces between thousands."""
    return f"{number:,}".replace(",", " ")


def _text(x, y, words, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{kind}>{words}</text>'


def _rule(x1, y1, x2, y2, kind):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'class="{kind}"/>')


class _Panel:
    """One panel, whose values begin at 0 so that growth is seen in proportion."""

    def __init__(self, samples, top, title, lines):
        self._samples = samples
        self._bottom = top + PANEL_HEIGHT
        self._top = top
        self._title = title
        self._lines = lines
        greatest = max(
            getattr(sample, field) for sample in samples for field, _, _ in lines
        )
        self._step = step_of(greatest)
        # Room above the line, also where it is on a tick.
        self._most = (greatest // self._step + 1) * self._step
        self._launches = samples[-1].launches

    def _x(self, launches):
        return LEFT + (WIDTH - LEFT - RIGHT) * launches / self._launches

    def _y(self, value):
        return self._bottom - PANEL_HEIGHT * value / self._most

    def _value_axis(self):
        for value in range(0, self._most + 1, self._step):
            y = self._y(value)
            yield _rule(LEFT, y, WIDTH - RIGHT, y, "grid" if value else "axis")
            yield _text(LEFT - 8, y + 4, grouped(value), "faint", "end")

    def _launch_axis(self):
        for launches in range(0, self._launches + 1, step_of(self._launches, 5)):
            x = self._x(launches)
            yield _rule(x, self._bottom, x, self._bottom + 5, "axis")
            yield _text(x, self._bottom + 18, grouped(launches), "faint", "middle")

    def _polyline(self, field, kind):
        points = " ".join(
            f"{self._x(sample.launches):.1f},{self._y(getattr(sample, field)):.1f}"
            for sample in self._samples
        )
        return f'<polyline class="line {kind}" points="{points}"/>'

    def _legend(self):
        x = WIDTH - RIGHT - 180
        for _, name, kind in self._lines:
            if name:
                yield _rule(x, self._top - 14, x + 22, self._top - 14, f"line {kind}")
                yield _text(x + 28, self._top - 10, name, "faint")
            x += 100

    def elements(self):
        yield _text(LEFT, self._top - 10, self._title, "title")
        yield from self._legend()
        yield from self._value_axis()
        yield from self._launch_axis()
        for field, _, kind in self._lines:
            yield self._polyline(field, kind)


def draw(samples):
    """The text of an SVG file."""
    height = FIRST_TOP + len(PANELS) * (PANEL_HEIGHT + PANEL_GAP) - PANEL_GAP + BOTTOM
    heading = f"One agent, {grouped(samples[-1].launches)} launches"
    elements = [_text(LEFT, 28, heading, "heading")]
    for number, (title, lines) in enumerate(PANELS):
        top = FIRST_TOP + number * (PANEL_HEIGHT + PANEL_GAP)
        elements += _Panel(samples, top, title, lines).elements()
    elements.append(_text(WIDTH - RIGHT, height - 12, "launches", "faint", "end"))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{heading}">',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        *elements,
        "</svg>\n",
    ])
