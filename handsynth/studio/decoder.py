"""Uploaded pictures, decoded by a process of their own, which can be stopped and may not take much.

`python -m handsynth.studio.decoder PIXELS SECONDS` reads a picture from standard input and writes it as a plain BMP to
standard output; what is wrong with it goes to standard error, with exit status 2.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from typing import BinaryIO

from handsynth.errors import InputError
from handsynth.formats.pictures import TooLarge, called, check_size, open_picture
from handsynth.studio.job_queue import Deadline
from handsynth.studio.limits import Limits
from handsynth.studio.refusal import Refusal

_MEMORY = 2 << 30
"""Bytes of address space of the process: the picture's, and those of the interpreter with its libraries."""

_NAMED = "the picture"

_PATIENCE = 0.05
"""Seconds between two looks at the clock."""


def decoded(upload: BinaryIO, limits: Limits, deadline: Deadline) -> BinaryIO:
    """The picture in `upload` as a BMP, under the same name.

    Raises Refusal where it has too many pixels or time is up, InputError where it is no picture.
    """
    name = called(upload)
    try:
        check_size(upload, limits.photo_pixels)
    except TooLarge as error:
        raise Refusal(413, str(error)) from error
    upload.seek(0)
    words = [sys.executable, "-m", __name__, str(limits.photo_pixels), str(int(limits.seconds) + 1)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watch = threading.Thread(target=_watch, args=(process, deadline), daemon=True)
    watch.start()
    made, said = process.communicate(upload.read())
    deadline.check()
    if process.returncode:
        told = said.decode("utf-8", "replace").strip() if process.returncode == 2 else ""
        raise InputError(f"{name} {told or 'cannot be decoded; save it again as PNG or JPEG'}")
    result = io.BytesIO(made)
    result.name = name
    return result


_HELD, _ROOM = 2, 64 << 20
"""Pictures that are kept decoded, and bytes that each may have."""

_held: OrderedDict[tuple[bytes, int], bytes] = OrderedDict()
_lock = threading.Lock()


def decoded_again(data: bytes, name: str, limits: Limits, deadline: Deadline) -> bytes:
    """As `decoded`, of a picture that is sent with each change of what is written on it: the last ones are kept."""
    key = hashlib.sha256(data).digest(), limits.photo_pixels
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return _held[key]
    upload = io.BytesIO(data)
    upload.name = name
    found = decoded(upload, limits, deadline).read()
    if len(found) <= _ROOM:
        with _lock:
            _held[key] = found
            while len(_held) > _HELD:
                _held.popitem(last=False)
    return found


def _watch(process: subprocess.Popen[bytes], deadline: Deadline) -> None:
    """Stop the process when time is up, or nobody waits for it any more."""
    while process.poll() is None:
        try:
            deadline.check()
        except Refusal:
            process.kill()
            return
        time.sleep(_PATIENCE)


def main(pixels: int, seconds: int) -> int:
    _bound(seconds)
    file = io.BytesIO(sys.stdin.buffer.read())
    try:
        picture = open_picture(file, pixels, what=_NAMED)
    except InputError as error:
        sys.stderr.buffer.write(str(error).removeprefix(_NAMED).strip().encode())
        return 2
    except MemoryError:
        sys.stderr.write("takes too much memory; make it smaller")
        return 2
    picture.save(sys.stdout.buffer, "BMP")
    return 0


def _bound(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the process can still be stopped
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
