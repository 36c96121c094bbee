"""A specimen of a font as a web page that holds the font: nothing is loaded from anywhere."""

from __future__ import annotations

import base64
from html import escape

from handsynth.fonts import opentype
from handsynth.fonts.options import Options
from handsynth.fonts.source import FontSource
from handsynth.fonts.specimen import PANGRAMS, REPEATS, about, alphabet, shown

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fdfcf9; --quiet: #6b6b70; --rule: #dcdad4; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #17181a; --quiet: #a2a2a8; --rule: #36373a; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem;
  margin: 3rem auto; padding: 0 1.25rem; }
h1, .hand { font-family: specimen; font-weight: 400; line-height: 1.4; overflow-wrap: anywhere; }
h1 { font-size: clamp(2.5rem, 9vw, 6rem); margin: 0; }
h2 { font-size: .85rem; font-weight: 600; color: var(--quiet); border-bottom: 1px solid var(--rule);
  margin: 2.5rem 0 .75rem; padding-bottom: .25rem; }
p { margin: 0; } .quiet { color: var(--quiet); }
.large { font-size: 3rem; } .middle { font-size: 2.1rem; } .small { font-size: 1.4rem; }
textarea { width: 100%; box-sizing: border-box; min-height: 8rem; font-size: 2.2rem; background: none;
  color: inherit; border: 1px solid var(--rule); border-radius: .4rem; padding: .5rem .8rem; }
label { margin-right: 1.2rem; white-space: nowrap; }
.sets { font-size: 2rem; letter-spacing: .15em; }
body.plain .hand, body.plain h1 { font-feature-settings: "calt" 0, "rand" 0; }
body.unkerned .hand, body.unkerned h1 { font-kerning: none; }
"""

_SCRIPT = """
for (const [id, name, on] of [["turns", "plain", false], ["kerning", "unkerned", false]])
  document.getElementById(id).addEventListener("change", event =>
    document.body.classList.toggle(name, event.target.checked === on));
"""


def page(source: FontSource, options: Options) -> str:
    """The page as HTML 5, with the font as WOFF2."""
    name = "specimen.woff2"
    data = base64.b64encode(opentype.files(source, name, options)[name]).decode()
    title = escape(source.names.full)
    face = f"@font-face {{ font-family: specimen; src: url(data:font/woff2;base64,{data}) format('woff2'); }}"
    parts = [f"<h1>{title}</h1>", f'<p class="quiet">{escape(about(source))}</p>']
    for text, kind in zip(PANGRAMS, ("large", "middle", "small"), strict=True):
        parts.append(_written(shown(source, text), kind))
    parts.append(_heading("Neighbours that differ"))
    parts.append(_written(" ".join(word for word in (shown(source, word) for word in REPEATS) if word), "large"))
    parts.append(_heading("Try it"))
    trial = escape(shown(source, PANGRAMS[0]) or "".join(source.chars[:20]))
    parts.append(f'<textarea class="hand" aria-label="Text to try" spellcheck="false">{trial}</textarea>')
    parts.append(
        '<p><label><input type="checkbox" id="turns" checked> letters take turns (calt)</label>'
        '<label><input type="checkbox" id="kerning" checked> kerning</label></p>'
    )
    parts.append(_heading("Characters"))
    parts += [_written(row, "middle") for row in alphabet(source)]
    if source.variants > 1:
        sample = "".join(char for char in "aegknrst" if char in source.chars) or "".join(source.chars[:12])
        parts.append(_heading("Sets"))
        for k in range(source.variants):
            tag = f"ss{k + 1:02}"
            parts.append(
                f'<p class="hand sets" style="font-feature-settings: \'{tag}\'">{escape(sample)} '
                f'<span class="quiet" style="font: .85rem system-ui; letter-spacing: 0">{tag}</span></p>'
            )
    licence = "".join(
        f"<p class=quiet>{escape(text)}</p>" for text in (source.names.copyright, source.names.licence) if text
    )
    body = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>\n{face}\n{_STYLE}</style>\n</head>\n<body>\n{body}\n<footer>{_heading('Licence')}{licence}</footer>\n"
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _written(text: str, kind: str) -> str:
    return f'<p class="hand {kind}">{escape(text)}</p>' if text else ""
