"""The package's files: where they are, what is in them, and what lintian says."""

import os
import pathlib
import re
import unittest

from packages import BIN, ROOT, PackageTest, must, package, program_version, run

DIRECTORY = "drwxr-xr-x"
FILE = "-rw-r--r--"
PROGRAM = "-rwxr-xr-x"

EXPECTED = {
    "/usr/bin/reeve": PROGRAM,
    "/usr/libexec/reeve/reeve-shim": PROGRAM,
    "/usr/libexec/reeve/hold-tasks": PROGRAM,
    "/etc/default/reeve": FILE,
    "/etc/reeve/tasks.d/": DIRECTORY,
    "/lib/systemd/system/reeve.service": FILE,
    "/lib/systemd/system/reeve-tasks.service": FILE,
    "/usr/share/man/man1/reeve.1.gz": FILE,
    "/usr/share/man/man1/reeve-run.1.gz": FILE,
    "/usr/share/man/man1/reeve-group-set.1.gz": FILE,
    "/usr/share/bash-completion/completions/reeve": FILE,
    "/usr/share/zsh/vendor-completions/_reeve": FILE,
    "/usr/share/fish/vendor_completions.d/reeve.fish": FILE,
    "/usr/share/doc/reeve/README.md": FILE,
    "/usr/share/doc/reeve/docs/installation.md": FILE,
    "/usr/share/doc/reeve/copyright": FILE,
}


class ContentsTest(PackageTest):
    def _entries(self):
        """Mode, owner and path of all that the package installs."""
        entries = []
        for line in must("dpkg-deb", "--contents", package()).splitlines():
            mode, owner, _, _, _, path = line.split(maxsplit=5)
            entries.append((mode, owner, path.split(" -> ")[0].removeprefix(".")))
        return entries

    def _extracted(self):
        must("dpkg-deb", "--raw-extract", package(), self.folder / "package")
        return self.folder / "package"

    def test_lintian_finds_nothing(self):
        done = run("lintian", "--allow-root", "--fail-on=error,warning", package())

        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_needed_is_there_with_its_mode(self):
        modes = {path: mode for mode, _, path in self._entries()}

        for path, mode in EXPECTED.items():
            self.assertEqual(modes.get(path), mode, path)

    def test_all_of_it_is_root_s_and_nobody_else_may_write(self):
        for mode, owner, path in self._entries():
            self.assertEqual(owner, "root/root", path)
            if mode[0] != "l":
                self.assertNotIn("w", mode[4:], path)

    def test_rules_and_dashboards_of_the_project_are_installed(self):
        paths = {path for _, _, path in self._entries()}
        folders = {
            "exporters/prometheus/rules": "prometheus/rules",
            "exporters/prometheus/alertmanager": "alertmanager",
            "exporters/grafana/dashboards": "grafana/dashboards",
            "exporters/grafana/provisioning": "grafana/provisioning",
        }
        installed = 0
        for source, target in folders.items():
            for file in (ROOT / source).rglob("*"):
                kinds = (".yml", ".yaml", ".json")
                if file.suffix not in kinds or "_test." in file.name:
                    continue
                name = file.relative_to(ROOT / source)
                self.assertIn(f"/usr/share/reeve/{target}/{name}", paths)
                installed += 1
        self.assertGreater(installed, 0)
        self.assertFalse([path for path in paths if path.endswith("_test.yml")])

    def test_each_alert_s_runbook_is_installed(self):
        paths = {path for _, _, path in self._entries()}
        pages = list((ROOT / "docs/runbooks").glob("*.md"))

        self.assertGreater(len(pages), 10)
        for page in pages:
            self.assertIn(f"/usr/share/doc/reeve/docs/runbooks/{page.name}", paths)

    def test_no_file_names_the_machine_that_built_it(self):
        foreign = [str(ROOT), "/.cache/", "execroot"]
        for path in self._extracted().rglob("*"):
            if path.is_file() and not path.is_symlink():
                text = path.read_bytes()
                found = [word for word in foreign if word.encode() in text]
                self.assertEqual(found, [], path)

    def test_flags_of_the_service_are_a_configuration_file(self):
        listed = must("dpkg-deb", "--info", package(), "conffiles").split()

        self.assertEqual(listed, ["/etc/default/reeve"])

    def test_manual_pages_are_set_without_a_warning(self):
        pages = sorted((self._extracted() / "usr/share/man/man1").iterdir())

        environment = dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80")
        self.assertGreater(len(pages), 20)
        for page in pages:
            said = run("sh", "-c", 'man --warnings --local-file "$0" >/dev/null',
                       page, env=environment)  # fmt: skip
            self.assertEqual((said.returncode, said.stdout), (0, ""), page)

    def test_each_command_has_a_manual_page(self):
        pages = {page.name for page in
                 (self._extracted() / "usr/share/man/man1").iterdir()}  # fmt: skip
        overview = must(BIN / "agent" / "reeve", "--help")
        commands = re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE)
        self.assertIn("run", commands)
        for command in commands:
            self.assertTrue(
                any(page.startswith(f"reeve-{command}") for page in pages), command
            )


class OptionsTest(PackageTest):
    def test_a_version_that_is_not_the_program_s_is_refused(self):
        done = run(ROOT / "tools/package", "--programs", BIN, "--version", "99.1",
                   "--output", self.folder)  # fmt: skip

        self.assertEqual(done.returncode, 1)
        self.assertIn(
            f"--version 99.1: the program is {program_version()}", done.stdout
        )
        self.assertEqual(list(pathlib.Path(self.folder).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
