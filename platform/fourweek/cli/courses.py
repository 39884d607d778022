"""Checking and publishing course packages."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assessments.credit.rules import Mode
from courses.catalogue.credit import counted_course
from courses.packages import ParsedCourse, Problem, has_errors, read_package
from fourweek.cli.progress import watched
from fourweek.cli.serving import prepare
from fourweek.clock import real_time, school_now
from fourweek.settings import Settings

app = typer.Typer(help="Check and publish packages of courses.", no_args_is_help=True)
say = Console(stderr=True, highlight=False)

PackagePath = Annotated[Path, typer.Argument(help="A folder or zip with a course.toml, or a manifest file.")]
Source = Annotated[Path | None, typer.Option("--source", help="Where a manifest's material lies, if elsewhere.")]


@app.command()
def check(path: PackagePath, source: Source = None) -> None:
    """Say everything that is wrong with a package.

    With file and line. Exit code 1 when it cannot be published.
    """
    from assessments.coursework import AssessmentsCoursework  # noqa: PLC0415 heavy: every command would wait for it

    course = _read(path, source)
    ours = AssessmentsCoursework(Mode(Settings().ceu_rule))
    credit = ", ".join(ours.credit_words(counted_course(course, real_time().date())))
    typer.echo(
        f"{course.code} {course.version}: {len(course.modules)} modules, {course.counted_minutes} minutes, {credit}. "
        "Good."
    )


@app.command("import")
def import_(path: PackagePath, source: Source = None) -> None:
    """Check a package and publish it as a version of its course."""
    from assessments.coursework import AssessmentsCoursework  # noqa: PLC0415 heavy
    from courses.catalogue.publish import VersionRefused, publish  # noqa: PLC0415
    from fourweek.house import open_house  # noqa: PLC0415

    course = _read(path, source)
    settings = Settings()
    prepare(settings)
    house = open_house(settings)
    with watched(f"Publishing {course.code} {course.version}"):
        now = house.db.read_now(school_now, real_time())
        try:
            done = publish(house.db, house.store, course, coursework=AssessmentsCoursework(), author_id=None, now=now)
        except VersionRefused as refused:
            typer.echo(str(refused.problem), err=True)
            raise typer.Exit(1) from refused
        finally:
            house.db.close()
    typer.echo(done.words)


def _read(path: Path, source: Path | None) -> ParsedCourse:
    from assessments.coursework import AssessmentsCoursework  # noqa: PLC0415 heavy

    with watched(f"Reading {path.name}"):
        course, problems = read_package(path, source)
        if course is not None:
            problems = [*problems, *AssessmentsCoursework().prepare(course).problems]
    _print(problems)
    if course is None or has_errors(problems):
        say.print("Not published: mend what is marked as an error.")
        raise typer.Exit(1)
    return course


def _print(problems: list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
