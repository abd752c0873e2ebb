"""What an Alertmanager sends alerts to, on a port of loopback."""

import http.server
import json
import threading


class Webhook:
    """Hands over what arrives at `url`, on a thread of its own for each request.

    `take` gets the path of the request and the alerts in it. What is no message of an
    Alertmanager's, or makes `take` raise KeyError, TypeError or ValueError, is refused.
    """

    def __init__(self, take):
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler(take)
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @staticmethod
    def _handler(take):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                try:
                    size = int(self.headers.get("Content-Length", "0"))
                    take(self.path, json.loads(self.rfile.read(size))["alerts"])
                except (KeyError, TypeError, ValueError):
                    self.send_error(400)
                    return
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
