"""HTTP secured by --web.config.file: TLS, client certificates and passwords.

Certificates are made by openssl, the clients are curl, a bare socket and a real
Prometheus.
"""

import base64
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest

from harness import REEVE, SLOWNESS, Agent, AgentTest, eventually
from prometheus import BINARY, Prometheus

# "secret", at a cost that makes a check quick.
HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
USERS = f"basic_auth_users:\n  alice: {HASH}\n"
TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n"
CLIENTS = "  client_auth_type: {}\n  client_ca_file: ca.crt\n"


class Certificates:
    """A folder with certificates of an authority of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reeve-tls-"))
        self.make_authority("ca")
        self.make_authority("other")
        self.make("server")
        self.make("client")
        self.make("stranger", authority="other")

    def openssl(self, *arguments):
        done = subprocess.run(
            ["openssl", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60 * SLOWNESS,
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")

    def _key(self):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")

    def make_authority(self, name):
        self.openssl(
            *("req", "-x509", *self._key(), "-days", "2", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.crt"),
        )

    def make(self, name, authority="ca", subject=None):
        """A certificate for 127.0.0.1, replaced at once if there was one."""
        (self.folder / "extensions").write_text("subjectAltName=IP:127.0.0.1\n")
        self.openssl(
            *("req", *self._key(), "-subj", f"/CN={subject or name}"),
            *("-keyout", "next.key", "-out", "next.csr"),
        )
        self.openssl(
            *("x509", "-req", "-in", "next.csr", "-days", "2"),
            *("-CA", f"{authority}.crt", "-CAkey", f"{authority}.key"),
            *("-CAcreateserial", "-extfile", "extensions", "-out", "next.crt"),
        )
        os.rename(self.folder / "next.key", self.folder / f"{name}.key")
        os.rename(self.folder / "next.crt", self.folder / f"{name}.crt")

    def write(self, name, text):
        next_file = self.folder / f"{name}.next"
        next_file.write_text(text)
        os.rename(next_file, self.folder / name)
        return self.folder / name

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class SecuredAgent(Agent):
    """An agent with a web configuration, asked by curl."""

    def __init__(self, certificates, config, default=()):
        self.certificates = certificates
        self.default = default
        self.scheme = "https" if "tls_server_config" in config else "http"
        file = certificates.write("web.yml", config)
        super().__init__(f"--web.config.file={file}")

    def curl(self, path, *arguments):
        """The code of the answer and its body; a code of 0 if there is none."""
        url = f"{self.scheme}://127.0.0.1:{self.port}{path}"
        done = subprocess.run(
            [
                *("curl", "--silent", "--show-error", "--max-time"),
                *(str(60 * SLOWNESS), "--write-out", "\n%{http_code}"),
                *(*arguments, url),
            ],
            cwd=self.certificates.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        body, _, code = done.stdout.rpartition("\n")
        return int(code or 0), body or done.stderr

    def get(self, path):
        return self.curl(path, *self.default)

    def configure(self, config):
        self.certificates.write("web.yml", config)


class WebConfigTest(AgentTest):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("the agent makes cgroups, which needs root")
        if not REEVE.exists():
            self.fail(f"{REEVE} is not there: bazel build //agent:reeve")
        self.certificates = Certificates()
        self.addCleanup(self.certificates.close)

    def start(self, config, *default):
        self.agent = SecuredAgent(self.certificates, config, default)
        self.addCleanup(self.agent.close)

    def code(self, path, *arguments):
        return self.agent.curl(path, *arguments)[0]

    def connect(self, **options):
        """A handshake with the agent by Python's ssl; returns the connection."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.certificates.folder / "ca.crt")
        for name, value in options.items():
            setattr(context, name, value)
        plain = socket.create_connection(
            ("127.0.0.1", self.agent.port), 60 * SLOWNESS
        )
        return self.shake(context, plain)

    def shake(self, context, plain, **options):
        connection = context.wrap_socket(
            plain, server_hostname="127.0.0.1", **options
        )
        self.addCleanup(connection.close)
        return connection

    def test_tls_is_spoken_with_those_who_trust_it(self):
        self.start(TLS, "--cacert", "ca.crt")

        code, page = self.agent.curl("/metrics", "--cacert", "ca.crt", "--compressed")
        self.assertEqual(code, 200)
        self.assertIn("\nreeve_build_info", page)
        self.assertEqual(self.code("/metrics", "--cacert", "other.crt"), 0)
        for version in ("1.2", "1.3"):
            arguments = (f"--tlsv{version}", "--tls-max", version)
            self.assertEqual(self.code("/", "--cacert", "ca.crt", *arguments), 200)
        # curl's OpenSSL would not even ask, but at security level 0.
        old = ("--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")
        self.assertEqual(self.code("/", "--cacert", "ca.crt", *old), 0)

    def test_plain_http_is_told_so(self):
        self.start(TLS, "--cacert", "ca.crt")
        self.agent.scheme = "http"

        code, body = self.agent.curl("/metrics")

        self.assertEqual(code, 400)
        self.assertIn("speaks HTTPS", body)

    def test_connections_are_kept_and_resumed(self):
        self.start(TLS, "--cacert", "ca.crt")
        request = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"

        connection = self.connect(maximum_version=ssl.TLSVersion.TLSv1_2)
        # Two at once come in one record; the socket tells of neither again.
        connection.sendall(request + request)
        received = b""
        while received.count(b"Healthy\n") < 2:
            chunk = connection.recv(65536)
            self.assertTrue(chunk, received)
            received += chunk
        context, session = connection.context, connection.session

        plain = socket.create_connection(
            ("127.0.0.1", self.agent.port), 60 * SLOWNESS
        )
        again = self.shake(context, plain, session=session)
        self.assertTrue(again.session_reused)

    def test_clients_certificates_are_verified(self):
        self.start(
            TLS + CLIENTS.format("RequireAndVerifyClientCert"),
            *("--cacert", "ca.crt", "--cert", "client.crt", "--key", "client.key"),
        )
        stranger = ("--cert", "stranger.crt", "--key", "stranger.key")

        self.assertEqual(self.agent.get("/metrics")[0], 200)
        self.assertEqual(self.code("/metrics", "--cacert", "ca.crt"), 0)
        self.assertEqual(self.code("/metrics", "--cacert", "ca.crt", *stranger), 0)

    def test_certificate_may_be_asked_for_and_not_verified(self):
        config = TLS + "  client_auth_type: RequireAnyClientCert\n"
        stranger = ("--cert", "stranger.crt", "--key", "stranger.key")
        self.start(config, "--cacert", "ca.crt", *stranger)

        self.assertEqual(self.agent.get("/metrics")[0], 200)
        self.assertEqual(self.code("/metrics", "--cacert", "ca.crt"), 0)

        self.agent.configure(TLS + CLIENTS.format("VerifyClientCertIfGiven"))
        self.assertEqual(self.code("/metrics", "--cacert", "ca.crt"), 200)
        self.assertEqual(self.agent.get("/metrics")[0], 0)

    def test_passwords(self):
        self.start(USERS, "--user", "alice:secret")

        for path in ("/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/tasks"):
            self.assertEqual(self.code(path), 401, path)
            self.assertEqual(self.code(path, "--user", "alice:Secret"), 401, path)
            self.assertEqual(self.code(path, "--user", "bob:secret"), 401, path)
            self.assertEqual(self.agent.get(path)[0], 200, path)

    def test_wrong_passwords_hold_up_nobody_who_is_known(self):
        self.start(USERS, "--user", "alice:secret")
        flood = []
        for number in range(60):
            flood.append(
                socket.create_connection(("127.0.0.1", self.agent.port), 60)
            )
            self.addCleanup(flood[-1].close)
            # "alice:NUMBER", in base64.
            credentials = base64.b64encode(f"alice:{number}".encode()).decode()
            flood[-1].sendall(
                f"GET / HTTP/1.1\r\nAuthorization: Basic {credentials}\r\n\r\n".encode()
            )

        self.assertEqual(self.agent.get("/metrics")[0], 200)
        codes = {connection.recv(65536).split()[1] for connection in flood}
        self.assertLessEqual(codes, {b"401", b"503"})

    def test_certificate_is_replaced_while_the_agent_runs(self):
        self.start(TLS, "--cacert", "ca.crt")
        before = self.connect().getpeercert()["subject"]

        self.certificates.make("server", subject="renewed")

        after = self.connect().getpeercert()["subject"]
        self.assertNotEqual(before, after)
        self.assertIn("renewed", str(after))

    def test_bad_change_leaves_what_was_in_force(self):
        self.start(USERS, "--user", "alice:secret")

        self.agent.configure("basic_auth_usres: {}\n")
        self.assertEqual(self.agent.get("/metrics")[0], 200)
        self.assertEqual(self.code("/metrics"), 401)
        self.assertIn('unknown key "basic_auth_usres"', self.agent.log())
        self.assertEqual(self.agent.log().count("stays in force"), 1)

        self.agent.configure("")
        self.assertEqual(self.code("/metrics"), 200)

    def test_unfinished_handshake_holds_nobody_up(self):
        self.start(TLS, "--cacert", "ca.crt")
        silent = []
        for _ in range(20):
            silent.append(
                socket.create_connection(("127.0.0.1", self.agent.port), 60 * SLOWNESS)
            )
            self.addCleanup(silent[-1].close)
            # The beginning of a record of 512 bytes, of which no more come.
            silent[-1].sendall(b"\x16\x03\x01\x02\x00\x01")

        self.assertEqual(self.agent.get("/metrics")[0], 200)
        # And in the end they are closed.
        for connection in silent:
            self.assertEqual(connection.recv(1), b"")

    def test_bad_configuration_ends_the_agent_with_one_line(self):
        cases = {
            "tls_config: {}\n": 'line 1: unknown key "tls_config"',
            TLS.replace("server.key", "none.key"): "none.key: ",
            TLS.replace("server.key", "ca.key"): "key values mismatch",
            "basic_auth_users: {alice: secret}\n": "alice: not a bcrypt hash",
        }
        for config, message in cases.items():
            file = self.certificates.write("bad.yml", config)
            done = subprocess.run(
                [
                    *(REEVE, "agent", f"--state-dir={self.certificates.folder}/state"),
                    "--web.listen-address=127.0.0.1:0",
                    f"--cgroup-parent=/reeve-e2e-{os.getpid()}-web",
                    f"--web.config.file={file}",
                ],
                capture_output=True,
                text=True,
                timeout=60 * SLOWNESS,
                check=False,
            )
            self.assertEqual(done.returncode, 125, done.stderr)
            line = done.stderr.splitlines()[-1]
            self.assertIn(f"web configuration {file}: ", line)
            self.assertIn(message, line)

    @unittest.skipIf(BINARY is None, "prometheus is not installed")
    def test_prometheus_scrapes_with_tls_and_a_password(self):
        self.start(
            TLS + CLIENTS.format("RequireAndVerifyClientCert") + USERS,
            *("--cacert", "ca.crt", "--cert", "client.crt", "--key", "client.key"),
            *("--user", "alice:secret"),
        )
        folder = self.certificates.folder
        prometheus = Prometheus(
            self.agent.port,
            [],
            scrape={
                "scheme": "https",
                "basic_auth": {"username": "alice", "password": "secret"},
                "tls_config": {
                    "ca_file": str(folder / "ca.crt"),
                    "cert_file": str(folder / "client.crt"),
                    "key_file": str(folder / "client.key"),
                },
            },
        )
        self.addCleanup(prometheus.close)

        eventually(lambda: prometheus.value("up") == 1, 60, "a scrape")
        eventually(
            lambda: prometheus.value("count_over_time(up[5m])") >= 3, 60, "scrapes"
        )
        self.assertEqual(prometheus.value("min_over_time(up[5m])"), 1)
        self.assertEqual(prometheus.log(), "")


if __name__ == "__main__":
    unittest.main()
