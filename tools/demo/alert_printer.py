"""Prints alerts that an Alertmanager sends."""

import threading
import time

from webhook import Webhook


class AlertPrinter:
    """Prints what arrives at `url` to a stream, one alert after the other."""

    def __init__(self, stream):
        self._stream = stream
        self._lock = threading.Lock()
        self._webhook = Webhook(self._take)
        self.url = self._webhook.url

    def _take(self, _, alerts):
        # All of them or none.
        self.write("".join([text_of(alert) for alert in alerts]))

    def write(self, text):
        with self._lock:
            self._stream.write(text)
            self._stream.flush()

    def close(self):
        self._webhook.close()


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
