"""A real program that tests talk to over HTTP, on a port of loopback."""

import pathlib
import shutil
import subprocess
import tempfile

from harness import eventually, free_port, http_get


class Peer:
    """Runs until it is closed, with a folder and a port of its own.

    A subclass prepares the files of `folder`, then calls _start(). It is ready once it
    says so at /-/ready, as Prometheus and Alertmanager do.
    """

    def __init__(self, name):
        self._name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"reeve-{name.lower()}-"))
        self.port = free_port()

    def _start(self, *command):
        self._log = open(self.folder / "log", "w+b")
        self._process = subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{self.port}"],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(self._ready, 60, f"{self._name} is ready")
        except AssertionError as error:
            log = self.log()
            self.close()
            raise AssertionError(f"{error}\n{log}") from None

    def _url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def _ready(self):
        if self._process.poll() is not None:
            raise AssertionError(f"{self._name} ended: {self._process.returncode}")
        return http_get(self._url("/-/ready"))[0] == 200

    def _get(self, path):
        """The text of a page; an error if it is not there."""
        status, text = http_get(self._url(path))
        if status != 200:
            raise AssertionError(f"{self._name} answered {status}: {text}")
        return text

    def log(self):
        """What it has warned of."""
        return (self.folder / "log").read_text(errors="replace")

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
