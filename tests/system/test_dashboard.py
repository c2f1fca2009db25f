"""The dashboard as a process: on this machine only, to its own page only, ended by Ctrl-C."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from served import ask, own, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("results"), "--port", "0") as (_, port, token):
        yield port, token


def test_the_page_holds_nothing_and_lets_nothing_in(server):
    port, token = server
    status, text, headers = ask(port, "GET", "/")
    assert status == 200
    assert token not in text
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in {name.lower() for name in headers}
    for name in ("dashboard.js", "dashboard.css", "icon.svg"):
        assert ask(port, "GET", f"/{name}")[0] == 200
    for name in ("bundle.json", "..%2fapp.py", "../app.py", "nothing"):
        assert ask(port, "GET", f"/{name}")[0] == 404


def test_another_page_is_refused(server):
    port, token = server
    bearer = {"authorization": f"Bearer {token}"}
    assert ask(port, "GET", "/api/desk", **bearer)[0] == 200
    assert ask(port, "GET", "/api/desk")[0] == 401
    assert ask(port, "GET", "/api/desk", host="evil.example", **bearer)[0] == 421
    assert ask(port, "GET", "/api/desk", origin="http://evil.example", **bearer)[0] == 403
    body = {"scenario": "garrison", "to": 1}
    foreign = own(port, token) | {"origin": "http://evil.example"}
    assert ask(port, "POST", "/api/worlds", body, **foreign)[0] == 403
    assert (
        ask(port, "POST", "/api/worlds", body, **bearer, content_type="application/json")[0] == 403
    )
    assert json.loads(ask(port, "GET", "/api/desk", **bearer)[1])["worlds"] == []


@pytest.mark.parametrize(
    "path", ["/api/worlds", "/api/ensembles", "/api/questions", "/api/worlds/1/inject", "/api/worlds/1/close",
             "/api/jobs/1/cancel", "/api/check"],
)  # fmt: skip
def test_nothing_is_changed_by_get(server, path):
    port, token = server
    assert ask(port, "GET", path, authorization=f"Bearer {token}")[0] in (404, 405)


def test_what_is_wrong_is_told_and_is_no_fault(server):
    port, token = server
    cases = [
        ({"scenario": "nowhere"}, 409), ({"scenario": "../x"}, 409), ([], 409), ({"seed": "x"}, 409),
        ({"document": {"standfast": 1}}, 422),
    ]  # fmt: skip
    for body, status in cases:
        found, text, _ = ask(port, "POST", "/api/worlds", body, **own(port, token))
        assert found == status, text
        assert json.loads(text)["error"]
    assert ask(port, "POST", "/api/worlds/9/advance", {}, **own(port, token))[0] == 409
    assert (
        ask(port, "GET", "/api/worlds/9/frames?from=x", authorization=f"Bearer {token}")[0] == 409
    )


def test_it_listens_on_this_machine_only(server):
    port, _ = server
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; tells which address would be used
            address = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    if address.startswith("127."):
        address = socket.gethostbyname(socket.gethostname())
    if not address.startswith("127."):
        with (
            pytest.raises(OSError, match=r".*"),
            socket.create_connection((address, port), timeout=3),
        ):
            pass
    with socket.create_connection(("127.0.0.1", port), timeout=3) as there:
        assert there.getpeername()[0] == "127.0.0.1"


def test_a_taken_port_is_told(server, tmp_path):
    port, _ = server
    command = [sys.executable, "-m", "standfast.cli", "serve", str(tmp_path), "--port", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_it_with_work_under_way(tmp_path):
    with serving(tmp_path, "--port", "0") as (process, port, token):
        body = {"scenario": "garrison", "replicates": 900}
        assert ask(port, "POST", "/api/ensembles", body, **own(port, token))[0] == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode in (0, 130)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_says_nothing_of_a_page_that_is_open(tmp_path):
    with serving(tmp_path, "--port", "0") as (process, port, token):
        listening = HTTPConnection("127.0.0.1", port, timeout=30)
        listening.request("GET", "/api/changes", headers=own(port, token))
        assert listening.getresponse().read(6) == b"event:"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        listening.close()
    assert "Traceback" not in errors, errors
