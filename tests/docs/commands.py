"""`python -m tests.docs.commands` writes docs/commands.md: every command as `--help` tells it."""

from collections.abc import Iterator
from enum import Enum
from inspect import cleandoc
from typing import Any

import typer.main

from fourweek.cli.commands import app
from tests.docs.pages import DOCS

PAGE = DOCS / "commands.md"
BEGINNING = """# Commands

What `fourweek --help` says of every command, on one page. It is made by `python -m tests.docs.commands`; a test holds
that it is true. Each command reads the same [settings](settings.md) as the server, and ends with 0 when all went well.
"""

Command = Any
"""What typer makes of a function: typer's own classes, which it does not type."""


def tree() -> dict[str, Command]:
    """Every command by its whole name, groups left out: `fourweek keys list`."""
    return dict(_under("fourweek", typer.main.get_command(app)))


def _under(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in inner.items():
        yield from _under(f"{name} {word}", one)


def options(command: Command) -> set[str]:
    """Every option by each of its names."""
    return {word for one in _told(command, "option") for word in (*one.opts, *one.secondary_opts)} | {"--help"}


def page() -> str:
    """The whole page as Markdown."""
    return BEGINNING + "".join(f"\n{part}" for name, command in tree().items() for part in _of(name, command) if part)


def _of(name: str, command: Command) -> Iterator[str]:
    arguments = _told(command, "argument")
    words = " ".join((name, *map(_placeholder, arguments)))
    typed = f"```\n{words}\n```\n\n" if arguments else ""
    yield f"## {name}\n\n{typed}{_help(command)}\n"
    yield _examples(command)
    told = [*arguments, *_told(command, "option")]
    if told:
        yield "".join(("| given | meaning |\n|---|---|\n", *(f"| {_names(one)} | {_said(one)} |\n" for one in told)))


def _examples(command: Command) -> str:
    """How it is typed, as the foot of its help shows it."""
    lines = [line.strip() for line in (command.epilog or "").split("\n")[1:]]
    return "\n".join(("```", *lines, "```\n")) if lines else ""


def _told(command: Command, kind: str) -> list[Any]:
    return [one for one in command.params if one.param_type_name == kind and "--help" not in one.opts]


def _placeholder(one: Any) -> str:
    name = one.name.upper()
    return name if one.required else f"[{name}]"


def _names(one: Any) -> str:
    if one.param_type_name == "argument":
        return f"`{one.name.upper()}`"
    return ", ".join(f"`{word}`" for word in (*one.opts, *one.secondary_opts))


def _said(one: Any) -> str:
    words = " ".join((one.help or "").split())
    taken = one.type_descriptor.annotation
    parts = [words]
    if isinstance(taken, type) and issubclass(taken, Enum):
        parts.append(f"One of {', '.join(f'`{choice.value}`' for choice in taken)}.")
    if one.param_type_name == "option" and one.required:
        parts.append("Needed.")
    return " ".join(part for part in parts if part)


def _help(command: Command) -> str:
    return cleandoc(command.help or "").replace("\b\n", "")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
