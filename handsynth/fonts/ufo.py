"""Unified Font Object 3, zipped (.ufoz): what font editors open. unifiedfontobject.org, version 3.

All drawings of a character are glyphs, kerning is by groups, and `features.fea` lets the drawings take turns in a way
that people can read and edit: simpler than that of our OpenType fonts, which is compiled.
"""

from __future__ import annotations

import io
import plistlib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from fontTools.misc.filenames import userNameToFileName

from handsynth.fonts import singleline
from handsynth.fonts.gpos import SMALLEST
from handsynth.fonts.naming import GlyphNames, glyph_names
from handsynth.fonts.options import Options
from handsynth.fonts.shapes import UNITS, Contour, shapes
from handsynth.fonts.singleline import OpenStroke
from handsynth.fonts.source import FontSource
from handsynth.provenance import provenance

RECORD = "data/io.handsynth/record.json"
_DATE = (2026, 1, 1, 0, 0, 0)
"""The same in all archives, since the same font should be the same bytes."""


def check(options: Options) -> None:
    """Nothing that can be chosen is wrong for it."""


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    """One archive, which holds one folder."""
    data = io.BytesIO()
    folder = f"{PurePath(name).stem}.ufo"
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _contents(source, options):
            archive.writestr(_entry(f"{folder}/{path}"), content)
    return {name: data.getvalue()}


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DATE)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return entry


def _contents(source: FontSource, options: Options) -> Iterator[tuple[str, str | bytes]]:
    names = glyph_names(source)
    order = [".notdef", *names.blanks.values(), *(name for row in names.sets for name in row)]
    yield RECORD, provenance.pack(source.metadata)
    yield "metainfo.plist", _plist({"creator": "io.handsynth", "formatVersion": 3})
    yield "fontinfo.plist", _plist(_info(source))
    yield "layercontents.plist", _plist([["public.default", "glyphs"]])
    yield "lib.plist", _plist({"public.glyphOrder": order})
    if options.kerning:
        groups, kerning = _kerning(source, names)
        yield "groups.plist", _plist(groups)
        yield "kerning.plist", _plist(kerning)
    if source.variants > 1:
        yield "features.fea", _features(names)
    places: dict[str, str] = {}
    taken: set[str] = set()
    for name in order:
        places[name] = userNameToFileName(name, taken, suffix=".glif")
        taken.add(places[name].lower())
    yield "glyphs/contents.plist", _plist(places)
    for name, text in _glyphs(source, names, order, options):
        yield f"glyphs/{places[name]}", text


def _info(source: FontSource) -> dict[str, Any]:
    names, metrics, kind = source.names, source.metrics, source.names.kind
    major, minor = names.font_version.split(".")
    info: dict[str, Any] = {
        "familyName": names.family,
        "styleName": names.style_name,
        "styleMapFamilyName": names.menu,
        "styleMapStyleName": kind.linked.lower(),
        "postscriptFontName": names.postscript,
        "versionMajor": int(major),
        "versionMinor": int(minor.ljust(3, "0")),
        "unitsPerEm": UNITS,
        "ascender": round(metrics.ascent * UNITS),
        "descender": -round(metrics.descent * UNITS),
        "xHeight": round(metrics.xheight * UNITS),
        "capHeight": round(metrics.capheight * UNITS),
        "openTypeOS2WeightClass": kind.weight,
        "openTypeOS2WidthClass": kind.width,
        "openTypeOS2Type": [],
        "openTypeNameDesigner": names.designer,
        "openTypeNameLicense": names.licence,
        "openTypeNameLicenseURL": names.licence_url,
        "copyright": names.copyright,
    }
    return {key: value for key, value in info.items() if value != ""}


def _kerning(source: FontSource, names: GlyphNames) -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    """Groups of glyphs with the same distances, and the distances between groups."""
    units = np.rint(source.kerning * UNITS).astype(np.int64)
    units = np.where(np.abs(units) < SMALLEST, 0, units)
    rows, first = np.unique(units, axis=0, return_inverse=True)
    values, second = np.unique(rows, axis=1, return_inverse=True)
    groups: dict[str, list[str]] = {}
    for side, kinds in ((1, first.ravel()), (2, second.ravel())):
        for kind in range(int(kinds.max()) + 1 if len(kinds) else 0):
            members = np.flatnonzero(kinds == kind)
            groups[_group(side, kind)] = [row[i] for i in members for row in names.sets]
    kerning = {
        _group(1, i): {_group(2, k): int(value) for k, value in enumerate(row.tolist()) if value}
        for i, row in enumerate(values)
    }
    return groups, {first: pairs for first, pairs in kerning.items() if pairs}


def _group(side: int, number: int) -> str:
    return f"public.kern{side}.g{number}"


def _features(names: GlyphNames) -> str:
    """Adobe's feature syntax: the sets take turns (calt), one for all (ss01 ...), one drawing by hand (aalt)."""
    count = len(names.sets)
    rows = [f"@set{k + 1} = [{' '.join(row)}];" for k, row in enumerate(names.sets)]
    rows += [f"lookup drawing{k + 1} {{ sub @set1 by @set{k + 1}; }} drawing{k + 1};" for k in range(1, count)]
    rows.append("feature aalt {")
    rows += [f"  sub {copies[0]} from [{' '.join(copies[1:])}];" for copies in zip(*names.sets, strict=True)]
    rows += ["} aalt;", "feature calt {", "  lookup turns {"]
    rows += [f"    sub @set{k} @set1' lookup drawing{k + 1};" for k in range(1, count)]
    rows += ["  } turns;", "} calt;"]
    for k in range(1, count):
        tag = f"ss{k + 1:02}"
        rows += [f"feature {tag} {{", f'  featureNames {{ name "Drawing {k + 1}"; }};', f"  lookup drawing{k + 1};"]
        rows.append(f"}} {tag};")
    return "\n".join(rows) + "\n"


def _glyphs(source: FontSource, names: GlyphNames, order: Sequence[str], options: Options) -> Iterator[tuple[str, str]]:
    drawn: Sequence[Sequence[OpenStroke | Contour]]
    drawn = singleline.lines(source) if options.single_line else shapes(source)
    codes: dict[str, list[int]] = {}
    for code, name in names.cmap.items():
        codes.setdefault(name, []).append(code)
    count = len(source) - 1
    numbers = [count] + [None] * len(names.blanks) + names.order
    widths = {name: source.blanks[char] for char, name in names.blanks.items()}
    for name, number in zip(order, numbers, strict=True):
        advance = widths[name] if number is None else float(source.advance[number])
        outline = [] if number is None else [_contour(part) for part in drawn[number]]
        yield name, _glif(name, round(advance * UNITS), codes.get(name, []), outline)


def _glif(name: str, advance: int, codes: Sequence[int], outline: Sequence[str]) -> str:
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', f'<glyph name={quoteattr(name)} format="2">']
    rows += [f'  <advance width="{advance}"/>', *(f'  <unicode hex="{code:04X}"/>' for code in codes)]
    rows += ["  <outline>", *outline, "  </outline>"] if outline else []
    return "\n".join([*rows, "</glyph>"]) + "\n"


def _contour(part: OpenStroke | Contour) -> str:
    """Closed, or open where it is a line: that begins with a point of the type move."""
    segments, straight = part.segments.tolist(), part.straight.tolist()
    points: list[str] = []
    if isinstance(part, OpenStroke):
        points.append(_point(segments[0][0], "move"))
    for (_, first, second, end), flat in zip(segments, straight, strict=True):
        points += [] if flat else [_point(first), _point(second)]
        points.append(_point(end, "line" if flat else "curve"))
    return "\n".join(["    <contour>", *points, "    </contour>"])


def _point(place: Sequence[int], kind: str = "") -> str:
    return f'      <point x="{place[0]}" y="{place[1]}"' + (f' type="{kind}"/>' if kind else "/>")


def _plist(value: Any) -> bytes:
    return plistlib.dumps(value, sort_keys=False)
