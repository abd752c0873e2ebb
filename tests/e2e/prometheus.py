"""A real Prometheus for one test, on a port of loopback."""

import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import urllib.parse

from harness import eventually, free_port, http_get

BINARY = shutil.which("prometheus")

_CONFIG = """\
global:
  scrape_interval: 1s
  evaluation_interval: 1s
  external_labels: {external_labels}
rule_files: {rule_files}
scrape_configs:
  - job_name: reeve
    {scrape}
    static_configs:
      - targets: {targets}
alerting:
  alertmanagers:
    - static_configs:
        - targets: {alertmanagers}
"""


class Prometheus:
    """Scrapes agents once a second and evaluates rules.

    `target_port` is that of the agent on loopback, or a list of them. `scrape` has
    further settings of the scrape, such as its scheme; `flags` are further ones of the
    program. Alerts are sent to the Alertmanager on `alertmanager_port`, if there is one,
    with `external_labels`.
    """

    def __init__(
        self,
        target_port,
        rule_files,
        scrape=None,
        flags=(),
        alertmanager_port=None,
        external_labels=None,
    ):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-prometheus-"))
        self._port = free_port()
        self._scrape = scrape or {}
        self._alertmanager_port = alertmanager_port
        self._external_labels = external_labels or {}
        self._write_config(target_port, rule_files)
        self._log = open(self._folder / "log", "w+b")
        self._process = subprocess.Popen(
            [
                BINARY,
                f"--config.file={self._folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={self._folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self._port}",
                "--log.level=warn",
                *flags,
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(self._ready, 60, "Prometheus is ready")
        except AssertionError as error:
            log = (self._folder / "log").read_text(errors="replace")
            self.close()
            raise AssertionError(f"{error}\n{log}") from None

    def _write_config(self, target_port, rule_files):
        ports = target_port if isinstance(target_port, list) else [target_port]
        alertmanagers = [self._alertmanager_port] if self._alertmanager_port else []
        (self._folder / "prometheus.yml").write_text(
            _CONFIG.format(
                external_labels=json.dumps(self._external_labels),
                rule_files=json.dumps([str(file) for file in rule_files]),
                scrape="\n    ".join(
                    f"{name}: {json.dumps(value)}"
                    for name, value in self._scrape.items()
                ),
                targets=json.dumps([f"127.0.0.1:{port}" for port in ports]),
                alertmanagers=json.dumps(
                    [f"127.0.0.1:{port}" for port in alertmanagers]
                ),
            )
        )

    def reload(self, target_port, rule_files):
        """Goes on with other targets and rules."""
        self._write_config(target_port, rule_files)
        self._process.send_signal(signal.SIGHUP)

    def _ready(self):
        if self._process.poll() is not None:
            raise AssertionError(f"Prometheus ended: {self._process.returncode}")
        return http_get(f"http://127.0.0.1:{self._port}/-/ready")[0] == 200

    def api(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        status, text = http_get(
            f"http://127.0.0.1:{self._port}/api/v1/{path}?{query}"
        )
        if status != 200:
            raise AssertionError(f"Prometheus answered {status}: {text}")
        return json.loads(text)["data"]

    def query(self, expression):
        """The labels and values that an expression has now."""
        result = self.api("query", query=expression)["result"]
        return [(entry["metric"], float(entry["value"][1])) for entry in result]

    def value(self, expression):
        """The value of an expression that has one; None if it has none."""
        values = [value for _, value in self.query(expression)]
        if len(values) > 1:
            raise AssertionError(f"{expression} has {len(values)} values")
        return values[0] if values else None

    def rules(self):
        groups = self.api("rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def log(self):
        """What it has warned of."""
        return (self._folder / "log").read_text(errors="replace")

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)
