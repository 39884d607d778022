"""The page on which a professional chooses the board and the period of an audit packet."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Final

from sqlalchemy import Connection

from assessments.certificates.choices import former_names, licence_choices
from assessments.licences.boards import all_boards
from assessments.stated.queries import MOST_STATED, stated_of
from assessments.transcripts.choosing import PAPERS
from assessments.transcripts.scope import Scope
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.days import read_day
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.settings import Settings

NO_BOARD: Final = ""
LONGEST_YEARS: Final = 20


@dataclass(frozen=True, slots=True)
class PacketForm:
    """What was typed, as it was typed."""

    board: str = NO_BOARD
    since: str = ""
    until: str = ""
    licences: tuple[str, ...] = ()
    stated: bool = False
    hide_names: bool = False
    paper: str = ""

    def scope(self) -> Scope:
        """The part of the record that was chosen. Raises Invalid, in words beside each field."""
        problems: dict[str, str] = {}
        since, until = (_day(text, name, problems) for text, name in ((self.since, "since"), (self.until, "until")))
        if since and until and until < since:
            problems["until"] = _("The last day comes before the first.")
        elif since and until and until.year - since.year > LONGEST_YEARS:
            problems["until"] = _("A packet covers at most {years} years.", years=LONGEST_YEARS)
        if self.board and self.board not in all_boards():
            problems["board"] = _("Choose a board of the list, or none.")
        if problems or since is None or until is None:
            raise Invalid(problems)
        return Scope(since=since, until=until, board=self.board)


@dataclass(frozen=True, slots=True)
class PacketPage:
    """The choices; `stated` counts what the visitor states from elsewhere."""

    boards: tuple[tuple[str, str], ...]
    licences: tuple[tuple[str, str], ...]
    former: tuple[str, ...]
    stated: int
    papers: tuple[tuple[str, str], ...]
    form: PacketForm
    errors: Mapping[str, str] = field(default_factory=dict)


def packet_page(conn: Connection, visitor: Visitor, settings: Settings) -> PacketPage:
    """The choices with this year filled in, by the school's clock. Three statements."""
    year = visitor.now.school.astimezone(zone(settings.zone)).year
    boards = sorted((rules[-1].title, key) for key, rules in all_boards().items())
    return PacketPage(
        boards=((NO_BOARD, _("No board: the record alone")), *((key, title) for title, key in boards)),
        licences=licence_choices(conn, visitor.me.id),
        former=former_names(conn, visitor.me.id),
        stated=min(len(stated_of(conn, visitor.me.id)), MOST_STATED),
        papers=tuple((size, _(words)) for size, words in PAPERS),
        form=PacketForm(since=f"{year}-01-01", until=f"{year}-12-31", paper=settings.paper.value),
    )


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    day = read_day(text)
    if day is None:
        problems[name] = _("Give the day, such as {example}.", example="2026-12-31")
    return day
