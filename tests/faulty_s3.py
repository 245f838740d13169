"""An HTTP proxy before an S3 server that goes wrong as it is told.

Requests are numbered in the order in which they come. Each is shown to the rules in turn; the
first that applies says how it goes, and without one it is passed on as it is.

    with faulty(s3_server) as proxy:
        proxy.rules = [Rule(Answer(503, "SlowDown"), verb="PUT", share=0.2)]
"""

from __future__ import annotations

import asyncio
import io
import logging
import random
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import unquote
from xml.sax.saxutils import unescape

from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

from cdalake.settings import AMBIENT, AccessRef
from cdalake.storage import Store, parse_location
from cdalake.storage.access import resolve
from cdalake.storage.patience import Patience

HASTE = Patience(
    answer=0.8, connect=0.8, trying=1.6, first_pause=0.002, longest_pause=0.01, silence=1.6
)
"""For tests: whatever can be waited for passes in a moment."""
AMPLE = replace(HASTE, answer=60.0, connect=10.0, trying=60.0, silence=300.0)
"""Where nothing hangs, so that a machine that is busy is no fault."""

BODY = "<?xml version='1.0'?><Error><Code>{0}</Code><Message>about {0}</Message></Error>"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Blocked</title></head>\n<body>Ask IT.</body></html>"
OF_ONE_HOP = {"transfer-encoding", "connection", "keep-alive", "content-length"}


@dataclass(frozen=True)
class Asked:
    """A request as rules see it.

    Attributes:
        number: of all requests of the proxy, from 1 on.
        verb: the method, or what it means: ``LIST``, ``COPY``, ``COMPLETE``, ``PART``, and
            ``DELETE`` for a list of keys.
        path: ``bucket/key``; of a listing ``bucket/prefix``.
    """

    number: int
    verb: str
    path: str

    @classmethod
    def of(cls, number: int, request: web.Request) -> Asked:
        path = unquote(request.raw_path.partition("?")[0]).lstrip("/")
        verb = request.method
        if verb == "GET" and "list-type" in request.query:
            verb, path = "LIST", f"{path}/{request.query.get('prefix', '')}"
        elif "x-amz-copy-source" in request.headers:
            verb = "COPY"
        elif "delete" in request.query:
            verb = "DELETE"
        elif "uploadId" in request.query:
            verb = {"PUT": "PART", "POST": "COMPLETE"}.get(verb, verb)
        return cls(number, verb, path)


@dataclass(frozen=True)
class Passed:
    """What the server behind the proxy answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Exchange:
    """One request, and the ways there are to deal with it."""

    def __init__(self, request: web.Request, asked: Asked, upstream: Upstream) -> None:
        self.asked = asked
        self.request = request
        self._upstream = upstream

    async def passed(self, page_size: int | None = None) -> Passed:
        """Hand the request on."""
        return await self._upstream.passed(self.request, page_size)

    async def paths(self) -> list[str]:
        """What it is about."""
        if "delete" not in self.request.query:
            return [self.asked.path]
        keys = _KEY.findall((await self.request.read()).decode())
        return [f"{self.asked.path}/{unescape(key)}" for key in keys]

    async def answer(self, passed: Passed) -> web.StreamResponse:
        """Answer as the server did."""
        headers = {k: v for k, v in passed.headers.items() if k.lower() not in OF_ONE_HOP}
        if self.request.method == "HEAD":
            headers["Content-Length"] = passed.headers.get("Content-Length", "0")
            return web.Response(status=passed.status, headers=headers)
        return web.Response(status=passed.status, headers=headers, body=passed.body)

    async def begin(self, passed: Passed, share: float) -> None:
        """Answer with the beginning of the body, though the headers promise all of it."""
        response = web.StreamResponse(status=passed.status)
        kept = {k: v for k, v in passed.headers.items() if k.lower() not in OF_ONE_HOP}
        response.headers.update(kept)
        response.content_length = len(passed.body)
        await response.prepare(self.request)
        await response.write(passed.body[: int(len(passed.body) * share)])

    def reset(self) -> web.StreamResponse:
        """Break the connection off as a machine does that is gone."""
        transport = self.request.transport
        if transport is not None:
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        return web.Response()


class Fault(Protocol):
    """Carries an exchange out in its own way."""

    async def __call__(self, exchange: Exchange) -> web.StreamResponse: ...


@dataclass(frozen=True)
class Answer:
    """An error of S3 in place of the answer; the request never reaches the server."""

    status: int
    code: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        await exchange.request.read()
        body = BODY.format(self.code) if self.code else ""
        text = {"text": body, "content_type": "application/xml"}
        return web.Response(status=self.status, headers=dict(self.headers), **text)


@dataclass(frozen=True)
class Html:
    """The page of a proxy that has its own mind."""

    status: int = 400

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        await exchange.request.read()
        return web.Response(status=self.status, body=PAGE, content_type="text/html")


@dataclass(frozen=True)
class Reset:
    """The connection breaks before the server has the request."""

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        return exchange.reset()


@dataclass(frozen=True)
class LostAnswer:
    """The request takes effect, and the connection breaks before anybody hears of it."""

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        await exchange.passed()
        return exchange.reset()


@dataclass(frozen=True)
class Cut:
    """The connection breaks, or ends, in the middle of the body."""

    is_reset: bool = True

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        passed = await exchange.passed()
        await exchange.begin(passed, 0.5)
        if self.is_reset:
            return exchange.reset()
        if exchange.request.transport is not None:
            exchange.request.transport.close()
        return web.Response()


@dataclass(frozen=True)
class Slow:
    """The answer comes late."""

    seconds: float

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        await asyncio.sleep(self.seconds)
        return await exchange.answer(await exchange.passed())


@dataclass(frozen=True)
class Hang:
    """No answer, until who asked has gone away; `stalls`: it stops in the middle of the body."""

    stalls: bool = False
    takes_effect: bool = False

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        if self.stalls:
            await exchange.begin(await exchange.passed(), 0.5)
        elif self.takes_effect:
            await exchange.passed()
        await asyncio.sleep(3600)
        raise AssertionError("nobody waits an hour")


Applies = Callable[[Asked], bool]


@dataclass
class Rule:
    """When something goes wrong, and how.

    Attributes:
        verb: one or several, with ``|`` between them; empty for all.
        path: a pattern to be found in the path.
        nth: of the requests that fit so far, from 1 on; empty for all.
        share: of the requests that fit, drawn with `seed` and the request's verb, path and try, so
            that a seed means the same whatever order threads come in.
        most: after so many times it is over.
        first_only: of the requests of one verb and path.
    """

    fault: Fault
    verb: str = ""
    path: str = ""
    nth: Sequence[int] = ()
    share: float = 1.0
    seed: int = 0
    most: int | None = None
    first_only: bool = False
    struck: list[Asked] = field(default_factory=list)
    _fitting: Counter[str] = field(default_factory=Counter)

    def strikes(self, asked: Asked) -> bool:
        """It applies to this request; called once for each."""
        if self.verb and asked.verb not in self.verb.split("|"):
            return False
        if not re.search(self.path, asked.path) or len(self.struck) == self.most:
            return False
        self._fitting[""] += 1
        self._fitting[f"{asked.verb} {asked.path}"] += 1
        is_struck = self._is_chosen(asked)
        if is_struck:
            self.struck.append(asked)
        return is_struck

    def _is_chosen(self, asked: Asked) -> bool:
        if self.nth and self._fitting[""] not in self.nth:
            return False
        name = f"{asked.verb} {asked.path}"
        if self.first_only and self._fitting[name] > 1:
            return False
        return random.Random(f"{self.seed} {name} {self._fitting[name]}").random() < self.share


_CONTENTS = re.compile(r"<Contents>.*?</Contents>", re.DOTALL)
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)


@dataclass
class Lag:
    """Listings that do not know yet: an object is missing from the next `listings` that would have
    shown it since it was put, and a deleted one is in so many still.

    Attributes:
        path: a pattern of the paths that are concerned.
    """

    listings: int
    path: str = ""
    hidden: Counter[str] = field(default_factory=Counter)
    _ghosts: dict[str, tuple[int, str]] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def note(self, verb: str, path: str) -> None:
        """Take a change of the store into account."""
        if not re.search(self.path, path):
            return
        if verb in {"PUT", "COPY", "COMPLETE"} and path not in self._seen:
            self.hidden.setdefault(path, self.listings)
        elif verb == "DELETE" and path in self._seen:
            self._ghosts[path] = (self.listings, self._seen.pop(path))

    def late(self, asked: Asked, passed: Passed) -> Passed:
        """The listing as it was some time ago."""
        bucket = asked.path.partition("/")[0]
        blocks = {self._path(bucket, b): b for b in _CONTENTS.findall(passed.body.decode())}
        shown = {path: block for path, block in blocks.items() if not self._hides(path)}
        self._seen |= shown
        for path, (left, block) in list(self._ghosts.items()):
            if left and path.startswith(asked.path):
                shown[path], self._ghosts[path] = block, (left - 1, block)
        rest = _CONTENTS.sub("", passed.body.decode())
        body = "".join(shown[path] for path in sorted(shown))
        text = re.sub(r"(?=<CommonPrefixes>|</ListBucketResult>)", lambda _: body, rest, count=1)
        return Passed(passed.status, passed.headers, text.encode())

    def _hides(self, path: str) -> bool:
        left = self.hidden.get(path, 0)
        if left:
            self.hidden[path] -= 1
        return left > 0

    @staticmethod
    def _path(bucket: str, block: str) -> str:
        key = _KEY.search(block)
        assert key is not None
        return f"{bucket}/{unquote(unescape(key[1]))}"


class Upstream:
    """The server behind the proxy."""

    def __init__(self, endpoint: str, session: ClientSession) -> None:
        self._endpoint = endpoint
        self._session = session

    async def passed(self, request: web.Request, page_size: int | None) -> Passed:
        paged = f"&max-keys={page_size}" if page_size and "list-type" in request.query else ""
        url = URL(self._endpoint + request.raw_path + paged, encoded=True)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in OF_ONE_HOP}
        data = io.BytesIO(await request.read())  # bare bytes of a megabyte it warns of
        async with self._session.request(request.method, url, headers=headers, data=data) as answer:
            return Passed(answer.status, dict(answer.headers), await answer.read())


class FaultyS3:
    """The proxy; `rules` and `lag` may be changed at any time.

    Attributes:
        asked: every request so far.
        most_at_once: of all requests, those that were under way at the same time.
        struck: how often a rule applied.
        page_size: objects in one page of a listing; None for the server's own.
    """

    def __init__(self, upstream: str) -> None:
        self.rules: Sequence[Rule] = ()
        self.lag: Lag | None = None
        self.asked: list[Asked] = []
        self.endpoint = ""
        self.in_flight = self.most_at_once = 0
        self.page_size: int | None = None
        self._upstream = upstream
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="faulty-s3", daemon=True)

    def count(self, verb: str, path: str = "") -> int:
        """How many requests of a kind there were."""
        return sum(a.verb == verb and bool(re.search(path, a.path)) for a in self.asked)

    @property
    def rules(self) -> Sequence[Rule]:
        """How requests go; new ones are counted anew."""
        return self._rules

    @rules.setter
    def rules(self, rules: Sequence[Rule]) -> None:
        self._rules, self.struck = rules, 0

    def heal(self) -> None:
        """From here on all is well; `struck` stays."""
        self._rules, self.lag, self.page_size = (), None, None

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(30), "the proxy does not come up"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_until_complete(self._end_all())
        self._loop.close()

    async def _end_all(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _serve(self) -> None:
        connector = TCPConnector(limit=0)
        async with ClientSession(connector=connector, auto_decompress=False) as session:
            self._server = Upstream(self._upstream, session)
            # Connections break all the time here; that is nothing to write home about.
            quiet = logging.getLogger("faulty-s3")
            quiet.setLevel(logging.CRITICAL)
            server = web.Server(
                self._handle,
                handler_cancellation=True,
                request_factory=self._large,
                access_log=None,
                logger=quiet,
            )
            runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.endpoint = f"http://{host}:{port}"
            self._ready.set()
            await self._stop.wait()
            await runner.cleanup()

    def _large(self, *parts: Any) -> web.BaseRequest:
        return web.BaseRequest(*parts, self._loop, client_max_size=1 << 30)

    async def _handle(self, request: Any) -> web.StreamResponse:
        asked = Asked.of(len(self.asked) + 1, request)
        self.asked.append(asked)
        self.in_flight += 1
        self.most_at_once = max(self.most_at_once, self.in_flight)
        try:
            return await self._carry_out(Exchange(request, asked, self._server))
        finally:
            self.in_flight -= 1

    async def _carry_out(self, exchange: Exchange) -> web.StreamResponse:
        rule = next((rule for rule in self.rules if rule.strikes(exchange.asked)), None)
        if rule is not None:
            self.struck += 1
            return await rule.fault(exchange)
        passed = await exchange.passed(self.page_size)
        if self.lag is not None:
            for path in await exchange.paths() if passed.status < 300 else ():
                self.lag.note(exchange.asked.verb, path)
            if exchange.asked.verb == "LIST":
                passed = self.lag.late(exchange.asked, passed)
        return await exchange.answer(passed)


def hasty(url: str, ref: AccessRef = AMBIENT, patience: Patience = HASTE) -> Store:
    """Opens stores that are waited for but a moment; what `sync.run` takes as `open_store`."""
    location = parse_location(url)
    return Store(location, resolve(ref, location), patience)


@contextmanager
def faulty(upstream: str) -> Iterator[FaultyS3]:
    """The proxy for as long as the block lasts."""
    proxy = FaultyS3(upstream)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


PASSING: dict[str, Fault] = {
    "throttled": Answer(503, "SlowDown"),
    "throttled, with a time": Answer(503, "SlowDown", (("Retry-After", "1"),)),
    "too many": Answer(429),
    "internal error": Answer(500, "InternalError"),
    "bad gateway": Html(502),
    "gateway timeout": Answer(504),
    "slow upload": Answer(400, "RequestTimeout"),
    "reset": Reset(),
    "answer lost": LostAnswer(),
    "reset in the body": Cut(),
    "cut off": Cut(is_reset=False),
    "no answer": Hang(),
    "no answer, though done": Hang(takes_effect=True),
    "stalled body": Hang(stalls=True),
    "slow": Slow(0.05),
}
"""What a store gets over: the same request is answered well later."""
