"""A real Alertmanager for one test, on a port of loopback, and who it sends to."""

import collections
import json
import shutil
import sys
import threading
import urllib.request

from harness import ROOT
from peer import Peer

sys.path.insert(0, str(ROOT / "tools" / "testing"))

from webhook import Webhook  # noqa: E402

BINARY = shutil.which("prometheus-alertmanager")

# What was sent about an alert: "firing" or "resolved", its labels and annotations, the
# path that it was sent to, and which request it came with: they are counted.
Message = collections.namedtuple("Message", "status labels annotations path request")


class Inbox:
    """Keeps what an Alertmanager sends to `url`. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._messages = []
        self._requests = 0
        self._webhook = Webhook(self._keep)
        self.url = self._webhook.url

    def _keep(self, path, alerts):
        with self._lock:
            self._requests += 1
            for alert in alerts:
                self._messages.append(
                    Message(
                        alert["status"],
                        alert["labels"],
                        alert["annotations"],
                        path,
                        self._requests,
                    )
                )

    def messages(self, status=None, **labels):
        """What was sent about the alerts with these labels, the first one first."""
        with self._lock:
            return [
                message
                for message in self._messages
                if status in (None, message.status)
                and labels.items() <= message.labels.items()
            ]

    def close(self):
        self._webhook.close()


class Alertmanager(Peer):
    """Runs with the text of a configuration."""

    def __init__(self, config):
        super().__init__("Alertmanager")
        file = self.folder / "alertmanager.yml"
        file.write_text(config)
        self._start(
            BINARY,
            f"--config.file={file}",
            f"--storage.path={self.folder / 'data'}",
            # No cluster.
            "--cluster.listen-address=",
            "--log.level=warn",
        )

    def post(self, *alerts):
        """Tells it of alerts, each a dictionary of labels, as Prometheus would."""
        request = urllib.request.Request(
            self._url("/api/v2/alerts"),
            data=json.dumps([{"labels": labels} for labels in alerts]).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10):
            pass

    def inhibited(self, **labels):
        """The alerts with these labels that others silence now."""
        text = self._get("/api/v2/alerts?active=false&silenced=false&unprocessed=false")
        return [
            alert
            for alert in json.loads(text)
            if alert["status"]["inhibitedBy"]
            and labels.items() <= alert["labels"].items()
        ]
