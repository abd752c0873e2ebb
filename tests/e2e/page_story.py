"""One page of documentation, told as a story: its commands are run as they are shown.

What the kinds of its blocks are is in pages.py. Those about the package's service and
those of who builds reeve are not run here.
"""

import os
import pathlib
import pty
import re
import select
import shlex
import signal
import time

import pages
import yaml
from harness import ROOT, SLOWNESS, VM, eventually, process_is_there
from sandbox import PROGRAMS, Sandbox, has_v2_controllers

EXPORTER = ROOT / "exporters/prometheus"

# --- What a page takes for granted

# What is run by others, or is no command.
ELSEWHERE = {"sh service", "sh source", "text"}
if VM:
    # Neither depends on the cgroup version.
    ELSEWHERE |= {"promql", *pages.PARTS}

# Where it shows how to start the first one.
WITHOUT_AGENT = {"README.md", "web.md"}

# Queries have one anyway.
WITH_PROMETHEUS = {"alerts.md", "ReeveThresholdMissing.md"}
WITH_ALERTMANAGER = {"ReeveAgentDown.md"}

# Names in capitals stand for somebody's own: in runbooks they are those of two tasks, a
# group and a file.
_OF_RUNBOOKS = """\
reeve group set GROUP --cpus 2 --memory 8G
reeve run --detach --id TASK --group GROUP --memory 2G --cpus 1 --pids 256 -- sleep 600
reeve run --detach --id OTHER --memory 2G --cpus 1 -- sleep 600
echo "rules: [{name: idle, action: lower_cpus}]" > FILE
"""
BEFORE = {
    # Somebody else made a cgroup of that name.
    "ReeveCgroupsLeaked.md": """\
if [ -e /sys/fs/cgroup/cgroup.procs ]; then
  mkdir -p /sys/fs/cgroup/reeve/TASK
  sleep 600 &
  echo $! > /sys/fs/cgroup/reeve/TASK/cgroup.procs
fi
""",
    "delegation.md": """\
useradd --home-dir /home/alice --shell /bin/sh alice
install --directory --owner=alice /run/user/alice
""",
    "grafana.md": f"""\
ln -s {ROOT}/exporters .
mkdir -p /etc/grafana/provisioning/datasources /etc/grafana/provisioning/dashboards
mkdir /etc/grafana/provisioning/alerting
""",
    "installation.md": f"""\
mkdir bazel-bin
ln -s {PROGRAMS} bazel-bin/agent
""",
    "task-files.md": """\
mkdir -p /etc/reeve/tasks.d /srv/specs
echo "command: [/bin/sleep, 600]" > /srv/specs/cache.yaml
cp /srv/specs/cache.yaml /etc/reeve/tasks.d/db.yaml
echo PORT=8080 | tee /etc/reeve/tasks.d/web.env > prod.env
echo 'command: [/usr/bin/my-server, --port, "${PORT}"]' > api.yaml
""",
    "web.md": """\
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=clients -days 1 \\
  -keyout clients.key -out clients.crt
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 1 \\
  -addext subjectAltName=DNS:localhost -keyout server.key -out server.crt
openssl req -newkey rsa:2048 -nodes -subj /CN=prometheus -keyout prometheus.key |
  openssl x509 -req -days 1 -CA clients.crt -CAkey clients.key -CAcreateserial \\
    -out prometheus.crt
""",
}

# Where there is one, systemd has these units; here they are what a page starts itself.
_SYSTEMCTL = """#!/bin/sh
case "$*" in
"reload prometheus") exec curl --silent --fail -X POST 127.0.0.1:9090/-/reload ;;
"restart grafana-server") ;;  # There is none to be had.
*) echo "systemctl $*: not known here"; exit 1 ;;
esac
"""
_SERVER = """#!/bin/sh
exec sleep 600
"""
_PROMETHEUS_YML = """\
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [/etc/prometheus/rules/reeve.*.rules.yml]
scrape_configs:
- {job_name: reeve, static_configs: [{targets: ['127.0.0.1:19100']}]}
"""
_PROMETHEUS = """\
exec prometheus --config.file=/etc/prometheus/prometheus.yml --log.level=warn \\
  --storage.tsdb.path=/var/lib/prometheus-here --web.enable-lifecycle \\
  --web.listen-address=127.0.0.1:9090
"""
_ALERTMANAGER = """\
exec prometheus-alertmanager --config.file=/etc/prometheus/alertmanager.yml \\
  --storage.path=/var/lib/alertmanager-here --cluster.listen-address= \\
  --web.listen-address=127.0.0.1:9093
"""

# What says whether a file that a page shows is right.
_CHECKS = {
    "/etc/prometheus/prometheus.yml": "promtool check config",
    "/etc/prometheus/rules/reeve.my.rules.yml": "promtool check rules",
}


def a_disk():
    """The path of some disk, which has the place of /dev/sda."""
    for entry in sorted(pathlib.Path("/sys/block").iterdir()):
        if re.match(r"(sd|vd|nvme|xvd)", entry.name):
            return f"/dev/{entry.name}"
    return None


class Story:
    """One page that is being run."""

    def __init__(self, test, page):
        self._test = test
        self._page = page
        self._disk = a_disk()
        self._v2 = has_v2_controllers()
        self._has_prometheus = False
        self.sandbox = Sandbox()
        test.addCleanup(self.sandbox.close)
        self.sandbox.write("/usr/local/bin/systemctl", _SYSTEMCTL, 0o755)
        self.sandbox.write("/usr/bin/my-server", _SERVER, 0o755)
        self.sandbox.must(
            "mkdir -p /etc/prometheus/rules\n"
            f"cp {EXPORTER}/rules/reeve.*.rules.yml /etc/prometheus/rules\n"
            f"cp {EXPORTER}/alertmanager/alertmanager.yml /etc/prometheus"
        )

    def tell(self):
        name = self._page.name
        if name not in WITHOUT_AGENT:
            self.sandbox.start_agent("exec reeve agent --sample-interval=250ms")
        if name in WITH_PROMETHEUS:
            self._start_prometheus()
        if name in WITH_ALERTMANAGER:
            self._start(_ALERTMANAGER, 9093)
        is_runbook = self._page.parent.name == "runbooks"
        self.sandbox.must(BEFORE.get(name, _OF_RUNBOOKS if is_runbook else ""))
        for block in pages.blocks(self._page):
            name = "file" if block.file else re.sub("[ -]", "_", block.kind)
            if block.kind not in ELSEWHERE:
                getattr(self, f"_{name}")(block)

    def _text(self, block):
        if "/dev/sda" in block.text and self._disk is None:
            self._test.skipTest("there is no disk to be limited")
        return block.text.replace("/dev/sda", str(self._disk))

    def _where(self, block):
        return f"{self._page.relative_to(ROOT)}:{block.line}"

    def _must(self, block, script):
        done = self.sandbox.run(script)
        self._test.assertEqual(
            done.returncode, 0, f"{self._where(block)}: {script}\n{done.stdout}"
        )
        return done.stdout

    # --- Steps by kind of block

    def _sh(self, block):
        self._must(block, self._text(block))

    def _sh_v2(self, block):
        if self._v2:
            self._sh(block)
            return
        done = self.sandbox.run(self._text(block))
        self._test.assertNotEqual(done.returncode, 0, self._where(block))

    def _sh_agent(self, block):
        text = self._text(block)
        commands = re.sub(r" & *(#.*)?$", "", text, flags=re.MULTILINE)
        self.sandbox.start_agent(
            re.sub("^reeve agent", "exec reeve agent", commands, flags=re.MULTILINE)
        )

    def _sh_v2_agent(self, block):
        if self._v2:
            self._sh_agent(block)

    def _sh_interactive(self, block):
        for line in pages.logical_lines(block.text):
            self._run_on_terminal(line)

    def _run_on_terminal(self, line):
        """Runs until it has printed something, then ends it as a user would."""
        words = self.sandbox.command(f"exec {line}")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp(words[0], words)
        self._test.addCleanup(os.close, terminal)
        output = b""
        deadline = time.monotonic() + 10 * SLOWNESS
        try:
            while not output.strip() and time.monotonic() < deadline:
                if select.select([terminal], [], [], 0.5)[0]:
                    output += os.read(terminal, 65536)
                else:
                    # A shell that was attached to has shown its prompt before.
                    os.write(terminal, b"\n")
        except OSError:
            pass  # It has ended.
        finally:
            if process_is_there(pid):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._test.assertTrue(output.strip(), f"{line}: it printed nothing")
        self._test.assertNotIn(b"reeve: ", output, line)

    def _file(self, block):
        self.sandbox.write(block.file, self._text(block))
        if block.file in _CHECKS:
            self._must(block, f"{_CHECKS[block.file]} {block.file}")

    def _yaml_threshold(self, block):
        group = {"name": "thresholds", "rules": yaml.safe_load(block.text)}
        self.sandbox.write("part.yml", yaml.safe_dump({"groups": [group]}))
        self._must(block, "promtool check rules part.yml")

    def _yaml_policy_rule(self, block):
        rules = {"rules": yaml.safe_load(block.text)}
        self.sandbox.write("part.yml", yaml.safe_dump(rules))
        self._must(block, "reeve policy check part.yml")

    def _promql(self, block):
        self._start_prometheus()
        for query in pages.logical_lines(block.text):
            self._must(
                block,
                f"promtool query instant http://127.0.0.1:9090 {shlex.quote(query)}",
            )

    # --- What runs beside

    def _start(self, script, port):
        self.sandbox.start(script)
        eventually(
            lambda: self.sandbox.run(
                f"curl --silent --fail 127.0.0.1:{port}/-/ready"
            ).returncode == 0,
            60,
            script,
        )  # fmt: skip

    def _start_prometheus(self):
        if not self._has_prometheus:
            self.sandbox.write("/etc/prometheus/prometheus.yml", _PROMETHEUS_YML)
            self._start(_PROMETHEUS, 9090)
            self._has_prometheus = True
