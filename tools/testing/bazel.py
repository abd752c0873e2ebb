"""Builds and tests with Bazel, and tells what came of each target."""

import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import tempfile
import urllib.parse

from project import ROOT, run
from results import FAILED, Case, Suite, gtest_suite, last_lines
from spare_time import SpareTime

# What the build event protocol calls a test that needs no more words.
_PASSED = "PASSED"


def _path(uri):
    return pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(uri).path))


class Outcome:
    """What one call of Bazel did, as its build events tell."""

    def __init__(self, events, log):
        self.log = log
        # By label: the files of a target that was built.
        self._built = {}
        # By label: the last attempt of each shard.
        self._tests = {}
        for event in events:
            self._add(event)

    def _add(self, event):
        identity = event["id"]
        if "targetCompleted" in identity:
            completed = event.get("completed", {})
            if completed.get("success"):
                label = identity["targetCompleted"]["label"]
                files = completed.get("importantOutput", [])
                self._built[label] = [_path(file["uri"]) for file in files]
        elif "testResult" in identity and "testResult" in event:
            shards = self._tests.setdefault(identity["testResult"]["label"], {})
            shards[identity["testResult"].get("shard", 1)] = event["testResult"]

    def program(self, label):
        """The path of a program that was built; None if it was not."""
        files = self._built.get(label)
        return files[0] if files else None

    def not_built(self, label):
        """The suite of a test that could not be built; the first tells why."""
        text = f"it was not built\n{last_lines(self.log)}"
        self.log = "see above"
        return Suite(label, [Case(label, FAILED, text)])

    def suite(self, label):
        """The suite of a test that was to run."""
        shards = self._tests.get(label)
        if not shards:
            return self.not_built(label)
        cases = []
        note = ""
        for result in shards.values():
            files = {f["name"]: _path(f["uri"]) for f in result["testActionOutput"]}
            status = result.get("status", "no status")
            cases += gtest_suite(
                label,
                files.get("test.xml", ""),
                files.get("test.log", ""),
                "" if status == _PASSED else f"Bazel says {status}",
            ).cases
            if result.get("cachedLocally") or result.get("executionInfo", {}).get(
                "cachedRemotely"
            ):
                note = "(unchanged)"
        return Suite(label, cases, note)


class Bazel:
    """The project's Bazel. $BAZEL may hold the command and its options.

    One in the background has a server and outputs of its own, and the CPU time that
    others leave: what it builds costs other stages little of what they use.
    """

    def __init__(self, cache, background=False):
        self._command = shlex.split(os.environ.get("BAZEL", "bazel"))
        self._spare = None
        if background:
            name = hashlib.md5(str(ROOT).encode()).hexdigest()
            outputs = cache / "reeve-bazel-background" / name
            self._spare = SpareTime(f"reeve-bazel-{name[:8]}")
            self._command = self._spare.command(
                [*self._command, f"--output_base={outputs}"]
            )
        self._options = [
            f"--disk_cache={cache / 'reeve-bazel'}",
            "--experimental_convenience_symlinks=ignore",
        ]

    def _call(self, *arguments):
        return run([*self._command, *arguments], seconds=None)

    def query(self, expression):
        """The labels that the expression stands for."""
        done = subprocess.run(
            [*self._command, "query", expression],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise OSError(f"bazel query failed:\n{last_lines(done.stderr)}")
        return sorted(done.stdout.split())

    def run(self, verb, targets, config=None, options=()):
        """Builds or tests all targets, whatever fails among them."""
        with tempfile.NamedTemporaryFile() as events_file:
            done = self._call(
                verb,
                "--keep_going",
                f"--build_event_json_file={events_file.name}",
                *self._options,
                *_config(config),
                *options,
                "--",
                *targets,
            )
            events = [json.loads(line) for line in events_file if line.strip()]
        outcome = Outcome(events, done.stdout)
        outcome.status = done.returncode
        return outcome


    def close(self):
        """Ends the server of one in the background, whose cgroup is gone then."""
        if self._spare:
            self._call("shutdown")
            self._spare.close()


def _config(config):
    return [f"--config={config}"] if config else []
