"""Who may ask the dashboard: exactly its own page, with its token, and only POST changes anything."""

from __future__ import annotations

import asyncio

import pytest

from standfast.dashboard.guard import HEADERS, MOST, Guard

PORT, TOKEN = 8765, "a-token"
HOST = "127.0.0.1:8765"
ORIGIN = f"http://{HOST}"


async def nothing(scope, receive, send):
    del scope
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"answered"})


@pytest.fixture
def guard():
    return Guard(nothing, port=PORT, token=TOKEN)


def allowed(method="GET", **changes):
    headers = {"host": HOST, "authorization": f"Bearer {TOKEN}"}
    if method == "POST":
        headers |= {"origin": ORIGIN, "content-type": "application/json", "content-length": "2"}
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in headers.items() if value is not None}


def test_its_own_page_is_answered(guard):
    assert guard.refusal("GET", "/", {"host": HOST}) is None
    assert guard.refusal("GET", "/dashboard.js", {"host": f"localhost:{PORT}"}) is None
    assert guard.refusal("GET", "/api/desk", allowed()) is None
    assert guard.refusal("POST", "/api/worlds", allowed("POST")) is None
    assert (
        guard.refusal("POST", "/api/worlds", allowed("POST", sec_fetch_site="same-origin")) is None
    )


@pytest.mark.parametrize(
    ("status", "method", "path", "changes"),
    [
        (421, "GET", "/", {"host": "evil.example"}),
        (421, "GET", "/", {"host": "127.0.0.1"}),
        (421, "GET", "/", {"host": "127.0.0.1:8766"}),
        (421, "GET", "/", {"host": "127.0.0.1:8765.evil.example"}),
        (421, "GET", "/", {"host": None}),
        (421, "GET", "/", {"host": "twice"}),
        (403, "GET", "/api/desk", {"origin": "http://evil.example"}),
        (403, "GET", "/", {"origin": "null"}),
        (403, "GET", "/", {"sec_fetch_site": "cross-site"}),
        (403, "GET", "/", {"sec_fetch_site": "same-site"}),
        (401, "GET", "/api/desk", {"authorization": None}),
        (401, "GET", "/api/desk", {"authorization": "Bearer a-toke"}),
        (401, "GET", "/api", {"authorization": "Bearer"}),
        (401, "POST", "/api/worlds", {"authorization": TOKEN}),
        (403, "POST", "/api/worlds", {"origin": None}),
        (403, "POST", "/api/worlds", {"origin": f"https://{HOST}"}),
        (403, "POST", "/api/worlds", {"origin": f"http://localhost:{PORT}"}),
        (415, "POST", "/api/worlds", {"content_type": "text/plain"}),
        (415, "POST", "/api/worlds", {"content_type": None}),
        (413, "POST", "/api/worlds", {"content_length": str(MOST + 1)}),
        (413, "POST", "/api/worlds", {"content_length": None}),
        (405, "POST", "/", {}),
        (405, "DELETE", "/api/worlds", {}),
        (405, "PUT", "/api/worlds", {}),
    ],
)
def test_everybody_else_is_refused(guard, status, method, path, changes):
    refusal = guard.refusal(method, path, allowed(method, **changes))
    assert refusal is not None
    assert refusal[0] == status


def exchange(guard, headers, *bodies, method="GET", path="/"):
    """Send a request through the guard, and return what it sends."""
    messages = iter([{"type": "http.request", "body": body, "more_body": True} for body in bodies])
    sent = []

    async def receive():
        return next(messages, {"type": "http.request", "body": b""})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    asyncio.run(guard(scope, receive, send))
    return sent


def test_every_answer_carries_the_policy(guard):
    for headers in ([(b"host", HOST.encode())], [(b"host", b"evil.example")]):
        sent = exchange(guard, headers)
        assert set(HEADERS) <= set(sent[0]["headers"])
    policy = dict(HEADERS)[b"content-security-policy"].decode()
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


def test_a_header_given_twice_is_nobodys(guard):
    sent = exchange(guard, [(b"host", HOST.encode()), (b"host", b"evil.example")])
    assert sent[0]["status"] == 421


def test_a_body_longer_than_it_said_is_cut_off():
    read = []

    async def reader(scope, receive, send):
        del scope, send
        while True:
            message = await receive()
            if message["type"] == "http.disconnect" or not message["body"]:
                return
            read.append(len(message["body"]))

    guard = Guard(reader, port=PORT, token=TOKEN)
    raw = [(name.encode(), value.encode()) for name, value in allowed("POST").items()]
    exchange(guard, raw, *[bytes(1_000_000)] * 6, method="POST", path="/api/check")
    assert sum(read) <= MOST


def test_websockets_are_not_answered(guard):
    sent = []
    asyncio.run(guard({"type": "websocket"}, None, sent.append))
    assert sent == []
