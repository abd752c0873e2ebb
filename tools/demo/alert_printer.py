"""A webhook for Alertmanager that prints alerts."""

import http.server
import json
import threading
import time


class AlertPrinter:
    """Prints what arrives at `url` to a stream, one alert after the other."""

    def __init__(self, stream):
        self._stream = stream
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler()
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _handler(self):
        printer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                try:
                    size = int(self.headers.get("Content-Length", "0"))
                    alerts = json.loads(self.rfile.read(size))["alerts"]
                    texts = [text_of(alert) for alert in alerts]
                except (KeyError, TypeError, ValueError):
                    self.send_error(400)
                    return
                printer.write("".join(texts))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def write(self, text):
        with self._lock:
            self._stream.write(text)
            self._stream.flush()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def text_of(alert):
    """One alert, as Alertmanager's webhook has it, for people."""
    labels, texts = alert["labels"], alert["annotations"]
    begin = (
        f"{time.strftime('%H:%M:%S')} {alert['status'].upper():8} "
        f"{labels['severity']:8} {labels['alertname']}"
    )
    if alert["status"] == "resolved":
        return f"{begin}: {texts['summary']}\n\n"
    return f"{begin}\n  {texts['description']}\n  {texts['runbook_url']}\n\n"
