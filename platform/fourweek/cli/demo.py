"""`fourweek demo`: a living school in one command, with the same data at every start."""

import json
import os
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from assessments.badges.issuer_addresses import follow
from fourweek import logs
from fourweek.cli.progress import watched
from fourweek.cli.serving import answer_and_work, hold, prepare, refuse_unsafe
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.settings import Settings

say = Console(highlight=False)
UNFINISHED = ".demo-unfinished"
FACTS = "demo.json"
INSTITUTION = {
    "institution": "Harbour Technical Institute",
    "institution_accent": "#e0a526",
    "institution_address": "14 Quay Street; Harbour City",
    "registrar_name": "Henry Whitfield",
    "registrar_contact": "registrar@harbour.example",
    "zone": "America/New_York",
}


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demonstration away and start over.")] = False,
    only_seed: Annotated[bool, typer.Option("--only-seed", help="Fill in the school and stop.")] = False,
) -> None:
    """A school with invented people in every state, to be tried.

    It is filled in once, then served; who can be tried is printed, and stands on its start page.
    """
    settings = demo_settings()
    _refuse_a_real_school(settings.home)
    refuse_unsafe(settings, warn=False)
    held = None if only_seed else hold(settings)
    if reset or (settings.home / UNFINISHED).exists():
        shutil.rmtree(settings.home, ignore_errors=True)
    logs.configure(quiet=True)
    if not (settings.home / FACTS).exists():
        _fill(settings)
    facts = _at_this_address(settings)
    _follow(settings)
    _print(facts)
    if held:
        answer_and_work(settings, held)


def demo_settings() -> Settings:
    """The institution of the demonstration, except for what the environment sets."""
    given: dict[str, Any] = {
        name: value for name, value in INSTITUTION.items() if f"FOURWEEK_{name.upper()}" not in os.environ
    }
    return Settings(demo=True, **given)


def _refuse_a_real_school(home: Path) -> None:
    marks = (FACTS, UNFINISHED)
    if home.exists() and any(home.iterdir()) and not any((home / mark).exists() for mark in marks):
        say.print(f"{home} holds files that are not a demonstration's. Set FOURWEEK_HOME to another folder.")
        raise typer.Exit(1)


def _fill(settings: Settings) -> None:
    from fourweek.cli.seed.school import build  # noqa: PLC0415 heavy, and only once

    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.home / UNFINISHED).touch()
    prepare(settings)
    with watched("Filling in the school", 1) as work:

        def tell(done: int, total: int, words: str) -> None:
            work.expect(total, f"Filling in the school, {words}")
            work.reach(done)

        facts = build(settings, tell, real_time())
    (settings.home / FACTS).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    (settings.home / UNFINISHED).unlink()


def _at_this_address(settings: Settings) -> dict[str, Any]:
    """The facts with the address of this start written into `demo.json`, since the port may have changed."""
    path = settings.home / FACTS
    facts: dict[str, Any] = json.loads(path.read_text())
    prepare(settings)
    if facts["base_url"] != settings.public_url:
        text = path.read_text().replace(facts["base_url"], settings.public_url)
        path.write_text(text)
        facts = json.loads(text)
    return facts


def _follow(settings: Settings) -> None:
    """A demonstration moves with its port, and is not asked whether it meant to."""
    db = Database(settings.database)
    try:
        db.write_now(follow, settings.public_url, "The demonstration was started at another address.", real_time())
    finally:
        db.close()


def _print(facts: dict[str, Any]) -> None:
    for person in facts["personas"]:
        say.print(f"\n[bold]{person['name']}[/bold], {person['role']}: {person['look_at']}", soft_wrap=True)
        say.print(f"  {person['address']}   password {person['password']}", soft_wrap=True)
    say.print(f"\nThe school is at [bold]{facts['base_url']}[/bold]; its start page greets with them.", soft_wrap=True)
    say.print(
        "Ctrl+C stops it, `make demo` starts it again with the same data, `make demo-reset` starts over.",
        soft_wrap=True,
    )
