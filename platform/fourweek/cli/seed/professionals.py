"""A professional with two licences: what she states from elsewhere, the documents she takes, one that she shares."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from assessments.certificates.maker import CERTIFICATES
from assessments.clr.maker import RECORDS
from assessments.licences.boards import all_boards
from assessments.licences.forms import LicenceForm
from assessments.licences.queries import licences_of
from assessments.licences.service import add_licence, switch_licence
from assessments.packets.maker import PACKETS
from assessments.sharing.links import make_link
from assessments.sharing.opening import opened
from assessments.sharing.tokens import new_token, token_hash
from assessments.stated.forms import StatedForm, read_stated
from assessments.stated.service import state
from assessments.transcripts.scope import Options, Scope
from assessments.transcripts.service import Wanted
from fourweek.accounts.access import Visitor
from fourweek.cli.seed import acts
from fourweek.cli.seed.calendar import FRIDAY, MONDAY, TUESDAY, Calendar, When
from fourweek.cli.seed.stage import Act, Stage
from fourweek.clock import Now
from fourweek.database import new_id

PROFESSIONAL: Final = "olivia"
TEXAS, CAROLINA = "us-tx-pe", "us-nc-pe"
NUMBERS: Final = {TEXAS: "0094127", CAROLINA: "P-0118430"}
BOARD_OF_HERS: Final = TEXAS
_STATED: Final = (
    StatedForm(
        title="Ethics for engineers of public works",
        provider="Quay Engineers’ Society",
        provider_number="QES-114",
        category="ethics",
        mode="live_online",
        instructor="Dr. Femi Adeleke",
        hours="1:30",
        said="1.5 PDH",
    ),
    StatedForm(
        title="Inspecting pump stations",
        provider="Water Works Association",
        category="technical",
        mode="in_person",
        place="Raleigh, NC",
        instructor="Lena Ortiz",
        hours="3",
        said="0.3 CEU",
    ),
)


def professional_acts(calendar: Calendar, course: str) -> Iterator[Act]:
    """Licences and credit from elsewhere first, then documents of every kind."""
    for minute, board in enumerate(NUMBERS):
        yield Act(calendar.at(When(-3, TUESDAY, f"19:1{minute}")), partial(hold_licence, board))
    yield Act(calendar.at(When(-3, TUESDAY, "19:30")), partial(state_elsewhere, calendar.day(-20)))
    for minute, kind in enumerate((certificate, packet, learner_record)):
        yield Act(calendar.at(When(-2, FRIDAY, f"18:0{minute}")), partial(kind, course))
    yield Act(calendar.at(When(-1, MONDAY, "08:10")), partial(share, "Hadley & Stone, for the licence in Texas"))


def hold_licence(board: str, stage: Stage, at: datetime) -> None:
    """A licence whose window ends on the board's next usual day; hours are reported to one of the boards."""
    rule = all_boards()[board][-1]
    ends_on = rule.next_end((at + timedelta(days=60)).date())
    form = LicenceForm(key=new_id(), board=board, number=NUMBERS[board], ends_on=str(ends_on), zone=rule.zone)
    db, me = stage.house.db, stage.visitor(PROFESSIONAL, at)
    licence_id = db.write_now(add_licence, me, form)
    if board == BOARD_OF_HERS:
        db.write_now(partial(switch_licence, on=True), me, licence_id, "report")
    db.write_now(partial(switch_licence, on=True), me, licence_id, "stated")


def state_elsewhere(first: date, stage: Stage, at: datetime) -> None:
    """What she learned at other providers, some weeks apart."""
    days = (first + timedelta(days=40 * place) for place in range(len(_STATED)))
    facts = [
        read_stated(replace(form, completed_on=str(day)), at.date()) for form, day in zip(_STATED, days, strict=True)
    ]
    stage.house.db.write_now(state, stage.visitor(PROFESSIONAL, at), facts)


def certificate(course: str, stage: Stage, at: datetime) -> None:
    """One page for the course, as boards ask for it."""
    acts.issue(PROFESSIONAL, Wanted(CERTIFICATES, Scope(courses=(course,)), _options(stage)), stage, at)


def packet(_course: str, stage: Stage, at: datetime) -> None:
    """Everything for one board in one file, with what was stated from elsewhere."""
    scope = Scope(since=at.date() - timedelta(days=365), until=at.date(), board=BOARD_OF_HERS)
    acts.issue(PROFESSIONAL, Wanted(PACKETS, scope, _options(stage, stated=True)), stage, at)


def learner_record(_course: str, stage: Stage, at: datetime) -> None:
    """The same for programs, with her badges inside."""
    acts.issue(PROFESSIONAL, Wanted(RECORDS, options=Options(paper=stage.house.settings.paper)), stage, at)


def share(whom: str, stage: Stage, at: datetime) -> None:
    """She sends a link to the packet; whoever got it looks at it twice and takes the PDF."""
    token, number = token_hash(new_token()), stage.documents[PROFESSIONAL][-2].number
    db, me = stage.house.db, stage.visitor(PROFESSIONAL, at)
    db.write_now(make_link, me, number, token, (whom, "30"))
    for hours, what in ((3, "page"), (26, "page"), (26, "pdf")):
        guest = Visitor(Now(real=at + timedelta(hours=hours), school=at + timedelta(hours=hours)))
        db.write_now(opened, guest, token, "192.0.2.7", what)


def _options(stage: Stage, *, stated: bool = False) -> Options:
    mine = stage.house.db.read_now(licences_of, stage.people[PROFESSIONAL].id)
    return Options(paper=stage.house.settings.paper, licences=tuple(one.id for one in mine), stated=stated)
