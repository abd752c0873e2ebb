"""Whether an agent grew, from samples of it."""

import statistics

# Field, the unit in words, and how much more the median of the last tenth may
# be than that of the second: a share of it, and an amount. The first tenth is
# for what an agent makes once: threads, arenas of the allocator, a log of
# events that fills up.
BOUNDS = (
    ("private_kib", "KiB of private memory", 0.05, 512),
    ("rss_kib", "KiB of resident memory", 0.05, 512),
)
# As many more of these as launches are in flight.
COUNTS = (("fds", "open files"), ("threads", "threads"))


def tenth(samples, number):
    """The samples of one tenth of the run, counted from 1; one at least."""
    size = len(samples) / 10
    begin = int(size * (number - 1))
    return samples[begin:max(begin + 1, int(size * number))]


def median(samples, field):
    return statistics.median(getattr(sample, field) for sample in samples)


def growth(samples, in_flight):
    """What became more than it may, in words; none if all is flat."""
    limits = [*BOUNDS, *((field, unit, 0, in_flight) for field, unit in COUNTS)]
    problems = []
    for field, unit, share, amount in limits:
        before = median(tenth(samples, 2), field)
        after = median(tenth(samples, 10), field)
        if after > before * (1 + share) + amount:
            problems.append(f"{unit} grew from {before:.0f} to {after:.0f}")
    return problems


def summary(samples):
    """A table of the medians of tenths, and of the most that was seen."""
    lines = ["| | 2nd tenth | last tenth | most |", "|---|--:|--:|--:|"]
    for field, name in (
        ("private_kib", "private memory, KiB"),
        ("rss_kib", "resident memory, KiB"),
        ("fds", "open files"),
        ("threads", "threads"),
        ("page_bytes", "/metrics, bytes"),
        ("zombies", "zombies"),
        ("strays", "processes that no shim reaped"),
        ("cgroups", "cgroups of tasks"),
        ("state_entries", "tasks in the state directory"),
    ):
        most = max(getattr(sample, field) for sample in samples)
        lines.append(
            f"| {name} | {median(tenth(samples, 2), field):.0f} "
            f"| {median(tenth(samples, 10), field):.0f} | {most} |"
        )
    last = samples[-1]
    rate = last.launches / last.seconds if last.seconds else 0
    lines.append(f"\n{last.launches} launches in {last.seconds:.0f} s, "
                 f"{rate:.0f} a second")
    return "\n".join(lines)
