"""kraken's own reader of PAGE and ALTO, out of its wheel: `python kraken_reads.py WHEEL FILE…` prints JSON.

All of kraken wants torch and much more; its reader of XML wants lxml alone. What it imports beside that plays no part
in reading and is left empty here.
"""

from __future__ import annotations

import json
import sys
import types


def empty(name: str, **names: object) -> None:
    module = types.ModuleType(name)
    module.__dict__.update(names, __path__=[])
    sys.modules[name] = module


def main(wheel: str, files: list[str]) -> None:
    sys.path.insert(0, wheel)
    empty("bidi")
    empty("bidi.algorithm")
    empty("iso639", Lang=None)
    empty("iso639.exceptions", InvalidLanguageValue=ValueError)
    empty("kraken.lib.segmentation", compute_polygon_section=None, precompute_polygon_sections=None)
    from kraken.lib.xml import XMLPage

    for file in files:
        page = XMLPage(file)
        lines = page.get_sorted_lines()
        said = {
            "picture": str(page.imagename),
            "size": page.image_size,
            "lines": [line.text for line in lines],
            "baselines": [len(line.baseline) for line in lines],
            "boundaries": [len(line.boundary) for line in lines],
            "regions": sum(map(len, page.regions.values())),
        }
        print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
