"""Attendance as a spreadsheet: a row for each person, by learner number or e-mail address. Pure."""

from collections.abc import Iterable

from courses.live.models import Presence
from courses.live.words import PRESENCES
from fourweek.language import _, n_
from fourweek.light import dataclass
from fourweek.spreadsheets import NotATable, rows_of, safe_cell, written

HEADS = ("learner", "name", "presence", "reason")
MOST_ROWS = 1000
LEARNER_HEADS = frozenset({"learner", "learner number", "number", "e-mail", "email", "address"})
BY_WORD = {words.lower(): presence for presence, words in PRESENCES.items()}
BY_WORD |= {presence.value: presence for presence in Presence}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read: `presence` None where it says none; `wrong` says what cannot be read, "" for nothing."""

    line: int
    learner: str
    presence: Presence | None
    reason: str
    wrong: str = ""


def read_sheet(text: str) -> tuple[Row, ...]:
    """The rows of a sheet. Raises NotATable where it is none, or lacks a column."""
    found = rows_of(text)
    if len(found) < 2:
        raise NotATable(_("There is no row below the headings. The first row holds the headings, such as “learner”."))
    if len(found) > MOST_ROWS + 1:
        raise NotATable(
            n_(
                "There is {count} row; at most {most} are taken at once.",
                "There are {count} rows; at most {most} are taken at once.",
                len(found) - 1,
                most=MOST_ROWS,
            )
        )
    heads = [head.lower() for head in found[0][1]]
    learner = next((place for place, head in enumerate(heads) if head in LEARNER_HEADS), None)
    if learner is None or "presence" not in heads:
        raise NotATable(_("The first row must hold the headings “learner” and “presence”; “reason” may follow."))
    presence, reason = heads.index("presence"), heads.index("reason") if "reason" in heads else None
    return tuple(_row(line, cells, learner, presence, reason) for line, cells in found[1:])


def sheet_of(rows: Iterable[tuple[str, str, Presence | None, str]]) -> bytes:
    """A file of (learner number, name, presence, reason) that `read_sheet` takes back."""
    return written(
        HEADS,
        (
            [safe_cell(number), safe_cell(name), PRESENCES[presence] if presence else "", safe_cell(reason)]
            for number, name, presence, reason in rows
        ),
    )


def _row(line: int, cells: list[str], learner: int, presence: int, reason: int | None) -> Row:
    def cell(place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    word = " ".join(cell(presence).lower().split())
    wrong = (
        "" if not word or word in BY_WORD else _("“{word}” is not “present”, “absent” or “made up”.", word=word[:40])
    )
    if not cell(learner):
        wrong = _("The learner number or e-mail address is missing.")
    return Row(line, cell(learner), BY_WORD.get(word), " ".join(cell(reason).split()), wrong)
