"""`fourweek --help` reads like a guide, and every example in it can be typed."""

import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from fourweek.cli.commands import app
from fourweek.cli.guide import EXAMPLES, WANTS

WIDE = {"COLUMNS": "80", "TERMINAL_WIDTH": "80"}
LONGEST = 64
ROOT: Any = typer.main.get_command(app)


def _under(command: Any, name: str = "") -> dict[str, Any]:
    """Every command by its name, groups left out: `keys list`."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return {name: command}
    return {key: one for word, each in inner.items() for key, one in _under(each, f"{name} {word}".strip()).items()}


COMMANDS = _under(ROOT)


def test_every_command_has_its_place_and_an_example() -> None:
    assert {name for names in WANTS.values() for name in names} == set(ROOT.commands)
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_can_be_typed(name: str) -> None:
    command = COMMANDS[name]
    known = {word for one in command.params for word in (*one.opts, *one.secondary_opts)}
    for example in EXAMPLES[name]:
        words = [word for word in shlex.split(example) if not re.match("FOURWEEK_[A-Z_]+=", word)]
        rest = words[1 + len(name.split()) :]
        assert words[: len(words) - len(rest)] == ["fourweek", *name.split()]
        assert {word for word in rest if word.startswith("--")} <= known
        command.make_context(name, list(rest), resilient_parsing=True)


@pytest.mark.parametrize("name", [*ROOT.commands, *COMMANDS])
def test_help_begins_with_one_plain_line(name: str) -> None:
    command = ROOT.commands.get(name) or COMMANDS[name]
    first = (command.help or "").split("\n")[0]
    assert (len(first) <= LONGEST, first[-1:]) == (True, "."), first


def test_commands_stand_by_what_one_wants() -> None:
    answer = CliRunner().invoke(app, [], env=WIDE)
    panels = re.findall(r"^╭─ (.+?) ─", answer.output, re.MULTILINE)
    assert panels[-len(WANTS) :] == [want.value for want in WANTS]
    assert "fourweek demo" in answer.output
    assert answer.output.strip() == CliRunner().invoke(app, ["--help"], env=WIDE).output.strip()


def test_a_command_shows_how_it_is_typed() -> None:
    answer = CliRunner().invoke(app, ["backup", "--help"], env=WIDE)
    assert "fourweek backup /srv/backups --keep 14" in answer.output


def test_a_slip_of_the_pen_is_understood() -> None:
    answer = CliRunner().invoke(app, ["bakcup"], env=WIDE)
    assert (answer.exit_code, "Did you mean 'backup'?" in answer.output) == (2, True)
