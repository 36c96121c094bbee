"""Completion of commands and options by the shell, put where bash, zsh and fish look for it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from handsynth.files import atomic_path

PLACES = {
    "bash": "~/.local/share/bash-completion/completions/handsynth",
    "zsh": "~/.zfunc/_handsynth",
    "fish": "~/.config/fish/completions/handsynth.fish",
}
"""The file of each shell."""


def _install(context: click.Context, _: click.Parameter, shell: str | None) -> None:
    if shell is None:
        return
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(context.command, {}, "handsynth", "_HANDSYNTH_COMPLETE").source()
    path = Path(os.path.expanduser(PLACES[shell]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        temporary.write_text(script, encoding="utf-8")
    more = "; ~/.zshrc needs: fpath+=~/.zfunc; autoload -Uz compinit; compinit" if shell == "zsh" else ""
    print(f"wrote {path}; new shells complete handsynth{more}")
    context.exit()


OPTION = click.Option(
    ["--install-completion"],
    type=click.Choice(list(PLACES)),
    is_flag=False,
    flag_value=Path(os.environ.get("SHELL", "bash")).name,
    callback=_install,
    is_eager=True,
    expose_value=False,
    help="Let a shell, else yours, complete commands and options.",
)
