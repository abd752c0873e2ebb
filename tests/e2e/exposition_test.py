"""Pages of metrics in their formats, as a real Prometheus takes them."""

import http.client
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import SLOWNESS, Agent, AgentTest, eventually, parse_metrics
from prometheus import BINARY, Prometheus

PROMTOOL = shutil.which("promtool")
OPEN_METRICS = "application/openmetrics-text;version=1.0.0"


class ExpositionTest(AgentTest):
    agent_flags = ("--web.compat=cadvisor",)

    def setUp(self):
        super().setUp()
        self.agent.launch("busy", "--pids", "20", "--", "sleep", "600")
        self.agent.await_metric("reeve_task_cpu_usage_seconds_total", task="busy")

    @unittest.skipIf(BINARY is None, "prometheus is not installed")
    def test_prometheus_takes_open_metrics(self):
        prometheus = Prometheus(self.agent.port, [])
        self.addCleanup(prometheus.close)

        # Asked for by Prometheus, without being told to.
        eventually(
            lambda: prometheus.value(
                'reeve_task_cpu_usage_seconds_created{task="busy"}'
            ),
            60,
            "a scrape",
        )
        self.assertEqual(
            prometheus.value('reeve_task_cpu_usage_seconds_created{task="busy"}'),
            prometheus.value('reeve_task_start_time_seconds{task="busy"}'),
        )
        self.assertIsNotNone(
            prometheus.value('reeve_task_cpu_usage_seconds_total{task="busy"}')
        )
        for family, kind, unit in (
            ("reeve_task_cpu_usage_seconds", "counter", "seconds"),
            ("reeve_task_memory_usage_bytes", "gauge", "bytes"),
            ("reeve_sampling_round_duration_seconds", "histogram", "seconds"),
            ("process_cpu_seconds", "counter", "seconds"),
            ("reeve_task", "info", ""),
        ):
            told = prometheus.api("metadata", metric=family)[family][0]
            self.assertEqual((told["type"], told["unit"]), (kind, unit), family)
        self.assertEqual(prometheus.value("min_over_time(up[5m])"), 1)
        self.assertEqual(prometheus.log(), "")

    def test_parts_of_the_page_can_be_asked_for(self):
        status, cpu = self.agent.get("/metrics?collect[]=cpu")
        self.assertEqual(status, 200)
        names = {sample.name for sample in parse_metrics(cpu)}
        self.assertIn("reeve_task_cpu_usage_seconds_total", names)
        self.assertEqual(
            {name for name in names if not name.startswith("reeve_task_cpu_")}, set()
        )
        status, text = self.agent.get("/metrics?exclude%5B%5D=nothing")
        self.assertEqual(status, 400)
        self.assertIn("memory", text)

    def test_compressed_page_is_the_page(self):
        # curl, too, has to take the parts for one stream.
        for accept in ("text/plain", OPEN_METRICS):
            pages = []
            for flags in ((), ("--compressed",)):
                done = subprocess.run(
                    [
                        *("curl", "--silent", "--fail", "--header"),
                        *(f"Accept: {accept}", *flags, self.agent.url("/metrics")),
                    ],
                    capture_output=True,
                    text=True,
                    timeout=60 * SLOWNESS,
                    check=True,
                )
                pages.append({s.name for s in parse_metrics(done.stdout)})
            self.assertEqual(pages[0], pages[1])
            self.assertIn("reeve_task_cpu_usage_seconds_total", pages[0])

    def test_cadvisors_names_have_a_page_of_their_own(self):
        status, text = self.agent.get("/metrics/cadvisor")
        self.assertEqual(status, 200)
        samples = {
            sample.name: sample.labels
            for sample in parse_metrics(text)
            if sample.labels["name"] == "busy"
        }
        labels = samples["container_cpu_usage_seconds_total"]
        self.assertEqual(labels["id"], f"{self.agent.cgroup_parent}/busy")
        self.assertTrue(labels["image"].endswith("sleep"), labels)
        self.assertIn("container_memory_working_set_bytes", samples)
        self.assertNotIn("container_", self.agent.get("/metrics")[1])

    def test_scrapes_of_one_connection(self):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.agent.port, timeout=60 * SLOWNESS
        )
        self.addCleanup(connection.close)
        lengths = set()
        for _ in range(3):
            connection.request("HEAD", "/metrics")
            response = connection.getresponse()
            self.assertEqual((response.status, response.read()), (200, b""))
            self.assertGreater(int(response.headers["Content-Length"]), 1000)
            connection.request("GET", "/metrics")
            response = connection.getresponse()
            lengths.add(len(response.read()) > 1000)
        self.assertEqual(lengths, {True})


class TextfileTest(unittest.TestCase):
    def test_file_has_the_metrics_as_long_as_there_is_an_agent(self):
        if os.geteuid() != 0:
            self.skipTest("launching tasks in cgroups needs root")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-textfile-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        file = folder / "reeve.prom"
        agent = Agent(f"--textfile.path={file}")
        self.addCleanup(agent.close)
        agent.launch("busy", "--", "sleep", "600")

        # There is a whole page at any time.
        def has_task():
            names = {
                sample.name
                for sample in parse_metrics(file.read_text())
                if sample.labels.get("task") == "busy"
            }
            return "reeve_task_cpu_usage_seconds_total" in names

        eventually(has_task, 60, "the task is in the file")
        if PROMTOOL:
            with open(file) as page:
                done = subprocess.run(
                    [PROMTOOL, "check", "metrics"],
                    stdin=page,
                    capture_output=True,
                    text=True,
                    timeout=60 * SLOWNESS,
                    check=False,
                )
            self.assertEqual((done.returncode, done.stderr), (0, ""))

        agent.close()
        self.assertEqual(list(folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
