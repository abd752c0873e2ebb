"""A real Prometheus for one test, on a port of loopback."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse

from harness import eventually, free_port, http_get

BINARY = shutil.which("prometheus")

_CONFIG = """\
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: {rule_files}
scrape_configs:
  - job_name: reeve
    {scrape}
    static_configs:
      - targets: ['127.0.0.1:{target_port}']
"""


class Prometheus:
    """Scrapes one agent once a second and evaluates rules.

    `scrape` has further settings of the scrape, such as its scheme.
    """

    def __init__(self, target_port, rule_files, scrape=None):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-prometheus-"))
        self._port = free_port()
        config = self._folder / "prometheus.yml"
        config.write_text(
            _CONFIG.format(
                rule_files=json.dumps([str(file) for file in rule_files]),
                scrape="\n    ".join(
                    f"{name}: {json.dumps(value)}"
                    for name, value in (scrape or {}).items()
                ),
                target_port=target_port,
            )
        )
        self._log = open(self._folder / "log", "w+b")
        self._process = subprocess.Popen(
            [
                BINARY,
                f"--config.file={config}",
                f"--storage.tsdb.path={self._folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self._port}",
                "--log.level=warn",
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
