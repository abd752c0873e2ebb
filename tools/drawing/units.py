"""Values as Grafana writes them, by its names of units."""

import time

_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi")
_DECIMAL = ("", " K", " Mil", " Bil")


def _number(value):
    """Three digits that count, without trailing zeros."""
    if value == 0:
        return "0"
    digits = max(0, 2 - len(str(int(abs(value)))) + 1) if abs(value) >= 1 else 3
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(value, base, names):
    step = 0
    while abs(value) >= base and step < len(names) - 1:
        value /= base
        step += 1
    return _number(value), names[step]


def _seconds(value):
    for factor, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if abs(value) >= factor:
            return f"{_number(value / factor)} {name}"
    return "0 s" if value == 0 else f"{_number(value / 1e-9)} ns"


def _ago(milliseconds):
    seconds = time.time() - milliseconds / 1000
    if seconds < 90:
        return "a minute ago"
    return f"{seconds / 60:.0f} minutes ago"


def text_of(value, unit):
    """A value in its unit."""
    if unit == "percentunit":
        return f"{_number(value * 100)} %"
    if unit in ("bytes", "binBps"):
        number, prefix = _scaled(value, 1024, _BINARY)
        return f"{number} {prefix}B" + ("/s" if unit == "binBps" else "")
    if unit == "s":
        return _seconds(value)
    if unit == "dateTimeFromNow":
        return _ago(value)
    number, prefix = _scaled(value, 1000, _DECIMAL)
    if unit.startswith("suffix:"):
        return f"{number}{prefix} {unit.partition(':')[2].strip()}"
    suffix = {"ops": " ops/s", "cps": " c/s", "pps": " p/s"}.get(unit, "")
    return number + prefix + suffix
