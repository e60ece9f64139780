"""Debian's Prometheus and Alertmanager as child processes, and a webhook for what they tell.

All listen on loopback ports that the kernel gives; the log says which. Those of a scenario run in
its network namespace: `within` makes a context in which their sockets are reached.
"""

import contextlib
import http.server
import json
import os
import re
import subprocess
import tempfile
import threading
import urllib.parse

from exporter_process import await_true, request


class Server:
    """A child process with a directory of its own; a context manager that leaves neither behind."""

    ready = "/-/ready"

    def __init__(self, command, files, prefix=(), within=contextlib.nullcontext):
        self.within = within
        self.directory = tempfile.TemporaryDirectory(prefix="netstack_server.")
        for name, text in files.items():
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)
        with open(self.path("log"), "wb") as log:
            self.process = subprocess.Popen([*prefix, *command], stdout=log, stderr=log,
                                            cwd=self.directory.name)
        try:
            self.address = await_true(self.listening, command[0])
            await_true(lambda: self.get(self.ready).status == 200, f"readiness of {command[0]}")
        except BaseException:
            self.stop()
            raise

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def log(self):
        with open(self.path("log"), encoding="utf-8") as log:
            return log.read()

    def listening(self):
        if self.process.poll() is not None:
            raise AssertionError(f"it ended: {self.log()}")
        found = re.search(r'msg="?Listening on"? address=(127\.0\.0\.1:\d+)', self.log())
        return found and found[1]

    def get(self, path, **how):
        with self.within():
            return request(self.address, path, **how)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.directory.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Prometheus(Server):
    """`config` is that of the program; `rules` are texts of rule files."""

    def __init__(self, config, rules=(), flags=(), **how):
        files = {f"{number}.rules.yml": text for number, text in enumerate(rules)}
        config = {"rule_files": sorted(files), **config}
        files["prometheus.yml"] = json.dumps(config)  # JSON is YAML.
        super().__init__(["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                          "--web.listen-address=127.0.0.1:0", *flags], files, **how)

    def ask(self, path, **query):
        answer = self.get(f"/api/v1/{path}?" + urllib.parse.urlencode(query, doseq=True))
        return json.loads(answer.text)

    def query(self, expression, **how):
        """The instant vector as a list of labels and value."""
        answer = self.ask("query", query=expression, **how)
        assert answer["status"] == "success", (expression, answer)
        return [(row["metric"], float(row["value"][1])) for row in answer["data"]["result"]]


class Alertmanager(Server):
    def __init__(self, config, **how):
        super().__init__(["prometheus-alertmanager", "--config.file=alertmanager.yml",
                          "--storage.path=data", "--cluster.listen-address=",
                          "--web.listen-address=127.0.0.1:0"], {"alertmanager.yml": config}, **how)

    def alerts(self):
        return json.loads(self.get("/api/v2/alerts").text)


class NodeExporter(Server):
    ready = "/"

    def __init__(self, flags, **how):
        super().__init__(["prometheus-node-exporter", "--web.listen-address=127.0.0.1:0", *flags], {},
                         **how)


class Webhook(http.server.ThreadingHTTPServer):
    """Keeps the alerts that it is sent, with the path that they were sent to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), WebhookHandler)
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class WebhookHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen += [(self.path, alert) for alert in body["alerts"]]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass
