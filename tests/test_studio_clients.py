"""Clients that generators make from the OpenAPI schema: each draws a line, a page, a font, a learnt hand."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from studio_server import Server, serving

JUDGES = os.environ.get("CLIENT_JUDGES", "")
"""A Python that has openapi-python-client."""
MODULES = Path(os.environ.get("NODE_PATH", "none"))
TYPES = MODULES / ".bin/openapi-typescript"
TEXT = "the quick brown fox"

IN_PYTHON = """
import sys
from pathlib import Path
from client import Client
from client.api.default import about, font, hands, learn, letters, page, render, render_get, sheet, template
from client.models import FontBody, LearnForm, LettersBody, PageBody, PaperStyle, Problem, RenderBody, Style
from client.models import FontBodyFormat, RenderBodyFormat, TemplateFormat
from client.types import File

out, text = Path(sys.argv[2]), sys.argv[3]
with Client(base_url=sys.argv[1], raise_on_unexpected_status=True, timeout=60) as client:
    def keep(name, file):
        assert isinstance(file, File), file
        (out / name).write_bytes(file.payload.read())

    assert "Quill" in [hand.name for hand in hands.sync(client=client)]
    assert about.sync(client=client).version
    keep("line.png", render.sync(client=client, body=RenderBody(text=text, hand="Quill", size=64.0, joined=0.0)))
    keep("line.svg", render.sync(client=client, body=RenderBody(text="Ada", format_=RenderBodyFormat.SVG)))
    keep("asked.png", render_get.sync(client=client, text="Ada", seed=7))
    body = PageBody(text="Dear Ada,", style=Style(paper=PaperStyle(name="a6")))
    keep("page.pdf", page.sync(client=client, body=body))
    keep("font.otf", font.sync(client=client, body=FontBody(chars="ab", variants=2, format_=FontBodyFormat.OTF)))
    keep("form.png", template.sync(client=client, chars="abc", format_=TemplateFormat.PNG))
    line = File(payload=open(out / "line.png", "rb"), file_name="line.png", mime_type="image/png")
    learnt = learn.sync(client=client, body=LearnForm(line=line, text=text, name="Ada", forget_originals=False))
    assert not isinstance(learnt, Problem), learnt
    hand = learnt.hand
    keep("mine.png", render.sync(client=client, body=RenderBody(text="quick", hand=hand.to_dict())))
    refused = render.sync(client=client, body=RenderBody(text="a", hand="Nobody"))
    assert isinstance(refused, Problem) and refused.status == 422, refused
"""

IN_TYPESCRIPT = """
import { readFileSync, writeFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

const [address, out, text] = process.argv.slice(2) as [string, string, string];
const client = createClient<paths>({ baseUrl: address });
const parseAs = "arrayBuffer";

function keep(name: string, answer: { data?: unknown; error?: components["schemas"]["Problem"] }): void {
  // openapi-typescript calls what is binary a string, whatever it is parsed as
  if (!(answer.data instanceof ArrayBuffer)) throw new Error(answer.error?.detail);
  writeFileSync(`${out}/${name}`, Buffer.from(answer.data));
}

const { data: hands } = await client.GET("/v1/hands");
if (!hands?.some((hand) => hand.name === "Quill")) throw new Error("no Quill");
keep("line.png", await client.POST("/v1/render", { body: { text, hand: "Quill", size: 64, joined: 0 }, parseAs }));
keep("line.svg", await client.POST("/v1/render", { body: { text: "Ada", format: "svg" }, parseAs }));
keep("asked.png", await client.GET("/v1/render", { params: { query: { text: "Ada", seed: 7 } }, parseAs }));
const style = { paper: { name: "a6" } };
keep("page.pdf", await client.POST("/v1/page", { body: { text: "Dear Ada,", style }, parseAs }));
keep("font.otf", await client.POST("/v1/font", { body: { chars: "ab", variants: 2, format: "otf" }, parseAs }));
keep("form.png", await client.GET("/v1/template", { params: { query: { chars: "abc", format: "png" } }, parseAs }));

const line = new Blob([readFileSync(`${out}/line.png`)], { type: "image/png" });
const form: components["schemas"]["LearnForm"] = { line: line as unknown as string, text, name: "Ada" };
const learnt = await client.POST("/v1/learn", {
  body: form,
  bodySerializer: (body) => {
    const sent = new FormData();
    for (const [name, value] of Object.entries(body as Record<string, string | Blob>)) sent.append(name, value);
    return sent;
  },
});
if (!learnt.data) throw new Error(learnt.error?.detail);
keep("mine.png", await client.POST("/v1/render", { body: { text: "quick", hand: learnt.data.hand }, parseAs }));
const refused = await client.POST("/v1/render", { body: { text: "a", hand: "Nobody" }, parseAs });
if (refused.error?.status !== 422) throw new Error("not refused");
"""

OPTIONS = {
    "strict": True, "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "types": ["node"],
    "skipLibCheck": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def ran(*command: object, where: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=where, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def check(out: Path) -> None:
    """What a client drew is what was asked for."""
    pictures = {name: Image.open(out / name) for name in ("line.png", "asked.png", "mine.png", "form.png")}
    assert all(picture.convert("L").getextrema()[0] < 100 for picture in pictures.values())
    assert pictures["form.png"].size == (2480, 3508)
    assert (out / "line.svg").read_text("utf-8").startswith("<?xml")
    document = pypdfium2.PdfDocument((out / "page.pdf").read_bytes())
    assert len(document) == 1
    document.close()
    assert {ord("a"), ord("b")} <= set(TTFont(io.BytesIO((out / "font.otf").read_bytes())).getBestCmap())


@pytest.mark.skipif(not JUDGES, reason="CLIENT_JUDGES names no Python with openapi-python-client")
def test_a_client_in_python(server, tmp_path):
    maker = Path(JUDGES).with_name("openapi-python-client")
    schema = f"{server.address}/v1/openapi.json"
    said = ran(maker, "generate", "--url", schema, "--output-path", "client", "--meta", "none", where=tmp_path)
    assert "WARNING" not in said.upper(), said
    (tmp_path / "use.py").write_text(IN_PYTHON)
    ran(JUDGES, "use.py", server.address, tmp_path, TEXT, where=tmp_path)
    check(tmp_path)


@pytest.mark.skipif(not (TYPES.exists() and shutil.which("node")), reason="NODE_PATH holds no openapi-typescript")
def test_a_client_in_typescript(server, tmp_path):
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "use.ts").write_text(IN_TYPESCRIPT)
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "files": ["use.ts"]}))
    schema = f"{server.address}/v1/openapi.json"
    ran(TYPES, schema, "--default-non-nullable=false", "-o", "schema.d.ts", where=tmp_path)
    ran(MODULES / ".bin/tsc", where=tmp_path)
    ran("node", "use.js", server.address, tmp_path, TEXT, where=tmp_path)
    check(tmp_path)
