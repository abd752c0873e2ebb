"""Runs the project's tests, stage by stage. Started by tools/test."""

import argparse
import concurrent.futures
import functools
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from bazel import Bazel  # noqa: E402
from project import (  # noqa: E402
    ROOT,
    changed_since,
    packages,
    run,
    shell_scripts,
    source_label,
    sources,
)
from results import (  # noqa: E402
    FAILED,
    PASSED,
    Case,
    HeldReport,
    Report,
    Suite,
    failed_by_cases,
    gtest_suite,
    last_lines,
    read_cases,
    with_second_run,
)

TOOLS = ROOT / "tools" / "testing"
CACHE = pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
)
PYTHON = ["/usr/bin/python3", "-B"]

# Tests below it need the kernel and root, so Bazel only builds them.
INTEGRATION = "//tests/integration"
# End-to-end tests that are left out by --quick, and those that also run in the
# test machine, since what they show depends on the cgroup version.
SLOW_E2E = {
    "alerts_test.py",
    "chaos_test.py",
    "churn_test.py",
    "demo_stack_test.py",
    "quickstart_test.py",
    "quiet_test.py",
    "story_test.py",
}
VM_E2E = {
    "accuracy_test.py",
    "delegation_test.py",
    "docs_test.py",
    "escape_host_test.py",
    "exhaustion_test.py",
    "group_test.py",
    "host_test.py",
    "landlock_test.py",
    "lifetime_test.py",
    "memory_test.py",
    "page_values_test.py",
    "pause_test.py",
    "pids_test.py",
    "policy_memory_test.py",
    "process_limits_test.py",
    "reserve_test.py",
    "shares_test.py",
    "update_test.py",
}

# What says how clang-tidy checks.
TIDY_RULES = {".clang-tidy", "tools/tidy/tidy.bzl"}

# What code that starts threads includes.
THREADED = r"<(future|thread)>|grpcpp|pthread\.h"

PROGRAM_SECONDS = 300
MACHINE_SECONDS = 3000
E2E_SECONDS = 900
# Three machines are booted, and a root is made.
PACKAGE_SECONDS = 2700

# Of how many programs cases may fail at first. Tests of a kernel at work, on a machine
# with other work, are not as steady as one would like; more than these are a fault.
SECOND_RUNS = 3


class Stages:
    """Each method without underscore is one stage, and run_unsteady() comes after them.

    unsteady has, of each program that gets a second run, its stage, its suite, and
    what runs it.
    """

    def __init__(self, report, options, unsteady):
        self._report = report
        self._quick = options.quick
        self._chosen = options.stages
        self._bazel = Bazel(CACHE)
        self._begun = {}
        self._unsteady = unsteady

    @functools.cached_property
    def _background(self):
        """Of the stages that mostly compile: they begin while others mostly wait."""
        return Bazel(CACHE, background=True)

    def close(self):
        """Ends what would go on without a stage."""
        if "_background" in vars(self):
            self._background.close()

    # --- What several stages do

    def _check(self, name, arguments):
        """One program that is quiet and succeeds if all is well."""
        done = run(arguments)
        if done.returncode == 0:
            case = Case(name, PASSED)
        else:
            case = Case(name, FAILED, last_lines(done.stdout))
        self._report.add(Suite(name, [case]))

    def _check_format(self):
        files = sources("*.h", "*.cc")
        done = run(["clang-format", "--dry-run", "-Werror", *files])
        case = Case("clang-format", PASSED)
        if done.returncode != 0:
            lines = [line for line in done.stdout.splitlines() if ": error:" in line]
            wrong = sorted({line.split(":")[0] for line in lines})
            case = Case("clang-format", FAILED, "clang-format -i " + " ".join(wrong))
        self._report.add(Suite("clang-format", [case]))

    def _labels(self, config=None):
        """All tests that say something in a configuration."""
        if config != "tsan":
            return self._bazel.query("tests(//tests/...)")
        # Where there are no threads there is no race.
        threaded = run(["git", "grep", "--untracked", "-lE", THREADED, "--",
                        "*.h", "*.cc"]).stdout.split()
        labels = " ".join(source_label(name) for name in threaded)
        return self._bazel.query(f"tests(rdeps(//tests/..., set({labels})))")

    def _unit_labels(self, config=None):
        return [
            label
            for label in self._labels(config)
            if not label.startswith(INTEGRATION)
        ]

    def _integration_labels(self, config=None):
        return [
            label for label in self._labels(config) if label.startswith(INTEGRATION)
        ]

    def _add_suites(self, suites, run_again):
        """Reports suites, but for those in which cases failed: they wait for their
        second run. run_again gets the number of one, and returns what came of it.
        """
        for number, suite in enumerate(suites):
            if failed_by_cases(suite) and len(self._unsteady) < SECOND_RUNS:
                self._unsteady.append(
                    (self._report.heading, suite, lambda n=number: run_again(n))
                )
                print(
                    f"...  {suite.name}: cases failed, it will be run again",
                    flush=True,
                )
            else:
                self._report.add(suite)

    def run_unsteady(self):
        """The second runs: when nothing else takes the time that they need."""
        if not self._unsteady:
            return
        self._report.begin("Second runs")
        for heading, suite, run_again in self._unsteady:
            self._report.add(with_second_run(suite, run_again()), heading)

    def _bazel_test(self, bazel, config=None):
        labels = self._unit_labels(config)

        def run_all(chosen):
            outcome = bazel.run("test", chosen, config)
            return [outcome.suite(label) for label in chosen]

        self._add_suites(run_all(labels), lambda number: run_all([labels[number]])[0])

    def _built_programs(self, bazel, config):
        """Path by label of the integration tests; reports those not built."""
        labels = self._integration_labels(config)
        if not labels:
            return {}
        outcome = bazel.run("build", labels, config)
        programs = {label: outcome.program(label) for label in labels}
        for label, path in programs.items():
            if path is None:
                self._report.add(outcome.not_built(label))
        return {label: path for label, path in programs.items() if path}

    def _program_suites(self, labels, results, otherwise):
        """What run_binaries left, and of what it did not get to run."""
        suites = []
        for number, label in enumerate(labels):
            status_file = results / f"{number}.status"
            if not status_file.exists():
                suites.append(Suite(label, [Case(label, FAILED, otherwise)]))
                continue
            status = status_file.read_text().strip()
            failure = "" if status == "0" else f"it ended with status {status}"
            if status in ("124", "137"):
                failure += f" (its time is {PROGRAM_SECONDS} seconds)"
            suites.append(
                gtest_suite(
                    label,
                    results / f"{number}.xml",
                    results / f"{number}.log",
                    failure,
                )
            )
        return suites

    def _run_programs(self, bazel, config):
        programs = self._built_programs(bazel, config)
        if not programs:
            return
        labels = list(programs)

        def run_all(chosen):
            with tempfile.TemporaryDirectory() as folder:
                done = run(
                    [TOOLS / "run_binaries", folder, PROGRAM_SECONDS,
                     *(programs[label] for label in chosen)],
                    PROGRAM_SECONDS * len(chosen),
                )
                return self._program_suites(chosen, pathlib.Path(folder), done.stdout)

        self._add_suites(run_all(labels), lambda number: run_all([labels[number]])[0])

    def _e2e_files(self, chosen=None):
        names = sorted(path.name for path in (ROOT / "tests/e2e").glob("*_test.py"))
        return [
            f"tests/e2e/{name}"
            for name in names
            if (chosen is None or name in chosen)
            and not (self._quick and name in SLOW_E2E)
        ]

    def _build_e2e(self, *more):
        """Builds what end-to-end tests start; returns its folder, or None."""
        outcome = self._bazel.run(
            "build", ["//agent:reeve", "//tests/programs/...", *more], "release"
        )
        if outcome.status != 0:
            text = f"it was not built\n{last_lines(outcome.log)}"
            self._report.add(Suite("e2e", [Case("//agent:reeve", FAILED, text)]))
            return None
        return outcome.program("//agent:reeve").parents[1]

    def _e2e_suite(self, file, results, otherwise):
        cases = read_cases(results)
        if not cases:
            cases = [Case(file, FAILED, last_lines(otherwise))]
        return Suite(file, cases)

    def _run_e2e(self, file, env=None, seconds=E2E_SECONDS):
        with tempfile.TemporaryDirectory() as folder:
            results = pathlib.Path(folder) / "results"
            done = run(
                [*PYTHON, TOOLS / "run_unittests.py", results, file], seconds, env
            )
            return self._e2e_suite(file, results, done.stdout)

    def _add_build(self, outcome):
        case = Case("//...", PASSED)
        if outcome.status != 0:
            case = Case("//...", FAILED, last_lines(outcome.log))
        self._report.add(Suite("//...", [case]))

    def _sanitize(self, config):
        self._add_build(self._compiled(config))
        self._bazel_test(self._background, config)
        self._run_programs(self._background, config)

    # --- What is compiled while other stages wait

    def _tidy_targets(self):
        """What has changed since all was clean; all, where that cannot be told."""
        changed = changed_since((ROOT / "tools/tidy/baseline").read_text().strip())
        if changed is None or TIDY_RULES & set(changed):
            return packages()
        files = [name for name in changed if name.endswith((".cc", ".h"))]
        labels = " ".join(source_label(name) for name in files)
        return labels and self._background.query(
            f"kind('cc_.* rule', same_pkg_direct_rdeps(set({labels})))"
        )

    def _compile(self, stage):
        if stage == "tidy":
            options = ["--aspects=//tools/tidy:tidy.bzl%tidy", "--output_groups=tidy"]
            targets = self._tidy_targets()
            return targets and self._background.run("build", targets, options=options)
        targets = packages() if stage == "asan" else self._labels(stage)
        return self._background.run("build", targets, stage)

    def begin_compiling(self):
        """Begins what the chosen stages among these will want, one by one."""
        if self._begun:
            return
        compiler = concurrent.futures.ThreadPoolExecutor(max_workers=1)
        for stage in self._chosen:
            if stage in COMPILING:
                self._begun[stage] = compiler.submit(self._compile, stage)
        compiler.shutdown(wait=False)

    def _compiled(self, stage):
        """What came of a stage's compilation, begun before or now."""
        begun = self._begun.get(stage)
        return begun.result() if begun else self._compile(stage)

    # --- The stages

    def style(self):
        """Formatting, scripts and Python files"""
        self._check_format()
        self._check("shellcheck", ["shellcheck", *shell_scripts()])
        for file in sources("tests/tools/*_test.py"):
            self._report.add(self._run_e2e(file))

    def rules(self):
        """Rules for Prometheus and Alertmanager, by promtool and amtool"""
        rules = sources("exporters/prometheus/rules/*.rules.yml")
        tests = sources("exporters/prometheus/rules/*_test.yml",
                        "tests/exporters/prometheus/rules/*_test.yml")
        for file in rules:
            self._check(file, ["promtool", "check", "rules", file])
        for file in tests:
            self._check(file, ["promtool", "test", "rules", file])
        for file in sources("exporters/prometheus/alertmanager/*.yml"):
            self._check(file, ["amtool", "check-config", file])

    def grafana(self):
        """Dashboards and alert rules for Grafana"""
        for file in sources("tests/exporters/grafana/*_test.py"):
            self._report.add(self._run_e2e(file))

    def build(self):
        """Everything builds"""
        # Integration tests are built as they are run, and as users' programs are.
        targets = [*packages(), f"-{INTEGRATION}/..."]
        self._add_build(self._bazel.run("build", targets))

    def tidy(self):
        """clang-tidy, of what is newer than tools/tidy/baseline"""
        outcome = self._compiled("tidy")
        case = Case("clang-tidy", PASSED)
        if outcome and outcome.status != 0:
            lines = {line for line in outcome.log.splitlines() if ": error: " in line}
            text = "\n".join(sorted(lines)) or last_lines(outcome.log)
            case = Case("clang-tidy", FAILED, text)
        self._report.add(Suite("clang-tidy", [case]))

    def unit(self):
        """Unit tests"""
        self._bazel_test(self._bazel)

    def integration(self):
        """Integration tests on this machine"""
        self._run_programs(self._bazel, "release")

    def e2e(self):
        """End-to-end tests on this machine"""
        folder = self._build_e2e()
        if folder is None:
            return
        env = dict(os.environ, REEVE_BIN=str(folder))
        for file in self._e2e_files():
            self._add_suites(
                [self._run_e2e(file, env)],
                lambda _, file=file: self._run_e2e(file, env),
            )

    def vm(self):
        """Integration and end-to-end tests in a machine with pure cgroup v2"""
        programs = self._built_programs(self._bazel, "release")
        folder = self._build_e2e()
        if folder is None:
            return
        env = dict(os.environ, REEVE_BIN=str(folder))
        labels = list(programs)
        files = self._e2e_files(VM_E2E)

        def run_again(number):
            if number < len(labels):
                label = labels[number]
                return self._run_in_machine({label: programs[label]}, [], env)[0]
            return self._run_in_machine({}, [files[number - len(labels)]], env)[0]

        self._add_suites(self._run_in_machine(programs, files, env), run_again)

    def _run_in_machine(self, programs, files, env):
        """The suites of the programs, by label, and then of the files."""
        with tempfile.TemporaryDirectory() as results_folder:
            results = pathlib.Path(results_folder)
            # One boot for all of them.
            script = results / "run"
            script.write_text(
                "".join(
                    f"{shlex.join(PYTHON)} {TOOLS}/run_unittests.py {results}/{number}.json "
                    f"{file} >{results}/{number}.e2e.log 2>&1\n"
                    for number, file in enumerate(files)
                )
                + f"{TOOLS}/run_binaries {results} {PROGRAM_SECONDS} "
                + " ".join(str(program) for program in programs.values())
                + "\n"
            )
            done = run(
                [ROOT / "tests/vm/run", "--writable", results,
                 "--timeout", MACHINE_SECONDS, "--", "sh", script],
                MACHINE_SECONDS + 600,
                env,
            )
            otherwise = f"it did not run\n{last_lines(done.stdout)}"
            suites = self._program_suites(programs, results, otherwise)
            for number, file in enumerate(files):
                log = results / f"{number}.e2e.log"
                text = log.read_text(errors="replace") if log.exists() else otherwise
                suites.append(
                    self._e2e_suite(file, results / f"{number}.json", text)
                )
            return suites

    def package(self):
        """The Debian package: its files, and its service in a machine with systemd"""
        folder = self._build_e2e("//agent/cli:print_manual")
        if folder is None:
            return
        # The same packages for all of the tests.
        with tempfile.TemporaryDirectory() as built:
            alone = dict(os.environ, REEVE_BIN=str(folder))
            env = dict(alone, REEVE_PACKAGES=built)
            for file in sources("tests/package/*_test.py"):
                self._add_suites(
                    [self._run_e2e(file, env, PACKAGE_SECONDS)],
                    lambda _, file=file: self._run_e2e(file, alone, PACKAGE_SECONDS),
                )

    def asan(self):
        """Everything builds; unit and integration tests with the address and undefined \
behaviour sanitizers"""
        self._sanitize("asan")

    def tsan(self):
        """Unit and integration tests of what has threads, with the thread sanitizer"""
        self._sanitize("tsan")


class Machines:
    """The stages that are in virtual machines, one after the other. They go on beside
    those on this machine, and say what came of them when it is their turn."""

    STAGES = ("vm", "package")

    # They use a processor where they are emulated, which tests beside them need more.
    NICENESS = 10

    def __init__(self, options, unsteady):
        self._report = HeldReport()
        self._stages = Stages(self._report, options, unsteady)
        self._chosen = [name for name in options.stages if name in self.STAGES]
        self._begun = {}

    def begin(self):
        """Begins the chosen stages, if they have not begun."""
        if self._begun:
            return
        runner = concurrent.futures.ThreadPoolExecutor(1, initializer=self._be_nice)
        for name in self._chosen:
            self._begun[name] = runner.submit(self._run, name)
        runner.shutdown(wait=False)

    def _be_nice(self):
        # To Linux, a thread has a niceness of its own, which its children inherit.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self.NICENESS)

    def _run(self, name):
        stage = getattr(self._stages, name)
        self._report.begin(stage.__doc__)
        stage()
        return self._report.taken()

    def finish(self, name, report):
        """Adds what came of a stage to the report."""
        for suite in self._begun[name].result():
            report.add(suite)


# Stages that mostly compile.
COMPILING = {"tidy", "asan", "tsan"}
# The first of those that mostly wait: others begin beside them.
WAITING = {"integration", "e2e", *Machines.STAGES}
LIGHT = ["style", "rules", "grafana"]
QUICK = [*LIGHT, "build", "unit", "integration", "e2e"]
# Without two of the quick ones, since the address sanitizer's does what they do.
FULL = [*LIGHT, "integration", "e2e", *Machines.STAGES, "tidy", "asan", "tsan"]
ALL = [*QUICK, *(stage for stage in FULL if stage not in QUICK)]


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="tools/test",
        description="Installs what is missing, builds everything and tests it. "
        "The last line is the number of cases that passed, failed and were skipped.",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave out sanitizers, clang-tidy, the test machine and slow stories",
    )
    parser.add_argument(
        "--only",
        metavar="STAGE,...",
        help=f"run these stages: {', '.join(ALL)}",
    )
    options = parser.parse_args()
    options.stages = QUICK if options.quick else FULL
    if options.only:
        options.stages = options.only.split(",")
        unknown = sorted(set(options.stages) - set(ALL))
        if unknown:
            parser.error(f"no stage {unknown[0]}; there are {', '.join(ALL)}")
    return options


def run_stage(name, stages, machines, report):
    """Runs a stage, or waits for one that has begun, and reports it."""
    stage = getattr(stages, name)
    report.begin(stage.__doc__)
    begin = time.monotonic()
    try:
        if name in WAITING:
            stages.begin_compiling()
            machines.begin()
        if name in Machines.STAGES:
            machines.finish(name, report)
        else:
            stage()
    except (OSError, subprocess.SubprocessError) as error:
        report.add(Suite(name, [Case(name, FAILED, str(error))]))
    print(f"     {time.monotonic() - begin:.0f} s", flush=True)


def main():
    options = parse_arguments()
    report = Report()
    unsteady = []
    stages = Stages(report, options, unsteady)
    machines = Machines(options, unsteady)
    try:
        for name in options.stages:
            run_stage(name, stages, machines, report)
        stages.run_unsteady()
    finally:
        stages.close()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
