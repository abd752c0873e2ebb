"""The package's service under systemd, in the test machine."""

import os
import pathlib
import shutil
import unittest

from packages import ROOT, PackageTest, debian_root, must, package, run

HERE = pathlib.Path(__file__).parent
# What is shown, and what reads it.
SHOWN = [ROOT / "README.md", ROOT / "docs", ROOT / "tests/e2e/pages.py"]
# An emulated machine boots in about half a minute, or more where others compile.
MACHINE_SECONDS = 900


class ServiceTest(PackageTest):
    def _unpacked(self, deb, target):
        """A copy without compression, which an emulated machine is slow at."""
        contents = self.folder / target.stem
        must("dpkg-deb", "--raw-extract", deb, contents)
        must("dpkg-deb", "--root-owner-group", "-Znone", "--build", contents, target)

    def _tell(self, story, *layout):
        root = debian_root(self, package())
        shared = self.folder / "shared"
        shared.mkdir()
        for source in [HERE / story, *SHOWN]:
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, shared / source.name)
        self._unpacked(package(), shared / "first.deb")
        self._unpacked(package("-2"), shared / "second.deb")

        done = run(
            ROOT / "tests/vm/run", "--systemd", *layout, "--root", root,
            "--writable", shared, "--timeout", MACHINE_SECONDS, "--",
            "/usr/bin/python3", "-B", story,
            seconds=MACHINE_SECONDS + 300, env=dict(os.environ),
        )  # fmt: skip

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("OK", done.stdout)

    def test_tasks_outlive_upgrades_and_nothing_outlives_the_package(self):
        self._tell("service_story.py")

    def test_what_the_documentation_shows_of_it_is_run(self):
        self._tell("docs_story.py")

    def test_the_same_where_controllers_are_on_v1(self):
        self._tell("service_story.py", "--hybrid")


if __name__ == "__main__":
    unittest.main()
