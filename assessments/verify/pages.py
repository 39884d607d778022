"""The answer in words: one verdict, what it means, and the facts to compare with the document in hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assessments.badges.checks import Report, Verdict
from assessments.badges.pages import VERDICTS, CheckRow, check_rows, credit_words
from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.verify.looking import Given, Kind, proof_of
from assessments.verify.queries import AlteredDocument, Known, KnownBadge, KnownDocument, WithdrawnBadge
from courses.schedule.words import say_date, say_instant
from courses.schedule.zones import zone
from fourweek.settings import Settings

FOUND, UNKNOWN, MALFORMED = 200, 404, 422
_OF_A_BADGE: Final[Mapping[Verdict, str]] = {
    Verdict.ALTERED: "Something in the file is not as the institution signed it. Do not rely on what it says.",
    Verdict.EXPIRED: "The institution signed it, and its time has passed.",
    Verdict.NOT_YET_VALID: "The institution signed it for a later time.",
    Verdict.ISSUER_UNKNOWN: "Another institution is named as its issuer. Ask there: we know only our own badges.",
    Verdict.NOT_A_BADGE: "The file is not an Open Badge 3.0.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about something given. `status` is the one of the response; `badge` the slug of a badge's page."""

    words: str
    tone: str
    sentence: str
    status: int = FOUND
    facts: tuple[tuple[str, str], ...] = ()
    checks: tuple[CheckRow, ...] = ()
    badge: str = ""


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The form with what was typed, what is wrong with it, and the answer if there is one."""

    typed: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    status: int = FOUND


def answer(given: Given, found: Known, settings: Settings) -> Answer:
    """The one answer to what was given, from what the record knows of it."""
    match found:
        case KnownDocument():
            return _of_document(found, settings)
        case AlteredDocument(number):
            return Answer(
                "Altered",
                "bad",
                f"It says that it is transcript {number}, but it is not the file that we made. Ask for the original.",
            )
    if given.kind is Kind.SLUG:
        return _of_address(found)
    if given.report is not None:
        return _of_badge(given, given.report, found)
    return _unknown(given)


def _of_document(found: KnownDocument, settings: Settings) -> Answer:
    facts = (
        ("Document", f"Transcript {found.number}"),
        ("Issued by", settings.institution),
        ("Issued", say_instant(found.issued_at, zone(settings.zone)).words),
        ("Learner’s initials", found.initials),
        ("Lines", str(found.lines)),
        ("Contact hours", contact_hours_text(found.minutes)),
        ("Continuing education units", ceu_text(found.tenths)),
    )
    compare = "" if found.is_file else " Compare these facts with the document: a copied code can stand on a false one."
    if found.corrected:
        sentence = f"The record was corrected after this transcript was issued.{_newest(found)} Ask for a new one."
        return Answer("Superseded", "warn", sentence, facts=facts)
    if found.newest:
        return Answer("Superseded", "warn", f"It was issued by us.{_newest(found)}{compare}", facts=facts)
    exact = "The file is exactly the one we made. " if found.is_file else ""
    return Answer(
        "Valid", "good", f"{exact}It was issued by us, and no newer one has been issued since.{compare}", facts=facts
    )


def _newest(found: KnownDocument) -> str:
    return f" A newer one has been issued: {found.newest}." if found.newest else ""


def _of_address(found: Known) -> Answer:
    match found:
        case KnownBadge():
            return Answer("Known", "good", "It is the address of a badge of ours.", badge=found.slug)
        case WithdrawnBadge():
            return _withdrawn(())
    return Answer("Unknown", "bad", "No badge of ours has this address.", UNKNOWN)


def _of_badge(given: Given, report: Report, found: Known) -> Answer:
    checks = check_rows(report.checks)
    if report.verdict in (Verdict.VALID, Verdict.EXPIRED) and isinstance(found, WithdrawnBadge):
        return _withdrawn(checks)
    if report.verdict is not Verdict.VALID:
        return _not_valid(report, checks, found)
    if not isinstance(found, KnownBadge):
        sentence = "It is signed with our key, but it is not in our record. Tell the institution."
        return Answer("Unknown", "bad", sentence, UNKNOWN, checks=checks)
    return _held(given, found, checks)


def _held(given: Given, found: KnownBadge, checks: tuple[CheckRow, ...]) -> Answer:
    said = found.snapshot
    facts = (
        ("Badge", said.achievement.name),
        ("Issued by", said.institution),
        ("Completed", f"{say_date(said.completed_on)} ({said.zone})"),
        ("Credit", credit_words(said.minutes, said.ceu_tenths)),
    )
    if found.document and proof_of(json.loads(found.document)) != given.proof:
        sentence = "The institution signed it, and has signed a newer form of it since. The newer one is on its page."
        return Answer("Superseded", "warn", sentence, facts=facts, checks=checks, badge=found.slug)
    sentence = (
        "The institution signed it, nothing in it was changed, and it was not withdrawn. Its page says whose it is."
    )
    return Answer("Valid", "good", sentence, facts=facts, checks=checks, badge=found.slug)


def _not_valid(report: Report, checks: tuple[CheckRow, ...], found: Known) -> Answer:
    words, tone = VERDICTS[report.verdict]
    status = {Verdict.NOT_A_BADGE: MALFORMED, Verdict.ISSUER_UNKNOWN: UNKNOWN}.get(report.verdict, FOUND)
    genuine = found.slug if isinstance(found, KnownBadge) and status == FOUND else ""
    return Answer(words, tone, _OF_A_BADGE[report.verdict], status, checks=checks, badge=genuine)


def _withdrawn(checks: tuple[CheckRow, ...]) -> Answer:
    return Answer(
        "Withdrawn", "bad", "The institution withdrew this badge and no longer stands behind it.", checks=checks
    )


def _unknown(given: Given) -> Answer:
    if given.kind is Kind.CODE:
        sentence = "No document of ours has this code. Check each letter and digit against the document."
        return Answer("Unknown", "bad", sentence, UNKNOWN)
    sentence = "We did not make this file as it is. A copy that was saved anew or changed is no longer the same."
    return Answer("Unknown", "bad", f"{sentence} Type the code that stands on the document.", UNKNOWN)
