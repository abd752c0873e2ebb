"""What the documentation shows of the package's service is run, under systemd.

Runs in the test machine, as a service of its systemd, beside first.deb, pages.py and a
copy of the documentation in docs/. The package is gone again in the end.
"""

import pathlib
import shutil
import subprocess
import time
import unittest

import pages

FOLDER = pathlib.Path("/tmp/docs-story")

# The pages of which more than the installation is needed, and what sets the scene of each.
RUNBOOKS = {
    "docs/runbooks/ReeveAgentDown.md": "",
    "docs/runbooks/ReeveAgentRestarting.md": "",
    "docs/runbooks/ReeveCgroupsLeaked.md": "",
    "docs/runbooks/ReeveCollectorErrors.md": "",
    "docs/runbooks/ReevePolicyNotLoaded.md": """\
echo "rules: [{name: idle, action: lower_cpus}]" >policy.yml
echo "ARGS='--policy=$PWD/policy.yml'" >/etc/default/reeve
systemctl restart reeve
echo nonsense >policy.yml
until journalctl -u reeve | grep -q 'stays in force'; do sleep 0.2; done
""",
    "docs/runbooks/ReeveSamplesStale.md": "",
    "docs/runbooks/ReeveTaskFilesUnreadable.md": """\
echo "ARGS='--tasks-dir=/etc/reeve/tasks.d --tasks-rescan-interval=1s'" \\
  >/etc/default/reeve
systemctl restart reeve
mv /etc/reeve/tasks.d tasks.d
until journalctl -u reeve | grep -q 'task files are left'; do sleep 0.2; done
""",
}


def run(script):
    """Runs a script of bash; its output is in one."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )


# A user's manager delegates what it has, without anybody being logged in.
_AS_ALICE = """\
useradd --create-home --shell /bin/bash alice
id=$(id --user alice)
systemctl start user@$id
systemctl stop reeve
cat >/tmp/as-alice <<END
#!/bin/sh
exec setpriv --reuid alice --regid alice --init-groups \\
  env HOME=/home/alice XDG_RUNTIME_DIR=/run/user/$id bash -euc "\\$1"
END
chmod 755 /tmp/as-alice
"""


class DocsStory(unittest.TestCase):
    def _must(self, script):
        done = run(script)
        self.assertEqual(done.returncode, 0, f"{script}\n{done.stdout}")
        return done.stdout

    def _blocks(self, page, kind="sh service"):
        found = [block for block in pages.blocks(page) if block.kind == kind]
        self.assertTrue(found, page)
        return found

    def _run_block(self, block):
        print(f"{time.monotonic():7.1f} s  {block.page}:{block.line}", flush=True)
        return self._must(block.text)

    def test_story(self):
        FOLDER.mkdir()
        self.addCleanup(shutil.rmtree, FOLDER)
        # An operator would say yes to what apt asks.
        answers = pathlib.Path("/etc/apt/apt.conf.d/90yes")
        answers.write_text('APT::Get::Assume-Yes "true";\n')
        self.addCleanup(answers.unlink)
        for folder in (FOLDER, "/tmp"):
            shutil.copy("first.deb", f"{folder}/reeve_1_amd64.deb")

        try:
            self._tell()
        except BaseException:
            # The machine is gone with the failure.
            print(run("journalctl --no-pager --lines=60").stdout, flush=True)
            raise

    def _tell(self):
        install, configure, remove = self._blocks("docs/installation.md")
        self._run_block(install)
        self._must("reeve ps")
        # What is there already stays.
        (again,) = self._blocks("README.md")
        self._run_block(again)
        self._run_block(configure)
        self.assertIn("--collector.pressure", self._must("systemctl status reeve"))
        for page, scene in RUNBOOKS.items():
            self._runbook(page, scene)
        self._delegation()
        self._run_block(remove)
        self.assertFalse(pathlib.Path("/etc/default/reeve").exists())

    def _runbook(self, page, scene):
        flags = pathlib.Path("/etc/default/reeve")
        before = flags.read_text()
        self._must(scene)
        for block in self._blocks(page):
            self._run_block(block)
        flags.write_text(before)
        # More starts than a person makes in ten seconds.
        self._must("systemctl reset-failed reeve; mkdir -p /etc/reeve/tasks.d")
        self._must("systemctl restart reeve")

    def _delegation(self):
        page = "docs/delegation.md"
        (unit,) = self._blocks(page, "ini")
        file = pathlib.Path(unit.file)
        file.write_text(unit.text)
        self.addCleanup(file.unlink)
        # Of a key that this systemd does not know yet, it only warns.
        self._must(f"systemd-analyze verify {file}")
        (scope,) = self._blocks(page)
        self._must(_AS_ALICE)
        agent = subprocess.Popen(["/tmp/as-alice", scope.text])
        try:
            self._must("until /tmp/as-alice 'reeve ps'; do sleep 0.2; done")
            self._must("/tmp/as-alice 'reeve run --memory 64M -- true'")
        finally:
            agent.terminate()
            agent.wait(30)


if __name__ == "__main__":
    unittest.main()
