"""Reading .npz packs without trusting them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from handsynth.errors import DataError

LARGEST = 4 << 30
"""Bytes of all arrays of a pack."""


def load_arrays(path: Path, wanted: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The named arrays of a .npz; `wanted` maps each name to the dtype kinds that it may have ("iu", "b",
    "U").

    Raises DataError if the file is missing, damaged, holds pickles, or lacks one of them.
    """
    try:
        with np.load(path, allow_pickle=False) as pack:
            size = sum(info.file_size for info in pack.zip.infolist())
            if size > LARGEST:
                raise DataError(f"{path} would take {size >> 20:,} MB of memory; it is another kind of pack")
            lacking = sorted(set(wanted) - set(pack.files))
            if lacking:
                raise DataError(f"{path} lacks {', '.join(lacking)}: it is another kind of pack")
            arrays = {name: pack[name] for name in wanted}
    except FileNotFoundError as error:
        raise DataError(f"there is no {path}; give the path of the pack") from error
    except DataError:
        raise
    except Exception as error:  # the reader of damaged headers fails in any way
        reason = " ".join(str(error).split())[:120]
        raise DataError(f"{path} is no usable .npz ({reason}); download it again") from error
    for name, kinds in wanted.items():
        if not isinstance(arrays[name], np.ndarray):  # what has no head of an array comes as bytes
            raise DataError(f"{path} is no usable .npz ({name} is no array); download it again")
        if arrays[name].dtype.kind not in kinds or not arrays[name].ndim:
            raise DataError(f"{path}: {name} has type {arrays[name].dtype}; it is another kind of pack")
    return arrays
