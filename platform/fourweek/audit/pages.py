"""What the pages of the audit log show."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fourweek.audit.queries import PER_PAGE, Found, Wanted
from fourweek.audit.words import ACTS, say_act
from fourweek.language import N_, _
from fourweek.light import dataclass

LINKED: Mapping[str, tuple[str, str]] = {
    "person": ("person", "person_id"),
    "submission": ("grading-screen", "submission_id"),
    "award": ("award", "award_id"),
    "legal_hold": ("hold", "hold_id"),
    "credit_proposal": ("correction", "proposal_id"),
    "person_merge": ("merge", "merge_id"),
    "webhook": ("webhook", "hook_id"),
}
"""Kinds of subject that have a page for whoever reads the log: its route and what it is told."""
PROGRAM = N_("the program")
Say = Callable[[datetime], str]
Url = Callable[..., str]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`subject` is (words, address), the address "" without a page; `detail` is (what, value)."""

    id: str
    at: tuple[str, str]
    by: str
    words: str
    subject: tuple[str, str]
    reason: str
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditForm:
    """The filters as they were typed."""

    by: str = ""
    act: str = ""
    about: str = ""
    person: str = ""
    since: str = ""
    until: str = ""

    def wanted(self, zone: str, before: str) -> tuple[Wanted, dict[str, str]]:
        """What is looked for, days being those of the reader's zone; and what cannot be read, by field."""
        first, last = _day(self.since), _day(self.until)
        errors = {
            name: _("Give a day, such as 2026-11-22.")
            for name, typed, day in (("since", self.since, first), ("until", self.until, last))
            if typed and day is None
        }
        return Wanted(
            by=self.by,
            act=self.act,
            about=self.about,
            person=self.person,
            since=_begins(first, zone) if first else None,
            until=_begins(last + timedelta(days=1), zone) if last else None,
            before=before,
        ), errors

    def query(self, **more: str) -> str:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__} | more
        return "?" + urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`only` is whose rows are shown where one person was asked for."""

    typed: AuditForm
    acts: tuple[tuple[str, str], ...]
    lines: tuple[AuditLine, ...]
    newest: str | None
    next: str | None
    only: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MyAccountPage:
    lines: tuple[AuditLine, ...]
    newest: str | None
    next: str | None


def audit_page(found: Found, typed: AuditForm, before: str, say: Say, url: Url) -> AuditPage:
    here = url("audit")
    older = found.rows[PER_PAGE - 1].id if len(found.rows) > PER_PAGE else ""
    return AuditPage(
        typed=typed,
        acts=tuple(sorted(((act, _(words)) for act, words in ACTS.items()), key=lambda one: one[1])),
        lines=lines_of(found, say, url),
        newest=here + typed.query() if before else None,
        next=here + typed.query(before=older) if older else None,
        only=found.people.get(typed.person, _("One person")) if typed.person else "",
    )


def my_account_page(found: Found, me: str, before: str, say: Say, url: Url) -> MyAccountPage:
    """The same for one's own account: who else did something is "the people who run this school"."""
    here = url("my-account-log")
    older = found.rows[PER_PAGE - 1].id if len(found.rows) > PER_PAGE else ""
    known = dict.fromkeys(found.people, _("the people who run this school")) | {me: _("you")}
    lines = lines_of(Found(found.rows, known, found.scopes), say, url)
    return MyAccountPage(lines, here if before else None, f"{here}?before={older}" if older else None)


def lines_of(found: Found, say: Say, url: Url) -> tuple[AuditLine, ...]:
    return tuple(_line(row, found, say, url) for row in found.rows[:PER_PAGE])


def _line(row: Any, found: Found, say: Say, url: Url) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=(row.at.isoformat(), say(row.at)),
        by=found.people.get(row.actor_id, _("somebody")) if row.actor_id else _(PROGRAM),
        words=say_act(row.act),
        subject=_subject(row, found, url),
        reason=row.reason,
        detail=tuple(_flat(row.detail)),
    )


def _subject(row: Any, found: Found, url: Url) -> tuple[str, str]:
    kind = row.subject_kind.replace("_", " ").capitalize()
    scope = found.scopes.get(row.subject_id)
    name = found.people.get(row.subject_id) or (scope.words if scope else row.subject_id)
    route, value = LINKED.get(row.subject_kind, ("", ""))
    return f"{kind} {name}", url(route, **{value: row.subject_id}) if route else ""


def _flat(detail: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a detail with the words that lead to it, such as ("after, name", "Evening group")."""
    for key, value in detail.items():
        name = f"{under}, {key}" if under else key
        if isinstance(value, dict) and value:
            yield from _flat(value, name)
        else:
            yield name.replace("_", " "), value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _begins(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
