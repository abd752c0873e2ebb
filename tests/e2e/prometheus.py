"""A real Prometheus for one test, on a port of loopback."""

import json
import shutil
import signal
import urllib.parse

from peer import Peer

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
{other_jobs}
alerting:
  alertmanagers:
    - static_configs:
        - targets: {alertmanagers}
"""

# Nobody listens on that port.
_OTHER_JOB = """\
  - job_name: {name}
    static_configs:
      - targets: ['127.0.0.1:1']
"""


class Prometheus(Peer):
    """Scrapes agents once a second and evaluates rules.

    `target_port` is that of the agent on loopback, or a list of them. `scrape` has
    further settings of the scrape, such as its scheme; `flags` are further ones of the
    program. Alerts are sent to the Alertmanager on `alertmanager_port`, if there is one,
    with `external_labels`. `other_jobs` are names of jobs beside that of the agents,
    whose target is down.
    """

    def __init__(
        self,
        target_port,
        rule_files,
        scrape=None,
        flags=(),
        alertmanager_port=None,
        external_labels=None,
        other_jobs=(),
    ):
        super().__init__("Prometheus")
        self._scrape = scrape or {}
        self._alertmanager_port = alertmanager_port
        self._external_labels = external_labels or {}
        self._other_jobs = other_jobs
        self._write_config(target_port, rule_files)
        self._start(
            BINARY,
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            "--log.level=warn",
            *flags,
        )

    def _write_config(self, target_port, rule_files):
        ports = target_port if isinstance(target_port, list) else [target_port]
        alertmanagers = [self._alertmanager_port] if self._alertmanager_port else []
        (self.folder / "prometheus.yml").write_text(
            _CONFIG.format(
                external_labels=json.dumps(self._external_labels),
                rule_files=json.dumps([str(file) for file in rule_files]),
                scrape="\n    ".join(
                    f"{name}: {json.dumps(value)}"
                    for name, value in self._scrape.items()
                ),
                targets=json.dumps([f"127.0.0.1:{port}" for port in ports]),
                other_jobs="\n".join(
                    _OTHER_JOB.format(name=name) for name in self._other_jobs
                ),
                alertmanagers=json.dumps(
                    [f"127.0.0.1:{port}" for port in alertmanagers]
                ),
            )
        )

    def reload(self, target_port, rule_files):
        """Goes on with other targets and rules."""
        self._write_config(target_port, rule_files)
        self._process.send_signal(signal.SIGHUP)

    def api(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        return json.loads(self._get(f"/api/v1/{path}?{query}"))["data"]

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
