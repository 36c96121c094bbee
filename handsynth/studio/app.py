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
from handsynth.learning import form
from handsynth.model.model import Model
from handsynth.studio import jobs, pagefiles
from handsynth.studio.answers import (
    REFUSALS,
    About,
    AboutModel,
    ChangedHand,
    GalleryHand,
    HeldLetters,
    LearntHand,
    Problem,
    file_answers,
)
from handsynth.studio.desk import Deadline, Desk
from handsynth.studio.guard import LOCAL, UPLOAD, Guard
from handsynth.studio.jobs import ZIP, File
from handsynth.studio.limits import Limits
from handsynth.studio.metrics import KIND, Metrics
from handsynth.studio.pagefiles import PageFile
from handsynth.studio.refusal import PROBLEM, Refusal, problem
from handsynth.studio.requests import FontBody, ForgetBody, LettersBody, PageBody, Render, RenderBody, Sheet, SheetBody

NOTES, LAST = "Handsynth-Notes", "Handsynth-Last-Page"


MEMO = 50_000
"""Glyphs of documents that are kept, so that of a changed one only what is new is drawn: some 60 MB."""

_RENDERED, _FONTS = [name[1:] for name in FORMATS], [name[1:] for name in FONTS]


def create_app(
    model: Model, limits: Limits | None = None, *, names: frozenset[str] | None = LOCAL, token: str | None = None
) -> Guard:
    """The application. `names`: hosts it answers to, None for any; `token`: what requests must bring, if anything."""
    limits = limits or Limits()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        app.state.desk = Desk(limits)
        metrics.watch(app.state.desk)
        yield
        app.state.desk.close()

    app = FastAPI(
        title="handsynth",
        version=__version__,
        description="Text as handwriting. The same request gives the same bytes.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.metrics = metrics
    _add_errors(app)
    _add_writing(app, model, limits)
    _add_others(app, model, limits)
    _add_page(app, metrics)
    _add_schema(app)
    return Guard(app, limits, metrics, names, token)


def _add_schema(app: FastAPI) -> None:
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        parts = schema["components"]["schemas"]
        parts["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            parts.pop(unused, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        return Response(refusal.body, refusal.status, refusal.headers)

    @app.exception_handler(HandsynthError)
    async def unusable(_: Request, error: HandsynthError) -> Response:
        return _problem(422, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first, more = error.errors()[0], len(error.errors()) - 1
        where = ".".join(map(str, first["loc"][1:])) or str(first["loc"][0])
        if first["type"] == "json_invalid":
            return _problem(400, "the body is no valid JSON")
        return _problem(422, f"{where}: {first['msg']}" + (f" (and {more} more)" if more else ""))

    @app.exception_handler(HTTPException)
    async def refused_by_http(request: Request, error: HTTPException) -> Response:
        headers, detail = dict(error.headers or {}), str(error.detail)
        if error.status_code == 404:
            detail = "there is nothing here; the API is under /v1, its schema at /v1/openapi.json"
        if error.status_code == 405:
            # what each of several routes of one path can do
            same = [route for route in app.routes if isinstance(route, Route) and route.path == request.url.path]
            headers["Allow"] = ", ".join(sorted({name for route in same for name in route.methods or ()}))
            detail = f"{request.method} means nothing here; use {headers['Allow']}"
        return _problem(error.status_code, detail, headers)

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> Response:
        return _problem(500, "something went wrong in the server; its log says what")


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(problem(status, detail), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, PROBLEM)


def _add_page(app: FastAPI, metrics: Metrics) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @app.get("/metrics", include_in_schema=False)
    async def shown() -> Response:
        return Response(metrics.text(), headers={"Content-Type": KIND, "Cache-Control": "no-store"})

    for name, file in pagefiles.read().items():
        paths = [f"/{name}"] if name != pagefiles.INDEX else [f"/{name}", "/"]
        for path in paths:
            app.add_api_route(path, _served(file), methods=["GET", "HEAD"], include_in_schema=False)


def _served(file: PageFile) -> Callable[[Request], Awaitable[Response]]:
    caching = "public, max-age=31536000, immutable" if file.lasting else "no-cache"

    async def page(request: Request) -> Response:
        headers = {"ETag": file.etag, "Cache-Control": caching}
        if _known(request, file.etag):
            return Response(status_code=304, headers=headers)
        return Response(file.data, headers={**headers, "Content-Type": file.kind})

    return page


def _add_writing(app: FastAPI, model: Model, limits: Limits) -> None:
    async def render(request: Request, asked: Any) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.render(model, asked, limits))

    drawn = file_answers(_RENDERED, "The file.")

    @app.get("/v1/render", responses=drawn, response_class=Response, summary="A text as a picture")
    async def render_get(request: Request, asked: Annotated[Render, Query()]) -> Response:
        return await render(request, asked)

    @app.post("/v1/render", responses=drawn, response_class=Response, summary="A text as a picture, by any hand")
    async def render_post(request: Request, asked: RenderBody) -> Response:
        return await render(request, asked)

    memo = Memo(MEMO)
    pages = {**file_answers(_RENDERED, "The file, or a zip with a file a page.", ZIP), 404: REFUSALS[422]}

    @app.post("/v1/page", responses=pages, response_class=Response, summary="A document")
    async def page(request: Request, asked: PageBody) -> Response:
        etag = _etag(request, model, asked)
        if _known(request, etag):
            return _unchanged(etag)
        desk: Desk = request.app.state.desk

        def book(deadline: Deadline) -> jobs.Book:
            return jobs.book(model, asked, limits, deadline, memo)

        if asked.page is not None or FORMATS[f".{asked.format}"].many:

            def whole(deadline: Deadline) -> File:
                found = book(deadline)
                return found.whole(deadline) if asked.page is None else found.one(asked.page, deadline)

            return await _answer(request, model, asked, whole)
        return await _streamed(desk, lambda deadline: book(deadline).each(deadline), etag)

    fonts = file_answers(_FONTS, "The font, or a zip of its files.", ZIP)

    @app.post("/v1/font", responses=fonts, response_class=Response, summary="A font with variants of each letter")
    async def font(request: Request, asked: FontBody) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.font(model, asked, limits, deadline))

    async def sheet(request: Request, asked: Any) -> Response:
        return await _answer(request, model, asked, lambda deadline: jobs.sheet(model, asked, limits, deadline))

    sheets = file_answers(["png"], "The sheet.")

    @app.get("/v1/sheet", responses=sheets, response_class=Response, summary="A labelled sheet of characters")
    async def sheet_get(request: Request, asked: Annotated[Sheet, Query()]) -> Response:
        return await sheet(request, asked)

    @app.post("/v1/sheet", responses=sheets, response_class=Response, summary="The same, by any hands")
    async def sheet_post(request: Request, asked: SheetBody) -> Response:
        return await sheet(request, asked)


def _add_others(app: FastAPI, model: Model, limits: Limits) -> None:
    gallery = [GalleryHand(name=h.name, tags=list(h.tags), description=h.description) for h in model.card.gallery]
    able = [name for name in _RENDERED if FORMATS[f".{name}"].able]
    about = About(
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
    async def about_() -> About:
        return about

    @app.get("/v1/hands", responses=REFUSALS, summary="The hands of the gallery")
    async def hands() -> list[GalleryHand]:
        return gallery

    @app.post(UPLOAD, responses=REFUSALS, summary="A hand from photos of a filled form, or of a line")
    async def learn(
        request: Request,
        photo: Annotated[list[UploadFile] | None, Form(description="Photos or scans of the filled form.")] = None,
        line: Annotated[UploadFile | None, Form(description="Instead, or too: one line of separate letters.")] = None,
        text: Annotated[str, Form(description="What the line says.", max_length=1000)] = "",
        chars: Annotated[str, Form(description="The form's characters, if no named set.", max_length=1000)] = "",
        name: Annotated[str, Form(description="What the hand is called.", max_length=200)] = "me",
        forget: Annotated[bool, Form(description="Leave the letters themselves out.")] = False,
    ) -> LearntHand:
        photos = photo or []
        if len(photos) > limits.photos:
            raise Refusal(413, f"{len(photos)} photos are more than the {limits.photos} allowed here; give fewer")
        files: list[BinaryIO] = []
        for number, each in enumerate(photos, 1):
            files.append(await _photo(each, f"photo {number}"))
        a_line = await _photo(line, "line") if line else None

        def job(deadline: Deadline) -> dict[str, Any]:
            return jobs.learn(model, files, a_line, text, chars, name, forget, limits, deadline)

        return LearntHand(**await _run(request, job))

    @app.post("/v1/letters", responses=REFUSALS, summary="The letters that a learnt hand holds")
    async def letters(request: Request, asked: LettersBody) -> HeldLetters:
        return HeldLetters(**await _run(request, lambda deadline: jobs.letters(model, asked)))

    @app.post("/v1/forget", responses=REFUSALS, summary="A learnt hand without some of its letters")
    async def forget(request: Request, asked: ForgetBody) -> ChangedHand:
        return ChangedHand(**await _run(request, lambda deadline: jobs.forget(model, asked)))

    @app.get("/v1/template", responses=file_answers(["pdf"], "The form."), response_class=Response,
             summary="The form to fill in")  # fmt: skip
    async def template(
        request: Request,
        paper: Annotated[str, Query(max_length=20, description=", ".join(form.PAPERS))] = "a4",
        chars: Annotated[str, Query(max_length=1000, description=f"{', '.join(form.SETS)}, or characters.")] = "ascii",
        repetitions: Annotated[
            int | None, Query(ge=1, le=form.REPETITIONS, description="Boxes for each; else two where there is room.")
        ] = None,
    ) -> Response:
        asked = [paper, chars, repetitions]
        return await _answer(request, model, asked, lambda deadline: jobs.template(chars, repetitions, paper))


async def _photo(upload: UploadFile, name: str) -> BinaryIO:
    """An uploaded picture, with a name for messages: what the client calls it, as far as it can be shown."""
    file = io.BytesIO(await upload.read())
    file.name = "".join(char for char in (upload.filename or "") if char.isprintable())[-80:] or name
    return file


async def _run(request: Request, job: Callable[[Deadline], Any]) -> Any:
    """What `job` gives; it is given up when the client goes away."""
    work = asyncio.ensure_future(request.app.state.desk.run(job))
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
    return _file(file, etag)


def _file(file: File, etag: str) -> Response:
    headers = _headers(etag, file.name)
    if file.notes:
        headers[NOTES] = json.dumps(file.notes)
    if file.last is not None:
        headers[LAST] = "true" if file.last else "false"
    return Response(file.data, headers={**headers, "Content-Type": file.kind})


async def _streamed(desk: Desk, job: Callable[[Deadline], Any], etag: str) -> Response:
    """A file, or a zip whose pieces are sent as they are made; what is wrong with a request is said before that."""
    pieces = desk.stream(job)
    try:
        first = await anext(pieces)
    except BaseException:
        await pieces.aclose()
        raise
    if isinstance(first, File):
        await pieces.aclose()
        return _file(first, etag)
    return _Streamed(first, pieces, {**_headers(etag, "pages.zip"), "Content-Type": ZIP})


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
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": f'inline; filename="{name}"'}


def _unchanged(etag: str) -> Response:
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


def _etag(request: Request, model: Model, asked: Any) -> str:
    said = asked.model_dump(mode="json") if isinstance(asked, BaseModel) else asked
    whole = json.dumps([__version__, model.hash, request.url.path, said], sort_keys=True)
    return f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'


def _known(request: Request, etag: str) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    return etag in (part.strip().removeprefix("W/") for part in given.split(","))
