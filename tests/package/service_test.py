"""The package's service under systemd, in the test machine."""

import os
import pathlib
import shutil
import unittest

from packages import ROOT, PackageTest, debian_root, must, package, run

STORY = pathlib.Path(__file__).with_name("service_story.py")
# An emulated machine boots in about half a minute.
MACHINE_SECONDS = 600


class ServiceTest(PackageTest):
    def _unpacked(self, deb, target):
        """A copy without compression, which an emulated machine is slow at."""
        contents = self.folder / target.stem
        must("dpkg-deb", "--raw-extract", deb, contents)
        must("dpkg-deb", "--root-owner-group", "-Znone", "--build", contents, target)

    def _tell_the_story(self, *layout):
        root = debian_root(self, package())
        shared = self.folder / "shared"
        shared.mkdir()
        shutil.copy(STORY, shared / "service_story.py")
        self._unpacked(package(), shared / "first.deb")
        self._unpacked(package("-2"), shared / "second.deb")

        done = run(
            ROOT / "tests/vm/run", "--systemd", *layout, "--root", root,
            "--writable", shared, "--timeout", MACHINE_SECONDS, "--",
            "/usr/bin/python3", "-B", "service_story.py",
            seconds=MACHINE_SECONDS + 300, env=dict(os.environ),
        )  # fmt: skip

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("OK", done.stdout)

    def test_tasks_outlive_upgrades_and_nothing_outlives_the_package(self):
        self._tell_the_story()

    def test_the_same_where_controllers_are_on_v1(self):
        self._tell_the_story("--hybrid")


if __name__ == "__main__":
    unittest.main()
