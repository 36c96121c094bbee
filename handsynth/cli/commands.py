"""Commands whose options are refused in the toolkit's words: those given twice, and those that are no numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar, get_args, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from handsynth.cli import console
from handsynth.dials.renamed import EARLIER, said
from handsynth.errors import InputError

F = TypeVar("F", bound=Callable[..., Any])


class App(typer.Typer):
    """A Typer, each command of which is a `Command`."""

    def command(self, *args: Any, **how: Any) -> Callable[[F], F]:
        return super().command(*args, **{"cls": Command, **how})


class Command(TyperCommand):
    """A command that takes every option once, but for those whose values make a list."""

    def make_parser(self, ctx: Any) -> Any:
        parser = super().make_parser(ctx)
        now = {parameter.name: parameter for parameter in self.params}
        for earlier, name in EARLIER.get(self.name or "", {}).items():
            if name in now and len(earlier) > 1:
                option = copy(now[name])
                option.opts, option.secondary_opts = [_flag(earlier)], []
                option.add_to_parser(parser, ctx)
        return parser

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # the parser keeps the last value of several, and tells of the others only in the order that it returns
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            if error.param is not None:
                self._check_number(error.param, given.get(error.param.name or ""))
            raise
        now = {parameter.name: parameter for parameter in self.params}
        for name, count in Counter(option.name for option in order).items():
            if count > 1 and not getattr(now[name], "multiple", False):
                raise InputError(_repeated(now[name], count))
        for option in order:
            if option is not now[option.name]:
                console.say(said(option.opts[0], _name(now[option.name])))
        return rest

    def _check_number(self, option: Any, value: Any) -> None:
        """Raises InputError if `value` should be a number and is none: typer's own words are its library's."""
        hint = get_type_hints(self.callback).get(option.name)
        for kind, wanted in ((int, "a whole number"), (float, "a number")):
            if isinstance(value, str) and (hint is kind or kind in get_args(hint)):
                try:
                    kind(value)
                except ValueError:
                    raise InputError(f"{_name(option)} is {value[:30]!r}; give {wanted}") from None


def moved(now: str) -> type[Command]:
    """A Command under an earlier spelling, which works, and says that of today."""

    class Moved(Command):
        def invoke(self, ctx: Any) -> Any:
            console.say(f"this command is now: handsynth {now}")
            return super().invoke(ctx)

    return Moved


class Group(TyperGroup):
    """A group of commands that had one once: without a name of one, `earlier` is meant."""

    earlier = "make"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            console.say(f"this command is now: handsynth {ctx.info_name} {self.earlier}")
            args = [self.earlier, *args]
        rest: list[str] = super().parse_args(ctx, args)
        return rest


def _repeated(option: Any, count: int) -> str:
    name = _name(option)
    said = f"{name} is given {'twice' if count == 2 else f'{count} times'}; give it once"
    return f"{said}, like {name} {option.metavar}" if "," in (option.metavar or "") else said


def _name(option: Any) -> str:
    return str(max(option.opts, key=len))


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
