"""The command `studio`: the web page and the HTTP API, or the page as files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from handsynth.cli import console
from handsynth.cli.commands import Option
from handsynth.cli.flags import ModelFlag

TOKEN = "HANDSYNTH_TOKEN"
"""Variable of the environment that may hold the token."""


def studio(
    host: Annotated[str, Option("--host", help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        Option(
            "--port",
            min=0,
            max=65535,
            help="Port to listen on; 0: any that is free; else 8765, or a free one if that is taken.",
        ),
    ] = None,
    token: Annotated[
        str | None,
        Option("--token", envvar=TOKEN, help="Answer only to those who bring it.", show_envvar=True),
    ] = None,
    limit: Annotated[
        list[str] | None,
        Option("--limit", metavar="NAME=NUMBER", help="Change a limit of a request, like text=2000 or seconds=20."),
    ] = None,
    browser: Annotated[bool, Option("--browser/--no-browser", help="Open the page.")] = True,
    static: Annotated[
        str | None,
        Option(
            "--static",
            metavar="DIR",
            help="Write a page that needs no server into this folder; open none.",
        ),
    ] = None,
    model: ModelFlag = None,
) -> None:
    """Open a page to play on, with an HTTP API under /v1.

    Nothing leaves this machine, and only this machine is answered, unless --host says otherwise.

    \b
    Examples:
      handsynth studio
      handsynth studio --host 0.0.0.0 --port 8000 --token SECRET --no-browser
      handsynth studio --static public
    """
    from handsynth.errors import InputError, install
    from handsynth.model.model import Model

    if static is not None:
        from handsynth.studio.static import write

        opened = Model.open(model)
        with console.progress("studio, files") as show:
            written = write(Path(static), opened, progress=show)
        if opened.has("joined"):
            console.say("in the browser this model draws joined letters alone, not for their neighbours")
        console.say(f"wrote {len(written)} files into {static}; put them on any web server")
        return
    try:
        from handsynth.studio.limits import Limits
        from handsynth.studio.serve import listen, serve
    except ImportError as error:
        raise InputError(f"the studio needs an extra ({error.name} is missing): {install('studio')}") from error

    limits = Limits().set(limit or [])
    # click takes an empty variable for none
    if token == "" or (token is None and os.environ.get(TOKEN) == ""):
        raise InputError(f"the token is empty ({TOKEN} or --token); give one, or leave it out")
    if token is not None and not (token.isascii() and token.isprintable() and token.strip() == token and token):
        raise InputError("the token must be printable ASCII without blanks around it; give another")
    opened = Model.open(model, threads=1)
    place = listen(host, port)
    shown = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{place.getsockname()[1]}/" + (f"#token={quote(token, safe='')}" if token else "")

    def ready() -> None:
        console.say(f"the studio is at {address} (stop it with Ctrl-C)")
        if host not in ("127.0.0.1", "::1", "localhost") and token is None:
            console.say("anybody who reaches this machine may use it; --token SECRET would change that")
        if browser:
            import webbrowser

            webbrowser.open(address)

    serve(opened, limits, place, token=token, ready=ready)
