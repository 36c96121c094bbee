"""Between the terminal and the library: reading text, reporting errors in one line, exit codes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handsynth import files
from handsynth.dials.renamed import RenamedWarning
from handsynth.errors import HandsynthError, InputError

if TYPE_CHECKING:
    import click

LOGGED = 60.0
"""Seconds between lines of progress where they go into a file."""

MAX_TEXT = 4 * 2**20
"""Bytes of text that one call takes: some 1,500 full pages."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


def read_text(argument: str | None, file: str | None) -> str:
    """The text of a command: its argument, standard input for `-`, or the UTF-8 file; raises InputError."""
    if (argument is None) == (file is None):
        raise InputError("give the text to write, - for standard input, or --file, and only one of them")
    if file is not None and file != "-":
        try:
            with Path(file).open("rb") as stream:
                raw = stream.read(MAX_TEXT + 1)
        except (OSError, ValueError) as error:
            raise InputError(f"cannot read {file}: {getattr(error, 'strerror', None) or error}") from error
        return _decode(raw, file)
    if file == "-" or argument == "-":
        return _decode(sys.stdin.buffer.read(MAX_TEXT + 1), "standard input")
    return checked(argument or "", "the text")


def meant_otherwise(text: str | None) -> str | None:
    """A hint for a text argument that is written as it stands, and was perhaps not meant so."""
    if text is None or text == "-":
        return None
    with suppress(OSError, ValueError):
        if Path(text).is_file():
            return f"{text} is a file here, and its name is what was written; for what is in it: --file {text}"
    if "\\n" in text or "\\t" in text:
        return "the text holds \\n or \\t, written as they stand; for line ends give $'one\\ntwo', - or --file"
    return None


def again(context: click.Context, begin: list[str], leave: tuple[str, ...] = ()) -> list[str]:
    """The arguments that ask for the same again: `begin`, and the options that are not usual.

    Parameters in `leave` are private.
    """
    result = list(begin)
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.name in (*leave, "out") or value is None or value == parameter.default:
            continue
        if isinstance(value, bool):
            result.append((parameter.opts if value else parameter.secondary_opts)[0])
            continue
        name = max(parameter.opts, key=len)
        for each in map(str, value if isinstance(value, list | tuple) else [value]):
            # what begins like an option must not become one
            result += [f"{name}={each}"] if each.startswith("-") else [name, each]
    return result


def stem(path: str) -> str:
    return Path(path).stem


def suffix(path: str) -> str:
    return Path(path).suffix.lower()


def checked(argument: str, what: str) -> str:
    """An argument as text; raises InputError if it was no text (its bytes arrive as lone surrogates)."""
    try:
        length = len(argument.encode("utf-8"))
    except UnicodeEncodeError as error:
        try:
            # in a locale of another encoding than UTF-8, good UTF-8 arrives in pieces
            argument = os.fsencode(argument).decode("utf-8")
        except UnicodeError:
            raise InputError(f"character {error.start + 1} of {what} is not valid; give it as UTF-8") from error
        length = len(argument.encode("utf-8"))
    if length > MAX_TEXT:
        raise InputError(f"{what} is longer than {MAX_TEXT >> 20} MB; split it into several texts")
    return argument


def _decode(raw: bytes, where: str) -> str:
    if len(raw) > MAX_TEXT:
        raise InputError(f"{where} is longer than {MAX_TEXT >> 20} MB; split it into several texts")
    # a file's last line end makes no empty line on paper
    return files.text_of(raw, where).removesuffix("\n").removesuffix("\r")


def say(message: str, name: str = "handsynth") -> None:
    """A remark of the program `name` for the person at the terminal, on standard error, in one line."""
    line = "".join(char if char.isprintable() else " " for char in message)
    with suppress(OSError):  # nobody reads it
        print(f"{name}: {' '.join(line.split())}", file=sys.stderr)


def wrote(*paths: str | Path) -> None:
    """Say which files or folders a command has written; of many in one folder the first and the last."""
    names = [str(path) for path in paths]
    if len(names) > 12:
        say(f"wrote {len(names)} files, {names[0]} to {names[-1]}")
    else:
        say("wrote " + ", ".join(names))


def run(
    command: click.Command, name: str, arguments: list[str] | None = None, quiet: bool = False, atomic: bool = False
) -> int:
    """Run a command line and return the exit status: 0, 2 after one line for an expected error, or 130 after Ctrl-C.

    Without `arguments` those of the process are taken; without any, the help is shown. `quiet`: say nothing of expected
    errors, since another process says the same. `atomic`: all that it writes is written by `handsynth.files`.
    """
    import click
    from click.shell_completion import shell_complete

    arguments = sys.argv[1:] if arguments is None else arguments
    finished = files.finished
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        # a console that cannot show a character gets its number rather than a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    def stop(said: str = "") -> int:
        if not quiet:
            say(said or (_left(files.finished - finished) if atomic else "stopped"), name)
        return INTERRUPTED

    ended_by = _end_by_signals()
    shown, warnings.showwarning = warnings.showwarning, _warned
    warnings.simplefilter("always", RenamedWarning)
    try:
        if completion := os.environ.get(f"_{name.upper()}_COMPLETE"):
            return shell_complete(command, {}, name, f"_{name.upper()}_COMPLETE", completion)
        # not by command.main, which would end a line where a person breaks off
        with command.make_context(name, list(arguments or ["--help"])) as context:
            command.invoke(context)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as ended:
        sys.stdout.flush()
        return ended.exit_code
    except HandsynthError as error:
        if not quiet:
            say(str(error), name)
    except click.UsageError as error:
        if not quiet:
            say(f"{error.format_message().rstrip('.')} (see --help)", name)
    except MemoryError:
        say("not enough memory; draw less at a time or smaller", name)
    except (KeyboardInterrupt, click.Abort):
        return stop()
    except Stopped as stopped:
        return stop(stopped.said)
    except Terminated as end:
        return 128 + end.number
    except BrokenPipeError:
        # the reader went away (`handsynth hands | head`): nothing more may be flushed into the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        say(f"{error.filename or 'the output'}: {error.strerror or error}", name)
    finally:
        warnings.showwarning = shown
        for each in ended_by:
            signal.signal(each, signal.SIG_DFL)
    return 2


def _left(count: int) -> str:
    """What is left of a run that was stopped after it had finished `count` files."""
    if not count:
        return "stopped; nothing was written"
    return f"stopped; {count} files were finished and stay" if count > 1 else "stopped; one file was finished and stays"


def _warned(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """An earlier name in one line; other warnings are as Python shows them."""
    if issubclass(category, RenamedWarning):
        say(str(message))
    else:
        print(warnings.formatwarning(message, category, *where[:2]), end="", file=sys.stderr)


def _open_streams() -> None:
    """Let what is said into a closed stream go nowhere: else the next file that is opened would get it."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            os.dup2(handle, number)
            if handle != number:
                os.close(handle)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


class Stopped(BaseException):
    """Ctrl-C in a command that says itself what is left of it."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Terminated(BaseException):
    """The process was asked to end (SIGTERM, SIGHUP); raised so that what is half-done is tidied up first."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _end_by_signals() -> list[signal.Signals]:
    """Let SIGTERM and SIGHUP raise Terminated, unless somebody has other plans with them; returns those that do."""
    if threading.current_thread() is not threading.main_thread():
        return []
    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def end(number: int, _: object) -> None:
        for each in known:  # tidying up is not to be broken off
            signal.signal(each, signal.SIG_IGN)
        raise Terminated(number)

    usual = [each for each in known if signal.getsignal(each) is signal.SIG_DFL]
    for each in usual:
        signal.signal(each, end)
    return usual


@contextmanager
def progress(label: str, resumes: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how much is done and how much there is; a line on a terminal, elsewhere one a minute.

    `resumes`: its first call says what was done before, by an earlier run, which tells nothing of how fast this one is.
    """
    began, shown, last = time.monotonic(), False, 0.0
    before: int | None = None if resumes else 0

    def show(done: int, total: int) -> None:
        nonlocal began, before, last, shown
        if before is None:
            before, began = done, time.monotonic()
        spent, live = time.monotonic() - began, sys.stderr.isatty()
        if spent < 1:  # short work needs no line
            return
        if spent - last < (0.1 if live else LOGGED) and (done < total or not live):
            return
        last, made = spent, done - before
        left = spent * (total - done) / max(1, made)
        rate = f"{made / spent:,.{0 if made > 9 * spent else 1}f}/s"
        line = f"{label}: {done:,} of {total:,}, {rate}, {left:.0f} s left"
        if not live:
            say(line)
            return
        print(f"\r{line}  ", end="", file=sys.stderr)
        sys.stderr.flush()
        shown = True

    try:
        yield show
    finally:
        if shown:
            print(file=sys.stderr)
