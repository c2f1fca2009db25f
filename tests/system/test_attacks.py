"""What somebody would try against the dashboard and the report, each as it would arrive.

Not asserted: that a browser keeps to its own rules; `test_dashboard_browser` drives one.
"""

from __future__ import annotations

import asyncio
import json
import socket
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import ask, own, serving

from standfast.cli.main import run_command
from standfast.dashboard.app import build_app
from standfast.dashboard.desk import Desk
from standfast.report.page import render_report
from standfast.scenario.load import load_scenario
from standfast.testing.recordings import synthetic_result


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("results"), "--port", "0") as (_, port, token):
        yield port, token


def raw(port: int, text: bytes, *, wait: float = 10.0) -> bytes:
    """Send bytes as they are, and return what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as there:
        found = b""
        try:
            there.sendall(text)
            while part := there.recv(65536):
                found += part
        except ConnectionError:
            pass  # whoever sends too much is cut off
    return found or b"HTTP/1.1 400 cut off"


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_name_that_was_bound_to_this_machine_is_refused(server):
    """DNS rebinding: the browser believes it is same-origin, and says so."""
    port, token = server
    for host in (f"evil.example:{port}", f"127.0.0.1.nip.io:{port}", f"[::1]:{port}", f"127.1:{port}",
                 f"0.0.0.0:{port}", f"LOCALHOST:{port}", "localhost", f"localhost:{port}."):  # fmt: skip
        for path in ("/", "/api/desk"):
            found = ask(
                port,
                "GET",
                path,
                host=host,
                origin=f"http://{host}",
                authorization=f"Bearer {token}",
            )
            assert found[0] == 421, host
            assert "content-security-policy" in found[2]


def test_a_websocket_of_another_page_is_not_opened(server):
    port, token = server
    for origin, expected in (("http://evil.example", 403), (f"http://127.0.0.1:{port}", 200)):
        text = (
            f"GET /api/desk HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nAuthorization: Bearer "
            f"{token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        answer = raw(port, text.encode())
        assert status_of(answer) in {expected, 400}
        assert b"101 Switching" not in answer


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
)
def test_a_form_of_another_page_changes_nothing(server, kind):
    """CSRF: what a page may send without asking first has these types, and no token."""
    port, token = server
    before = ask(port, "GET", "/api/desk", authorization=f"Bearer {token}")[1]
    body = {"scenario": "garrison", "to": 1}
    for headers in (
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"cookie": f"token={token}"},
    ):
        assert ask(port, "POST", "/api/worlds", body, content_type=kind, **headers)[0] in (401, 403)
    mine = own(port, token) | {"content_type": kind}
    assert ask(port, "POST", "/api/worlds", body, **mine)[0] == 415
    assert ask(port, "GET", "/api/desk", authorization=f"Bearer {token}")[1] == before


@pytest.mark.parametrize(
    "path",
    ["/../app.py", "/..%2fapp.py", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/static/../guard.py", "/index.html%00",
     "/api/results/..%2f..%2fetc", "/api/scenarios/..%2f..%2fpyproject.toml", "/api/scenarios/%2fetc%2fpasswd",
     "/api/results/-1", "/api/results/1e9", "/api/worlds/1/../../desk", "/\\..\\app.py", "/api/scenarios/garrison.yaml"],
)  # fmt: skip
def test_no_path_leads_out(server, path):
    port, token = server
    text = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    answer = raw(port, text.encode())
    assert status_of(answer) in (400, 404), answer[:300]
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "headers",
    [{"x_forwarded_host": "127.0.0.1"}, {"x_forwarded_for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"},
     {"x_original_url": "/"}, {"x_rewrite_url": "/"}, {"x_http_method_override": "GET"}, {"x_real_ip": "127.0.0.1"},
     {"authorization": "Basic dG9rZW46"}, {"cookie": "token=x"}, {"authorization": "Bearer "}],
)  # fmt: skip
def test_what_a_header_claims_is_not_believed(server, headers):
    port, _ = server
    assert ask(port, "GET", "/api/desk", **headers)[0] == 401


def test_every_answer_is_dressed(server):
    port, token = server
    bearer = {"authorization": f"Bearer {token}"}
    answers = [
        ask(port, "GET", path, **bearer)
        for path in ("/", "/nothing", "/api/hello", "/api/worlds/9/ground")
    ]
    answers += [ask(port, "GET", "/api/desk"), ask(port, "DELETE", "/api/desk", **bearer)]
    for _, _, headers in answers:
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_what_is_too_large_is_refused_before_it_is_read(server):
    port, token = server
    headers = own(port, token)
    assert ask(port, "POST", "/api/check", content_length=str(10**9), **headers)[0] == 413
    assert status_of(
        raw(port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n")
    ) in (400, 431)
    many = b"GET / HTTP/1.1\r\nConnection: close\r\n" + b"a: b\r\n" * 50_000 + b"\r\n"
    assert status_of(raw(port, many)) in (400, 421, 431)


def test_those_who_say_nothing_keep_nobody_waiting(server):
    port, _ = server
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(60)]
    for number, each in enumerate(waiting):
        each.sendall(b"GET / HTTP/1.1\r\nHost: 1"[: number % 20])
    assert ask(port, "GET", "/")[0] == 200
    for each in waiting:
        each.close()


# What a scenario may carry

XSS = ("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</script><svg onload=alert(1)>",
       "javascript:alert(1)", "{{7*7}}", "${7*7}", "' onmouseover='alert(1)", "<!--", "]]>", "&lt;b&gt;")  # fmt: skip


def filled(text: str):
    """Return a scenario with a text in every field that holds any."""
    garrison = load_scenario("garrison")
    changes = {"title": text, "summary": text}
    changes |= {f"places.{name}.title": text for name in garrison.places}
    changes |= {f"forces.{name}.title": text for name in garrison.forces}
    changes |= {f"groups.{name}.title": text for name in garrison.groups}
    changes |= {f"events.{i}.title": text for i in range(len(garrison.events))}
    return garrison.with_(changes)


#: how many lines a map or table has depends on its labels, but these never do
ACTIVE = (
    "script",
    "style",
    "img",
    "iframe",
    "object",
    "embed",
    "link",
    "meta",
    "base",
    "form",
    "input",
    "button",
)


class Tags(HTMLParser):
    """Collects tags and attributes as a browser would see them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def tags_of(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


def test_no_text_of_a_scenario_becomes_a_tag_of_the_report():
    plain = tags_of(render_report(synthetic_result(filled("Plain"), 1)))
    for text in XSS:
        page = render_report(synthetic_result(filled(text), 1))
        found = tags_of(page)
        assert set(found.tags) == set(plain.tags), text
        assert [found.tags.count(tag) for tag in ACTIVE] == [
            plain.tags.count(tag) for tag in ACTIVE
        ]
        assert not [name for name, _ in found.attributes if name.startswith("on")]
        links = [value for name, value in found.attributes if name in ("href", "src")]
        assert not [
            value for value in links if value and value.strip().lower().startswith("javascript")
        ]


def test_the_test_would_notice_a_text_that_became_a_tag():
    page = render_report(synthetic_result(filled("Plain"), 1))
    broken = page.replace("Plain", XSS[1], 1)
    assert (
        tags_of(broken).tags != tags_of(page).tags
        or tags_of(broken).attributes != tags_of(page).attributes
    )


@pytest.mark.parametrize(
    "text", ["\x1b[2Jgone", "\x1b]0;title\x07", "\u202edrow", "a\x9b31m", "\u2066x"]
)
def test_no_text_of_a_scenario_is_obeyed_by_a_terminal(tmp_path, text, capsys):
    from standfast.errors import ScenarioError  # noqa: PLC0415 - only here
    from standfast.scenario.dump import dump_yaml  # noqa: PLC0415

    try:
        (tmp_path / "x.yaml").write_text(dump_yaml(filled(text)), encoding="utf-8")
    except ScenarioError as error:
        shown = error.render()
    else:
        for words in (["check"], ["show"], ["evidence"]):
            run_command([*words, str(tmp_path / "x.yaml")])
        told = capsys.readouterr()
        shown = told.out + told.err
    assert not set(shown) & set("\x1b\x07\x9b\u202e\u2066")


# Any request at all: what schemathesis does from a description, from the table of routes

PATHS = ("/", "/index.html", "/x", "/api/hello", "/api/desk", "/api/results", "/api/results/{n}", "/api/results/{n}/page",
         "/api/scenarios/{t}",
         "/api/schema", "/api/check", "/api/questions", "/api/questions/check", "/api/worlds", "/api/ensembles", "/api/worlds/{n}/ground", "/api/worlds/{n}/frames",
         "/api/worlds/{n}/squads", "/api/worlds/{n}/stayed", "/api/worlds/{n}/scenario", "/api/worlds/{n}/{t}",
         "/api/jobs/{n}", "/api/jobs/{n}/cancel")  # fmt: skip
words = st.text(max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | words
    | st.sampled_from(["garrison", "20 d", "city"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "scenario",
    "base",
    "document",
    "seed",
    "replicate",
    "to",
    "hours",
    "kind",
    "event",
    "at",
    "with",
    "agent",
)
bodies = st.dictionaries(st.sampled_from(FIELDS) | words, values, max_size=5).map(json.dumps).map(
    str.encode
) | st.binary(max_size=60)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    desk = Desk([tmp_path_factory.mktemp("desk")])
    yield build_app(desk, port=8765, token="t")  # noqa: S106 - no secret
    desk.close()


def answered(app, method, path, query, body):
    """Give one request to the application, and return its status and headers."""
    sent = []
    headers = {"host": "127.0.0.1:8765", "authorization": "Bearer t", "origin": "http://127.0.0.1:8765",
               "content-type": "application/json", "content-length": str(len(body))}  # fmt: skip
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode("utf-8", "replace"), "root_path": "",
        "query_string": query.encode("utf-8", "replace"), "scheme": "http", "http_version": "1.1",
        "server": ("127.0.0.1", 8765), "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive():
        return next(parts, {"type": "http.disconnect"})

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"])


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(["GET", "POST", "HEAD"]), st.sampled_from(PATHS), st.integers(-2, 10**12) | words,
    words, st.sampled_from(["", "from=1", "from=nan", "step=1e99&company=-1", "with=2&hour=x"]) | words, bodies,
)  # fmt: skip
def test_any_request_is_answered_without_a_fault(app, method, path, number, text, query, body):
    target = path.replace("{n}", str(number)).replace("{t}", text)
    status, headers = answered(app, method, target, query, body)
    assert status < 500, (method, target, query, body)
    assert b"content-security-policy" in headers


def test_the_table_of_paths_is_whole(app):
    routes = {route.path for route in app._app.routes}
    known = {path.replace("{n}", "{number:int}") for path in PATHS}
    missing = {
        route
        for route in routes
        if route.replace("{name}", "{t}").replace("{verb}", "{t}") not in known
    }
    assert missing <= {"/{name}", "/api/changes", "/api/worlds/{number:int}/command"}
