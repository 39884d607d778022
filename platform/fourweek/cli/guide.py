"""How `--help` reads: commands in the order of what one wants, and below each how it is typed."""

from enum import StrEnum
from inspect import cleandoc
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.models import CommandInfo, TyperInfo


class Want(StrEnum):
    """What somebody comes for, in the order in which it is listed."""

    START = "Start"
    LOOK = "Look"
    PEOPLE = "People"
    COURSES = "Courses"
    RECORDS = "Records"
    SAFE = "Keep safe"


WANTS: Final[dict[Want, tuple[str, ...]]] = {
    Want.START: ("demo", "run", "serve", "work", "tick", "migrate"),
    Want.LOOK: ("doctor", "verify"),
    Want.PEOPLE: ("person",),
    Want.COURSES: ("course",),
    Want.RECORDS: ("evidence", "badges", "ledger", "audit"),
    Want.SAFE: ("backup", "restore", "keys", "mail"),
}
BEGINNING: Final = (
    "Try it: fourweek demo",
    "Begin a school of your own: fourweek run",
    "Something is wrong: fourweek doctor",
    "More of one command: fourweek backup --help",
)
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "demo": ("fourweek demo", "FOURWEEK_PORT=9000 fourweek demo --reset"),
    "run": ("fourweek run", "FOURWEEK_HOME=/srv/school FOURWEEK_BASE_URL=https://school.example fourweek run"),
    "serve": ("fourweek serve --workers 2",),
    "work": ("fourweek work",),
    "tick": ("fourweek tick --once",),
    "migrate": ("fourweek migrate",),
    "doctor": ("fourweek doctor", "fourweek doctor --send-to robin@example.org", "fourweek doctor --json"),
    "verify": ("fourweek verify", "fourweek verify --backup /srv/backups"),
    "person add": ('fourweek person add robin@example.org --name "Robin Reed" --zone Europe/Lisbon',),
    "person link": ("fourweek person link robin@example.org", "fourweek person link robin@example.org --reset"),
    "person disable": ('fourweek person disable robin@example.org --why "Left in May"',),
    "person enable": ('fourweek person enable robin@example.org --why "Came back"',),
    "person grant": (
        "fourweek person grant robin@example.org registrar",
        "fourweek person grant robin@example.org grader --course useful-feedback",
    ),
    "person end-role": ('fourweek person end-role robin@example.org grader --why "Teaches elsewhere"',),
    "person take-second-factor": ('fourweek person take-second-factor robin@example.org --why "Lost the phone"',),
    "course check": ("fourweek course check my-course", "fourweek course check my-course.zip"),
    "course import": ("fourweek course import my-course.zip",),
    "evidence verify": ("fourweek evidence verify", "fourweek evidence verify --json"),
    "evidence purge": ("fourweek evidence purge --dry-run", "fourweek evidence purge"),
    "badges sign": ("fourweek badges sign", "fourweek badges sign --processes 4"),
    "ledger check": ("fourweek ledger check",),
    "audit check": ("fourweek audit check", "fourweek audit check --head 1042:9f3c…"),
    "audit head": ("fourweek audit head",),
    "backup": ("fourweek backup /srv/backups --keep 14", "fourweek backup /srv/backups --without-keys"),
    "restore": ("FOURWEEK_HOME=/srv/new fourweek restore /srv/backups",),
    "keys list": ("fourweek keys list",),
    "keys rotate": ("fourweek keys rotate --kind ed25519",),
    "keys revoke": ('fourweek keys revoke z6Mk… --why "The server was broken into"',),
    "keys move": ('fourweek keys move --why "The college has a new name"',),
    "mail held": ("fourweek mail held",),
    "mail send": ("fourweek mail send",),
    "mail drop": ("fourweek mail drop",),
}


class Guide(TyperGroup):
    """The commands in the order of `WANTS`; one that is not listed there comes last."""

    def list_commands(self, ctx: Any) -> list[str]:
        known = [name for names in WANTS.values() for name in names if name in self.commands]
        return [*known, *(name for name in super().list_commands(ctx) if name not in known)]


def dress(app: typer.Typer) -> None:
    """Give every command its place in the help and its examples, once all are there."""
    app.info.epilog = "\n".join(BEGINNING)
    registered: tuple[CommandInfo | TyperInfo, ...] = (*app.registered_commands, *app.registered_groups)
    for info in registered:
        want = next((want for want, names in WANTS.items() if _name(info) in names), None)
        if want is not None:
            info.rich_help_panel = want.value
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands if group.typer_instance else ():
            _tell(command, f"{_name(group)} {_name(command)}")
    for command in app.registered_commands:
        _tell(command, _name(command))


def _tell(command: CommandInfo, name: str) -> None:
    """Paragraphs flow as wide as the terminal is, and examples stand below."""
    said = cleandoc(command.callback.__doc__ or "") if command.callback else ""
    command.help = "\n\n".join(" ".join(part.split()) for part in said.split("\n\n"))
    if examples := EXAMPLES.get(name):
        command.epilog = "\n".join((_EXAMPLE[len(examples) > 1], *(f"  {one}" for one in examples)))


_EXAMPLE: Final = ("Example:", "Examples:")


def _name(info: CommandInfo | TyperInfo) -> str:
    if isinstance(info.name, str) and info.name:
        return info.name
    made = info.callback.__name__ if isinstance(info, CommandInfo) and info.callback else ""
    return made.replace("_", "-")
