"""A dashboard as a process, and requests to it with exactly the headers given."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager


@contextmanager
def serving(folder, *options):
    """Start `standfast serve` and give its process, port and token."""
    command = [sys.executable, "-m", "standfast.cli", "serve", str(folder), *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        line = process.stdout.readline()
        match = re.search(r"http://127\.0\.0\.1:(\d+)/#token=(\S+)", line)
        assert match, line + process.stderr.read()
        yield process, int(match[1]), match[2]
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def ask(port, method, path, body=None, **headers):
    """Send one request with exactly the headers given, and return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        connection.putheader("content-length", str(len(data)))
    connection.endheaders(data)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def own(port, token):
    return {
        "authorization": f"Bearer {token}", "origin": f"http://127.0.0.1:{port}",
        "content_type": "application/json",
    }  # fmt: skip


class Client:
    """Somebody who has the token of a dashboard."""

    def __init__(self, port, token):
        self.port, self.token = port, token

    def call(self, method, path, body=None):
        """Return what a request is answered with."""
        status, said, _ = ask(self.port, method, path, body, **own(self.port, self.token))
        assert status == 200, (method, path, status, said)
        return json.loads(said)

    def done(self, path, body):
        """Return what came of work that a request begins."""
        job = self.call("POST", path, body)["job"]
        end = time.monotonic() + 120
        while (found := self.call("GET", f"/api/jobs/{job}"))["state"] in ("waiting", "running"):
            assert time.monotonic() < end, found
            time.sleep(0.1)
        assert found["state"] == "done", found
        return found["result"]
