"""TLS and basic authentication by a web configuration file in exporter-toolkit's format."""

import base64
import os
import ssl
import subprocess
import tempfile
import unittest

import runner
from exporter_process import Exporter, await_true, run
from page import Page

# bcrypt of "open sesame", made with crypt(3) at the lowest cost.
HASH = "$2b$04$hmR7RUsAYZFZVe52l01vKultWLUij8zhjv5u36xYGKg3LwtFmIsJq"
GOOD = f"""tls_server_config:
  cert_file: cert.pem
  key_file: key.pem
basic_auth_users:
  prometheus: {HASH}
"""


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


RIGHT = basic("prometheus", "open sesame")


class WebConfigTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.path("key.pem"), "-out", self.path("cert.pem")],
                       check=True, capture_output=True, timeout=60)
        self.write(GOOD)
        self.tls = ssl.create_default_context(cafile=self.path("cert.pem"))

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, text):
        # Renamed into place, so that the exporter never reads half a file.
        with open(self.path("web.yml.new"), "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.path("web.yml.new"), self.path("web.yml"))

    def start(self):
        exporter = Exporter(f"--web.config.file={self.path('web.yml')}")
        self.addCleanup(exporter.close)
        return exporter

    def status(self, exporter, headers=RIGHT):
        return exporter.get(headers=headers, tls=self.tls).status

    def test_only_the_right_password_over_tls_is_answered(self):
        exporter = self.start()
        self.assertTrue(exporter.log_lines("msg=Listening", "tls=true"))
        refused = exporter.get(tls=self.tls)
        self.assertEqual(refused.status, 401)
        self.assertTrue(refused.headers["WWW-Authenticate"].startswith("Basic"))
        self.assertNotIn(b"netstack_", refused.body)
        for headers in (basic("prometheus", "open says me"), basic("nobody", "open sesame"),
                        basic("", ""), {"Authorization": "Basic ????"}):
            self.assertEqual(self.status(exporter, headers), 401)
        answered = exporter.get(headers=RIGHT, tls=self.tls)
        self.assertEqual(answered.status, 200)
        self.assertGreater(len(Page(answered.text)), 500)
        self.assertEqual(exporter.stop(), 0)

    def test_without_tls_nothing_is_told(self):
        exporter = self.start()
        try:
            reply = exporter.get(headers=RIGHT)
        except OSError:
            return
        self.assertNotEqual(reply.status, 200)
        self.assertNotIn(b"netstack_build_info", reply.body)

    def test_a_file_broken_later_answers_500_until_it_is_mended(self):
        users = GOOD[GOOD.index("basic_auth_users"):]
        self.write(users)
        exporter = self.start()
        self.assertEqual(exporter.get(headers=RIGHT).status, 200)
        self.write(users + "basic_auth_user: {}\n")
        await_true(lambda: exporter.get(headers=RIGHT).status == 500, "500")
        self.assertNotIn("netstack_", exporter.get(headers=RIGHT).text)
        self.assertTrue(exporter.log_lines("level=error", "web.yml line 3 column 1"),
                        exporter.log())
        self.write(users)
        await_true(lambda: exporter.get(headers=RIGHT).status == 200, "200")

    def test_a_file_broken_later_refuses_tls_until_it_is_mended(self):
        exporter = self.start()
        self.assertEqual(self.status(exporter), 200)
        self.write(GOOD + "basic_auth_user: {}\n")
        await_true(lambda: self.refuses_tls(exporter), "a refused handshake")
        self.write(GOOD)
        await_true(lambda: not self.refuses_tls(exporter), "a handshake")
        self.assertEqual(self.status(exporter), 200)

    def refuses_tls(self, exporter):
        try:
            self.status(exporter)
        except ssl.SSLError:
            return True
        return False

    def test_a_user_added_later_is_let_in_without_a_restart(self):
        exporter = self.start()
        other = basic("other", "open sesame")
        self.assertEqual(self.status(exporter, other), 401)
        self.write(GOOD + f"  other: {HASH}\n")
        await_true(lambda: self.status(exporter, other) == 200, "200")

    def test_a_broken_file_refuses_to_start_with_its_place(self):
        self.write("tls_server_config:\n  cert_fil: cert.pem\n")
        ended = run("--web.listen-address=127.0.0.1:0", f"--web.config.file={self.path('web.yml')}")
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn(f"{self.path('web.yml')} line 2 column 3", ended.stderr)


if __name__ == "__main__":
    runner.main(tools=["openssl"])
