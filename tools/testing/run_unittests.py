"""Runs Python test files and writes the outcome of every case.

    run_unittests.py RESULTS.json FILE...
"""

import importlib.util
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from results import FAILED, PASSED, SKIPPED, Case, write_cases  # noqa: E402


class Recorder(unittest.TestResult):
    """Keeps each case's outcome and time, and says on standard error how it goes on."""

    def __init__(self):
        super().__init__()
        self.cases = {}
        self._started = 0.0

    def _record(self, test, outcome, text=""):
        # A subtest or a clean-up that fails, fails its whole case.
        name = self._name(test)
        if name in self.cases and self.cases[name].outcome == FAILED:
            self.cases[name].text += text
            return
        self.cases[name] = Case(name, outcome, text)

    @staticmethod
    def _name(test):
        return ".".join(test.id().split(" ")[0].split(".")[-2:])

    def startTest(self, test):
        super().startTest(test)
        self._started = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        seconds = time.monotonic() - self._started
        if self._name(test) in self.cases:
            self.cases[self._name(test)].seconds = seconds
        print(f"     {test.id()} {seconds:.1f} s", file=sys.stderr, flush=True)

    def addSuccess(self, test):
        self._record(test, PASSED)

    def addFailure(self, test, err):
        self._record(test, FAILED, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self._record(test, FAILED, self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        self._record(test, SKIPPED, reason)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            text = f"{subtest}\n{self._exc_info_to_string(err, test)}"
            self._record(test, FAILED, text)

    def addUnexpectedSuccess(self, test):
        self._record(test, FAILED, "it passed and was expected to fail")


def load(path):
    """The tests in one file."""
    path = pathlib.Path(path).resolve()
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main(results, *files):
    suite = unittest.TestSuite(load(file) for file in files)
    recorder = Recorder()
    suite.run(recorder)
    write_cases(results, list(recorder.cases.values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
