"""Reading .npz packs without trusting them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from handsynth.errors import DataError


def load_arrays(path: Path, wanted: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The named arrays of a .npz; `wanted` maps each name to the dtype kinds that it may have ("iu", "b",
    "U").

    Raises DataError if the file is missing, damaged, holds pickles, or lacks one of them.
    """
    try:
        with np.load(path, allow_pickle=False) as pack:
            lacking = sorted(set(wanted) - set(pack.files))
            if lacking:
                raise DataError(f"{path} lacks {', '.join(lacking)}: it is another kind of pack")
            arrays = {name: pack[name] for name in wanted}
    except FileNotFoundError as error:
        raise DataError(f"there is no {path}; give the path of the pack") from error
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} is no usable .npz ({error}); download it again") from error
    for name, kinds in wanted.items():
        if arrays[name].dtype.kind not in kinds:
            raise DataError(f"{path}: {name} has type {arrays[name].dtype}; it is another kind of pack")
    return arrays
