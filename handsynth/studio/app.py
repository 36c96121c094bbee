"""The studio as one ASGI application: the page at /, the API under /v1, /healthz and /metrics."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, BinaryIO

from fastapi import FastAPI, Form, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from handsynth import __version__
from handsynth.document.memo import Memo
from handsynth.document.paper import NAMES, RULINGS
from handsynth.errors import HandsynthError
from handsynth.fonts import FORMATS as FONTS
from handsynth.fonts.repertoire import SETS
from handsynth.formats import FORMATS
from handsynth.learning.printing import ENDINGS
from handsynth.model.model import Model
from handsynth.studio import jobs, pagefiles
from handsynth.studio.answers import (
    ANY,
    REFUSALS,
    About,
    AboutModel,
    ChangedHand,
    GalleryHand,
    HeldLetters,
    LearntHand,
    file_answers,
)
from handsynth.studio.guard import LOCAL, UPLOAD, Guard
from handsynth.studio.job_queue import Deadline, JobQueue
from handsynth.studio.jobs import ZIP, File
from handsynth.studio.limits import Limits
from handsynth.studio.metrics import KIND, ServerMetrics
from handsynth.studio.pagefiles import PageFile
from handsynth.studio.refusal import PROBLEM, Refusal, problem
from handsynth.studio.requests import (
    FontBody,
    ForgetBody,
    LearnForm,
    LettersBody,
    PageBody,
    Render,
    RenderBody,
    SheetBody,
    SheetQuery,
    Template,
)
from handsynth.studio.routes import StrictRoute, asked_of
from handsynth.studio.schema import operation, readable
from handsynth.studio.wording import said

NOTES, LAST = "Handsynth-Notes", "Handsynth-Last-Page"


MEMO = 50_000
"""Glyphs of documents that are kept, so that of a changed one only what is new is drawn: some 60 MB."""

_RENDERED, _FONTS = [name[1:] for name in FORMATS], [name[1:] for name in FONTS]


def create_app(
    model: Model, limits: Limits | None = None, *, names: frozenset[str] | None = LOCAL, token: str | None = None
) -> Guard:
    """The application. `names`: hosts it answers to, None for any; `token`: what requests must bring, if anything."""
    limits = limits or Limits()
    metrics = ServerMetrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        app.state.queue = JobQueue(limits)
        metrics.watch(app.state.queue)
        yield
        app.state.queue.close()

    app = FastAPI(
        title="handsynth",
        version=__version__,
        description="Text as handwriting. The same request gives the same bytes.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=operation,
    )
    app.router.route_class = StrictRoute
    app.state.metrics = metrics
    _add_errors(app)
    _add_writing(app, model, limits)
    _add_others(app, model, limits)
    _add_page(app, metrics)
    _add_schema(app)
    return Guard(app, limits, metrics, names, token)


def _add_schema(app: FastAPI) -> None:
    made = app.openapi

    app.openapi = lambda: readable(made())  # type: ignore[method-assign]


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        return Response(refusal.body, refusal.status, refusal.headers)

    @app.exception_handler(HandsynthError)
    async def unusable(_: Request, error: HandsynthError) -> Response:
        return _problem(422, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return _problem(*said(error.errors(), asked_of(request.scope.get("route"))))

    @app.exception_handler(HTTPException)
    async def refused_by_http(request: Request, error: HTTPException) -> Response:
        headers, detail = dict(error.headers or {}), str(error.detail)
        if error.status_code == 404:
            detail = "there is nothing here; the API is under /v1, its schema at /v1/openapi.json"
        if error.status_code == 405:
            # what each of several routes of one path can do
            same = [route for route in app.routes if isinstance(route, Route) and route.path == request.url.path]
            methods = {name for route in same for name in route.methods or ()}
            headers["Allow"] = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
            detail = f"{request.method} means nothing here; use {headers['Allow']}"
        return _problem(error.status_code, detail, headers)

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> Response:
        return _problem(500, "something went wrong in the server; its log says what")


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(problem(status, detail), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, PROBLEM)


def _add_page(app: FastAPI, metrics: ServerMetrics) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @app.get("/metrics", include_in_schema=False)
    async def shown() -> Response:
        return Response(metrics.text(), headers={"Content-Type": KIND, "Cache-Control": "no-store"})

    for name, file in pagefiles.read().items():
        paths = [f"/{name}"] if name != pagefiles.INDEX else [f"/{name}", "/"]
        for path in paths:
            app.add_api_route(path, _served(file), include_in_schema=False)


def _served(file: PageFile) -> Callable[[Request], Awaitable[Response]]:
    caching = "public, max-age=31536000, immutable" if file.lasting else "no-cache"

    async def page(request: Request) -> Response:
        headers = {"ETag": file.etag, "Cache-Control": caching}
        if _known(request, file.etag):
            return Response(status_code=304, headers=headers)
        return Response(file.data, headers={**headers, "Content-Type": file.kind})

    return page


def _add_writing(app: FastAPI, model: Model, limits: Limits) -> None:
    async def drawing(request: Request, asked: Any) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.render(model, asked, limits))

    drawn = file_answers(_RENDERED, "The file.")

    @app.get("/v1/render", responses=drawn, response_class=Response, summary="A text as a picture")
    async def render_get(request: Request, asked: Annotated[Render, Query()]) -> Response:
        return await drawing(request, asked)

    @app.post("/v1/render", responses=drawn, response_class=Response, summary="A text as a picture, by any hand")
    async def render(request: Request, asked: RenderBody) -> Response:
        return await drawing(request, asked)

    memo = Memo(MEMO)
    pages = {**file_answers(_RENDERED, "The file, or a zip with a file a page.", ZIP), 404: REFUSALS[422]}

    @app.post("/v1/page", responses=pages, response_class=Response, summary="A document")
    async def page(request: Request, asked: PageBody) -> Response:
        etag = _etag(request, model, asked)
        if _known(request, etag):
            return _unchanged(etag)

        def book(deadline: Deadline) -> jobs.Book:
            return jobs.book(model, asked, limits, deadline, memo)

        if asked.page is not None or FORMATS[f".{asked.format}"].many:

            def whole(deadline: Deadline) -> File:
                found = book(deadline)
                return found.together(deadline) if asked.page is None else found.one(asked.page, deadline)

            return await _answer(request, model, asked, whole)
        return await _streamed(request, lambda deadline: book(deadline).each(deadline), etag)

    fonts = file_answers(_FONTS, "The font, or a zip of its files.", ZIP)

    @app.post("/v1/font", responses=fonts, response_class=Response, summary="A font with variants of each letter")
    async def font(request: Request, asked: FontBody) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.font(model, asked, limits, deadline))

    async def specimen(request: Request, asked: Any) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.sheet(model, asked, limits, deadline))

    sheets = file_answers(["png"], "The sheet.")

    @app.get("/v1/sheet", responses=sheets, response_class=Response, summary="A labelled sheet of characters")
    async def sheet_get(request: Request, asked: Annotated[SheetQuery, Query()]) -> Response:
        return await specimen(request, asked)

    @app.post("/v1/sheet", responses=sheets, response_class=Response, summary="The same, by any hands")
    async def sheet(request: Request, asked: SheetBody) -> Response:
        return await specimen(request, asked)


def _add_others(app: FastAPI, model: Model, limits: Limits) -> None:
    gallery = [GalleryHand(name=h.name, tags=list(h.tags), description=h.description) for h in model.card.gallery]
    able = [name for name in _RENDERED if FORMATS[f".{name}"].able]
    made = About(
        version=__version__,
        model=AboutModel(name=model.card.name, hash=model.hash),
        charset=list(model.card.charset),
        hands=gallery,
        papers=list(NAMES),
        rulings=list(RULINGS),
        charsets=list(SETS),
        formats={"render": able, "page": able, "font": _FONTS},
        limits={name: float(value) for name, value in vars(limits).items()},
    )

    @app.get("/v1/about", responses=REFUSALS, summary="What this server can do")
    async def about() -> About:
        return made

    @app.get("/v1/hands", responses=REFUSALS, summary="The hands of the gallery")
    async def hands() -> list[GalleryHand]:
        return gallery

    @app.post(UPLOAD, responses=REFUSALS, summary="A hand from photos of a filled form, or of a line")
    async def learn(
        request: Request, asked: Annotated[LearnForm, Form(media_type="multipart/form-data")]
    ) -> LearntHand:
        photos = asked.photo
        if len(photos) > limits.photos:
            raise Refusal(413, f"{len(photos)} photos are more than the {limits.photos} allowed here; give fewer")
        files: list[BinaryIO] = []
        for number, each in enumerate(photos, 1):
            files.append(await _photo(each, f"photo {number}"))
        line = await _photo(asked.line, "line") if asked.line else None

        def job(deadline: Deadline) -> dict[str, Any]:
            return jobs.learn(model, files, line, asked, limits, deadline)

        return LearntHand(**await _run(request, job))

    @app.post("/v1/letters", responses=REFUSALS, summary="The letters that a learnt hand holds")
    async def letters(request: Request, asked: LettersBody) -> HeldLetters:
        return HeldLetters(**await _run(request, lambda deadline: jobs.letters(model, asked)))

    @app.post("/v1/forget", responses=REFUSALS, summary="A learnt hand without some of its letters")
    async def forget(request: Request, asked: ForgetBody) -> ChangedHand:
        return ChangedHand(**await _run(request, lambda deadline: jobs.forget(model, asked)))

    forms = file_answers([ending[1:] for ending in ENDINGS], "The form, or a zip with a picture a page.", ZIP)

    @app.get("/v1/template", responses=forms, response_class=Response, summary="The form to fill in")
    async def template(request: Request, asked: Annotated[Template, Query()]) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.template(asked, deadline))


async def _photo(upload: UploadFile, name: str) -> BinaryIO:
    """An uploaded picture, with a name for messages: what the client calls it, as far as it can be shown."""
    file = io.BytesIO(await upload.read())
    file.name = "".join(char for char in (upload.filename or "") if char.isprintable())[-80:] or name
    return file


async def _run(request: Request, job: Callable[[Deadline], Any]) -> Any:
    """What `job` gives; it is given up when the client goes away."""
    work = asyncio.ensure_future(request.app.state.queue.run(job))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Refusal(503, "nobody waits for this any more")
        return work.result()
    finally:
        work.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _answer(request: Request, model: Model, asked: Any, job: Callable[[Deadline], File]) -> Response:
    """The file that `job` makes, or that it is as it was: the same request gives the same bytes."""
    etag = _etag(request, model, asked)
    if _known(request, etag):
        return _unchanged(etag)
    file: File = await _run(request, job)
    request.app.state.metrics.characters.inc(len(getattr(asked, "text", "")))
    return _file(request, file, etag)


def _file(request: Request, file: File, etag: str) -> Response:
    headers = _headers(etag, file.name)
    if file.notes:
        headers[NOTES] = json.dumps(file.notes)
    if file.last is not None:
        headers[LAST] = "true" if file.last else "false"
    return Response(file.data, headers={**headers, "Content-Type": ANY if _any(request) else file.kind})


async def _streamed(request: Request, job: Callable[[Deadline], Any], etag: str) -> Response:
    """A file, or a zip whose pieces are sent as they are made; what is wrong with a request is said before that."""
    pieces = request.app.state.queue.stream(job)
    try:
        first = await anext(pieces)
    except BaseException:
        await pieces.aclose()
        raise
    if isinstance(first, File):
        await pieces.aclose()
        return _file(request, first, etag)
    return _Streamed(first, pieces, {**_headers(etag, "pages.zip"), "Content-Type": ANY if _any(request) else ZIP})


def _any(request: Request) -> bool:
    """Whether the client would rather have bytes than a picture, a font or a document (RFC 9110, 12.5.1)."""
    return request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip().lower() == ANY


class _Streamed(StreamingResponse):
    """An answer that gives its turn back however it ends, even if it never begins."""

    def __init__(self, first: bytes, pieces: AsyncGenerator[bytes, None], headers: dict[str, str]) -> None:
        async def whole() -> AsyncIterator[bytes]:
            yield first
            async for piece in pieces:
                yield piece

        super().__init__(whole(), headers=headers)
        self.pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self.pieces.aclose()


def _headers(etag: str, name: str) -> dict[str, str]:
    # names are ASCII letters, digits and marks: jobs.py makes them
    shown = f'inline; filename="{name}"'
    return {"ETag": etag, "Vary": "Accept", "Cache-Control": "private, no-cache", "Content-Disposition": shown}


def _unchanged(etag: str) -> Response:
    return Response(status_code=304, headers={"ETag": etag, "Vary": "Accept", "Cache-Control": "private, no-cache"})


def _etag(request: Request, model: Model, asked: BaseModel) -> str:
    fields = asked.model_dump(mode="json")
    whole = json.dumps([__version__, model.hash, request.url.path, fields, _any(request)], sort_keys=True)
    return f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'


def _known(request: Request, etag: str) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    return etag in (part.strip().removeprefix("W/") for part in given.split(","))
