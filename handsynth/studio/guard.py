"""Who may ask, and how much at a time: an ASGI layer around the application, and the headers of every answer.

ASGI 3 (https://asgi.readthedocs.io/en/latest/specs/www.html): `scope` says what is asked, `receive` gives the body,
`send` takes the answer.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from handsynth.studio.limits import Limits
from handsynth.studio.metrics import ServerMetrics
from handsynth.studio.refusal import Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names that this machine has for itself."""

UPLOAD = "/v1/learn"

SLOWLY = 0.5
"""Seconds after which a client that asks too much at a time is told so."""

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Content Security Policy: nothing from elsewhere, nothing inline."""

HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Guard:
    """Wraps an application. `names`: hosts that requests may be meant for, None for any; `token`: None for none."""

    def __init__(
        self,
        app: Application,
        limits: Limits,
        metrics: ServerMetrics,
        names: frozenset[str] | None = LOCAL,
        token: str | None = None,
    ) -> None:
        self.app, self.limits, self.metrics, self.names, self.token = app, limits, metrics, names, token
        self.clients: Counter[str] = Counter()
        self.uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *HEADERS]
            elif scope["method"] == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # HEAD is GET without the body (RFC 9110, 9.3.2)
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            await self._checked(asked, receive, answer)
        finally:
            self.metrics.answered({**asked, "method": scope["method"]}, status, time.perf_counter() - begun)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path = scope["path"]
        asks = path.startswith("/v1/")
        client = (scope.get("client") or ("", 0))[0]
        upload = path == UPLOAD
        try:
            self._check_host(headers)
            if asks or path == "/metrics":
                self._check_token(headers)
            if asks:
                self._check_origin(headers)
                self._check_size(headers, upload, scope["method"])
                self._check_counts(client, upload)
        except Refusal as refusal:
            if refusal.status == 429:
                # who tries again at once would be refused thousands of times a second
                await asyncio.sleep(SLOWLY)
            await refuse(refusal, send)
            return
        if not asks:
            await self.app(scope, receive, send)
            return
        self.clients[client] += 1
        self.uploads += upload
        try:
            await self._within(scope, receive, send, upload)
        finally:
            self.uploads -= upload
            self.clients[client] -= 1
            if not self.clients[client]:
                del self.clients[client]

    def _check_host(self, headers: dict[str, str]) -> None:
        """A page elsewhere whose name is pointed at this machine (DNS rebinding) asks by its own name."""
        if self.names is not None and _name(headers.get("host", "")) not in self.names:
            raise Refusal(421, "this server answers to localhost alone; open it by that name, or start it with --host")

    def _check_token(self, headers: dict[str, str]) -> None:
        given = headers.get("authorization", "")
        scheme, _, token = given.partition(" ")
        if self.token is None:
            return
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self.token.encode()):
            raise Refusal(401, "this needs the server's token, in a header Authorization: Bearer TOKEN")

    def _check_origin(self, headers: dict[str, str]) -> None:
        """Pages of other sites are not to use this server, with or without reading its answers."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        foreign = origin is not None and _origin(origin) != headers.get("host", "").lower()
        if foreign or site in ("cross-site", "same-site"):
            raise Refusal(403, "pages of other sites may not use this server")

    def _check_size(self, headers: dict[str, str], upload: bool, method: str) -> None:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        wanted = "multipart/form-data" if upload else "application/json"
        # a form without files is often sent as its older kind: the application says what is missing
        known = (wanted, "application/x-www-form-urlencoded") if upload else (wanted,)
        if method == "POST" and kind and kind not in known:
            raise Refusal(415, f"the body is {kind[:60]!r}; send {wanted}")
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise Refusal(415, "the body is compressed; send it as it is")
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length[:20]) > self._most(upload):
            raise self._too_large(upload)

    def _check_counts(self, client: str, upload: bool) -> None:
        if self.clients[client] >= self.limits.per_client:
            raise Refusal(429, f"more than {self.limits.per_client} requests at a time; wait for answers", 1)
        if upload and self.uploads >= self.limits.uploads:
            raise Refusal(503, "too many photos are being read at the moment; try again in a moment", 5)

    def _most(self, upload: bool) -> int:
        return self.limits.upload if upload else self.limits.body

    def _too_large(self, upload: bool) -> Refusal:
        return Refusal(413, f"the request has more than {self._most(upload):,} bytes; send less")

    async def _within(self, scope: Scope, receive: Receive, send: Send, upload: bool) -> None:
        """The application, with a body of bounded size and time, whatever its headers said."""
        read, begun, started = 0, time.monotonic(), False

        async def bounded() -> Message:
            nonlocal read
            left = self.limits.body_seconds - (time.monotonic() - begun)
            if arrived:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(left, 0.0))
            except TimeoutError:
                raise _Broken(Refusal(408, f"the request took longer than {self.limits.body_seconds:g} s")) from None
            read += len(message.get("body", b""))
            if read > self._most(upload):
                raise _Broken(self._too_large(upload))
            if not message.get("more_body"):
                arrived.append(True)
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        arrived: list[bool] = []
        try:
            await self.app(scope, bounded, watched)
        except _Broken as broken:
            if started:
                raise
            await refuse(broken.refusal, send, close=True)


class _Broken(BaseException):
    """A body that is not to be read on; not an Exception, so that no layer between takes it for one of its own."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


async def refuse(refusal: Refusal, send: Send, close: bool = False) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
    headers.append((b"content-length", str(len(refusal.body)).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body})


_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]*)?")
"""`Host = uri-host [ ":" port ]` (RFC 9110, 7.2), without what a name in the DNS never has."""


def _name(host: str) -> str:
    """The name in a Host header, without port and brackets; empty where it is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else ""


def _origin(origin: str) -> str:
    """Host and port of an Origin header; empty where it names none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
