"""Who may ask: the page of this server in a browser on this machine, by somebody who was told the token.

A loopback address is no boundary for browsers: any page may send requests to it, and a name that
resolves to 127.0.0.1 makes them same-origin. So Host and Origin are compared exactly, everything
under `/api` wants the token (which the address printed at the start carries behind its #, so that
no server or log sees it), and only POST changes anything.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: bytes of the largest body: a scenario file may have 2 MB
MOST = 3_000_000
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self' data:",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """Lets through what may be asked, and sets the headers of every answer.

    Parameters
    ----------
    app
        What answers.
    port
        The port that is listened on.
    token
        What whoever asks for anything under `/api` has to know.
    """

    def __init__(self, app: App, *, port: int, token: str) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # there are no websockets here
        refusal = self.refusal(scope["method"], scope["path"], _headers(scope))
        if refusal is not None:
            await _refuse(refusal, send)
            return
        await self._app(scope, _bounded(receive), _with_headers(send))

    def refusal(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return status and reason if a request is not answered, None if it is.

        Parameters
        ----------
        method, path
            Of the request.
        headers
            By name in small letters.
        """
        host = headers.get("host", "")
        if host not in self._hosts:
            return 421, "This server answers only under its own address."
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return 403, "Another page may not ask this server."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "Another page may not ask this server."
        if method not in ("GET", "HEAD", "POST"):
            return 405, "Only GET and POST are answered."
        if path.startswith("/api") and not self._knows_token(headers):
            return 401, "Open the address that standfast serve printed; it carries the token."
        if method == "POST":
            return _refused_post(path, origin, headers)
        return None

    def _knows_token(self, headers: dict[str, str]) -> bool:
        given = headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self._token}".encode())


def _refused_post(path: str, origin: str | None, headers: dict[str, str]) -> tuple[int, str] | None:
    if not path.startswith("/api"):
        return 405, "Nothing is posted here."
    if origin is None:
        return 403, "A change is only accepted from the page of this server."
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return 415, "A change is written as JSON."
    length = headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST:
        return 413, f"A change is at most {MOST // 1_000_000} MB."
    return None


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1")
        # twice the same header is what somebody sends who hopes that two readers differ
        found[key] = value.decode("latin-1") if key not in found else "twice"
    return found


async def _refuse(refusal: tuple[int, str], send: Send) -> None:
    status, reason = refusal
    body = reason.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _bounded(receive: Receive) -> Receive:
    """Stop reading a body that is longer than it said."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return dressed
