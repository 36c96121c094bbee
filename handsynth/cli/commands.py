"""Commands made of functions: what a parameter's annotation says is an option or an argument of click.

Their options are refused in the toolkit's words: those given twice, and those that are no numbers.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import fields
from functools import wraps
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import click

from handsynth.cli import console
from handsynth.dials.renamed import EARLIER, american, british, said
from handsynth.errors import HandsynthError, InputError, plain

F = TypeVar("F", bound=Callable[..., Any])

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Option:
    """Says in the annotation of a parameter that it is an option: `Annotated[int, Option("--count", "-n", help=…)]`."""

    def __init__(self, *flags: str, **how: Any) -> None:
        """No `flags`: one of the parameter's name. `how` is click's; `min` and `max` bound numbers, and `usual` is the
        default in words, where the parameter's own is None and another place has it, such as a style sheet."""
        self.flags, self.how = flags, how

    def of(self, name: str, kind: type, many: bool, default: Any) -> click.Parameter:
        """The parameter `name` of values of `kind`, or of lists of them; `default` may be inspect's empty."""
        flags = self.flags or (f"{_flag(name)}/{_flag('no_' + name)}" if kind is bool else _flag(name),)
        how: dict[str, Any] = {"multiple": many, "show_default": default not in ("", None), **self._kind(kind)}
        how |= {"required": True, "show_default": False} if default is inspect.Parameter.empty else {"default": default}
        if (usual := how.pop("usual", "")) and default is None:
            how["help"] += f"  [default: {usual}]"
        return click.Option([name, *flags], is_flag=True if kind is bool else None, **how)

    def _kind(self, kind: Any) -> dict[str, Any]:
        """What click is told of values of `kind`, beside `how`."""
        how = dict(self.how)
        least, most = how.pop("min", None), how.pop("max", None)
        if least is not None or most is not None:
            return {"type": (click.IntRange if kind is int else click.FloatRange)(least, most), **how}
        if get_origin(kind) is Literal:
            return {"type": click.Choice(get_args(kind)), **how}
        return {"type": click.Path(path_type=Path) if kind is Path else kind, **how}


class Argument(Option):
    """The same for an argument."""

    def of(self, name: str, kind: type, many: bool, default: Any) -> click.Parameter:
        required = default is inspect.Parameter.empty
        how: dict[str, Any] = {"nargs": -1 if many else 1, "required": required, **self._kind(kind)}
        if not required:
            how |= {"default": default, "metavar": f"[{how.get('metavar', name.upper())}]"}
            if default not in ("", None):
                how["help"] += f"  [default: {default}]"
        return click.Argument([name], **how)


class Command(click.Command):
    """A command that takes every option once, but for those whose values make a list.

    Errors name options as they are typed. Options are made when they are asked for: a process needs one command's.
    """

    def __init__(self, name: str, function: Callable[..., Any], hidden: bool = False) -> None:
        self._function = function
        self._params: list[click.Parameter] | None = None
        super().__init__(name, callback=_called(function), help=inspect.getdoc(function), hidden=hidden)

    @property
    def params(self) -> list[click.Parameter]:
        if self._params is None:
            self._params = list(_parameters(self._function))
        return self._params

    @params.setter
    def params(self, _: list[click.Parameter]) -> None:
        """click's own beginning without any."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HandsynthError as error:
            error.args = (error.spelled(self._typed),)
            raise

    def _typed(self, name: str, values: list[str]) -> str:
        """The option `name` as this command takes it: by a flag of its own, by --set, or not at all."""
        now = {parameter.name: parameter for parameter in self.params if parameter.param_type_name == "option"}
        if name in now:
            flag = _name(now[name])
            return f"give {' or '.join(f'{flag} {value}' for value in values)}" if values else flag
        if "dials" in now and (dial := _in_style(name)):
            return f"give {' or '.join(f'--set {dial}={value}' for value in values)}" if values else f"--set {dial}"
        return plain(name, values)

    def make_parser(self, ctx: click.Context) -> Any:
        parser = super().make_parser(ctx)
        now = {parameter.name: parameter for parameter in self.params}
        for earlier, name in EARLIER.get(self.name or "", {}).items():
            if name in now and len(earlier) > 1:
                option = copy(now[name])
                option.opts, option.secondary_opts = [_flag(earlier)], []
                option.add_to_parser(parser, ctx)
        for option in now.values():
            if others := [flag for flag in map(american, option.opts) if flag not in option.opts]:
                option = copy(option)
                option.opts, option.secondary_opts = others, []
                option.add_to_parser(parser, ctx)
        return parser

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # the parser keeps the last value of several, and tells of the others only in the order that it returns
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        try:
            rest = super().parse_args(ctx, args)
        except click.BadParameter as error:
            if error.param is not None:
                _check_number(error.param, given.get(error.param.name or ""))
            raise
        now = {parameter.name: parameter for parameter in self.params}
        for name, count in Counter(option.name for option in order).items():
            if count > 1 and not getattr(now[name], "multiple", False):
                raise InputError(_repeated(now[name], count))
        for option in order:
            if option is not now[option.name] and british(option.opts[0]) not in now[option.name].opts:
                console.say(said(option.opts[0], _name(now[option.name])))
        return rest


def command_of(
    function: Callable[..., Any], name: str = "", cls: type[Command] = Command, hidden: bool = False
) -> Command:
    """The command that calls a function, whose docstring is its help."""
    return cls(name or function.__name__, function, hidden)


def moved(now: str) -> type[Command]:
    """A Command under an earlier spelling, which works, and says that of today."""

    class Moved(Command):
        def invoke(self, ctx: click.Context) -> Any:
            console.say(f"this command is now: handsynth {now}")
            return super().invoke(ctx)

    return Moved


class App(click.Group):
    """A group of commands, each of which is made of a function."""

    def __init__(self, name: str, about: str, **how: Any) -> None:
        super().__init__(name, help=about, no_args_is_help=False, context_settings=HELP, **how)

    def adds(self, name: str = "", cls: type[Command] = Command, hidden: bool = False) -> Callable[[F], F]:
        """Makes a command of a function, called as that or as `name`, and leaves the function as it is."""

        def added(function: F) -> F:
            self.add_command(command_of(function, name, cls, hidden))
            return function

        return added

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added."""
        return list(self.commands)


class Group(App):
    """A group of commands that had one once: without a name of one, `earlier` is meant."""

    earlier = "make"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            console.say(f"this command is now: handsynth {ctx.info_name} {self.earlier}")
            args = [self.earlier, *args]
        return super().parse_args(ctx, args)


def _parameters(function: Callable[..., Any]) -> Iterator[click.Parameter]:
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        if hints[name] is click.Context:
            continue
        hint, asked = get_args(hints[name])
        kinds = [kind for kind in get_args(hint) if kind is not NoneType] if NoneType in get_args(hint) else [hint]
        many = get_origin(kinds[0]) is list
        yield asked.of(name, get_args(kinds[0])[0] if many else kinds[0], many, parameter.default)


def _called(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, called as click calls: it may ask for the context, and a list that nobody gave is its default."""

    @wraps(function)
    def call(**values: Any) -> Any:
        parameters = inspect.signature(function).parameters
        context = [name for name, hint in get_type_hints(function).items() if hint is click.Context]
        for name, value in values.items():
            if isinstance(value, tuple):
                values[name] = list(value) or (None if parameters[name].default is None else [])
        return function(**values, **dict.fromkeys(context, click.get_current_context()))

    return call


def _check_number(option: click.Parameter, value: Any) -> None:
    """Raises InputError if `value` should be a number and is none: click's own words are its library's."""
    for kind, number, wanted in ((click.INT, int, "a whole number"), (click.FLOAT, float, "a number")):
        if isinstance(value, str) and isinstance(option.type, type(kind)):
            try:
                number(value)
            except ValueError:
                raise InputError(f"{_name(option)} is {value[:30]!r}; give {wanted}") from None


def _in_style(option: str) -> str:
    """The dial of style sheets that is `option` elsewhere, like writing.missing; "" where there is none."""
    from handsynth.document.style import Style

    tables = {table.name: fields(getattr(Style(), table.name)) for table in fields(Style)}
    names = (
        f"{table}.{row.name}" for table, rows in tables.items() for row in rows if row.metadata["dial"].option == option
    )
    return next(names, "")


def _repeated(option: Any, count: int) -> str:
    name = _name(option)
    said = f"{name} is given {'twice' if count == 2 else f'{count} times'}"
    if option.secondary_opts:
        return f"{said}, or {max(option.secondary_opts, key=len)}, which is its contrary; give one of them"
    said += "; give it once"
    return f"{said}, like {name} {option.metavar}" if "," in (option.metavar or "") else said


def _name(option: Any) -> str:
    return str(max(option.opts, key=len))


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
