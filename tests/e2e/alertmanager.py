"""A real Alertmanager for one test, on a port of loopback, and who it sends to."""

import collections
import http.server
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading
import urllib.request

from harness import eventually, free_port, http_get

BINARY = shutil.which("prometheus-alertmanager")

# What was sent about an alert: "firing" or "resolved", its labels and annotations, the
# path that it was sent to, and which request it came with: they are counted.
Message = collections.namedtuple("Message", "status labels annotations path request")


class Webhook:
    """Keeps what an Alertmanager sends. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._messages = []
        self._requests = 0
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler()
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _handler(self):
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["Content-Length"])
                webhook._keep(self.path, json.loads(self.rfile.read(size)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def _keep(self, path, body):
        with self._lock:
            self._requests += 1
            for alert in body["alerts"]:
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
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Alertmanager:
    """Runs with the text of a configuration."""

    def __init__(self, config):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-alertmanager-"))
        self.port = free_port()
        file = self._folder / "alertmanager.yml"
        file.write_text(config)
        self._log = open(self._folder / "log", "w+b")
        self._process = subprocess.Popen(
            [
                BINARY,
                f"--config.file={file}",
                f"--storage.path={self._folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                # No cluster.
                "--cluster.listen-address=",
                "--log.level=warn",
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(self._ready, 60, "Alertmanager is ready")
        except AssertionError as error:
            log = (self._folder / "log").read_text(errors="replace")
            self.close()
            raise AssertionError(f"{error}\n{log}") from None

    def _url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def _ready(self):
        if self._process.poll() is not None:
            raise AssertionError(f"Alertmanager ended: {self._process.returncode}")
        return http_get(self._url("/-/ready"))[0] == 200

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
        status, text = http_get(
            self._url("/api/v2/alerts?active=false&silenced=false&unprocessed=false")
        )
        if status != 200:
            raise AssertionError(f"Alertmanager answered {status}: {text}")
        return [
            alert
            for alert in json.loads(text)
            if alert["status"]["inhibitedBy"]
            and labels.items() <= alert["labels"].items()
        ]

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)
