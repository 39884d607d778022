"""The answer in words: one verdict, what it means, and the facts to compare with the document in hand."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Final

from assessments.badges.checks import Check, Verdict
from assessments.badges.pages import VERDICTS, CheckRow, check_rows, credit_words
from assessments.badges.sentences import say, say_when
from assessments.badges.snapshot import read_snapshot
from assessments.badges.times import parse_instant
from assessments.seal.certificates import in_groups
from assessments.verify.documents import DocumentAnswer, ShownCourse
from assessments.verify.judging import GENUINE, Judged, Looked
from assessments.verify.looking import Given, Kind
from assessments.verify.queries import AlteredDocument, Known, KnownBadge
from assessments.verify.sealing import SealFound
from courses.schedule.words import say_date
from fourweek.language import N_, _
from fourweek.light import dataclass

FOUND, UNKNOWN, MALFORMED = 200, 404, 422
_SENTENCES: Final[Mapping[Verdict, str]] = {
    Verdict.VALID: N_("We signed it, nothing in it was changed, and it was not revoked. Its page says whose it is."),
    Verdict.EXPIRED: N_("We signed it, nothing in it was changed, and its time has passed."),
    Verdict.NOT_YET_VALID: N_("We signed it for a later time."),
    Verdict.ALTERED: N_("Something in the file is not as its issuer signed it. Do not rely on what it says."),
    Verdict.ISSUER_UNKNOWN: N_("Another institution is named as its issuer, and we hold no key of it. Ask there."),
    Verdict.CANNOT_CHECK: N_(
        "It is another issuer’s, made in a way that is not looked at here. That says nothing against it: ask its "
        "issuer."
    ),
    Verdict.UNKNOWN: N_("It is signed with our key, but it is not in our record. Do not rely on it, and tell us."),
    Verdict.NOT_A_BADGE: N_("The file is not an Open Badge 3.0."),
    Verdict.WITHDRAWN: N_("We withdrew this badge and no longer stand behind it."),
}
_OF_OTHERS: Final[Mapping[Verdict, str]] = {
    Verdict.VALID: N_(
        "Nothing in it was changed since the holder of the key below signed it. Who that is, and whether it was "
        "revoked since, cannot be told here."
    ),
    Verdict.EXPIRED: N_("The holder of the key below signed it, and its time has passed."),
    Verdict.NOT_YET_VALID: N_("The holder of the key below signed it for a later time."),
    Verdict.UNKNOWN: N_(
        "It goes by our name or an address of ours, but a key that is none of ours signed it. Do not rely on it, and "
        "tell us."
    ),
}
_UNALTERED: Final = (N_("Unaltered"), "plain")
"""Said of others' badges that are valid: whose key that is, nobody vouches for here."""
_EARNED: Final[Mapping[bool | None, str]] = {
    True: N_("Yes, it was issued to the address you gave."),
    False: N_("No, it was not issued to the address you gave."),
    None: N_("It names no address that could be compared."),
}
OF_VALID_NOT_SHOWN: Final = N_("We signed it, nothing in it was changed, and it was not revoked.")
NOT_SHOWN: Final = N_(
    "Whoever earned this badge does not show its page. Ask them for the file, which can be checked here."
)
RENEWED: Final = N_(
    "We signed it, and whoever earned it got a newer badge for the same on {when}. This one says nothing false, and "
    "the newer one counts."
)
SEALED_UNKNOWN: Final = N_("It carries our seal unbroken, but it is not in our record. Do not rely on it, and tell us.")
SEAL_REVOKED: Final = N_(
    "It is sealed with a certificate that we revoked, which proves nothing any more, and it is none of the files that "
    "we made. Ask for the original."
)
BROKEN: Final = N_("It carries a seal of ours that is broken: something in the file was changed. Ask for the original.")
BY_OTHERS: Final = N_(
    "Somebody else sealed it, and it is none of the files that we made. The certificate’s fingerprint: {fingerprint}."
)
A_LIST: Final = N_("It is a list of ours that says, for programs, which badges were revoked. Give the badge itself.")
ANOTHER_ADDRESS: Final = N_("But it was issued to another address than the one you gave.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about something given, in the language spoken. `status` is the one of the response; `badge` the slug
    of a badge's page.

    `verdict` is None where there was nothing to judge. `earned`: see `Judged`; `asked` says that it was asked.
    `issuer` is the id of whoever was found to have signed it, "" for nobody; `ours`: it is a badge or document of ours.
    """

    words: str
    tone: str
    sentence: str
    status: int = FOUND
    facts: tuple[tuple[str, str], ...] = ()
    checks: tuple[Check, ...] = ()
    badge: str = ""
    verdict: Verdict | None = None
    earned: bool | None = None
    issuer: str = ""
    ours: bool = False
    document: DocumentAnswer | None = None

    @property
    def courses(self) -> tuple[ShownCourse, ...]:
        return self.document.courses if self.document else ()

    @property
    def seal(self) -> tuple[str, str]:
        """The fingerprint of a document's seal for an address, and as people compare it; twice "" for none."""
        fingerprint = self.document.seal if self.document else ""
        return fingerprint, in_groups(fingerprint)

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        return check_rows(self.checks)


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The form with what was typed, what is wrong with it, and the answer if there is one."""

    typed: str = ""
    email: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    status: int = FOUND
    last_name: str = ""
    host: str = ""


def answer(given: Given, found: Known, looked: Looked | None, *, asked: bool = False) -> Answer:
    """The one answer to what was given. `asked`: whether somebody's address is the holder's was asked as well."""
    match found.thing, looked:
        case _, DocumentAnswer():
            return _plain(looked.verdict, looked.sentence, facts=looked.facts, ours=True, document=looked)
        case _, SealFound():
            return _of_seal(looked, found.thing)
        case AlteredDocument(number), _:
            return _altered(number)
        case KnownBadge() as badge, _ if given.kind is Kind.SLUG and (badge.withdrawn_at or not badge.shown):
            return _not_there(badge)
        case _, Judged():
            return _of_badge(looked, found.thing, asked=asked)
    return _of_address(found.thing) if given.kind is Kind.SLUG else _unknown(given)


def _plain(verdict: Verdict, sentence: str, **more: Any) -> Answer:
    """`sentence` is said already."""
    words, tone = VERDICTS[verdict]
    return Answer(_(words), tone, sentence, verdict=verdict, **more)


def _altered(number: str) -> Answer:
    sentence = _(
        "It says that it is {number}, but it is not the file that we made. Ask for the original.", number=number
    )
    return _plain(Verdict.ALTERED, sentence)


def _of_seal(seal: SealFound, thing: object) -> Answer:
    """A PDF with a seal that is none of the files we made."""
    if seal.revoked:
        return _plain(Verdict.UNKNOWN, _(SEAL_REVOKED), status=UNKNOWN)
    if seal.whole and seal.ours:
        return _plain(Verdict.UNKNOWN, _(SEALED_UNKNOWN), status=UNKNOWN)
    if isinstance(thing, AlteredDocument):
        return _altered(thing.number)
    if seal.ours:
        return _plain(Verdict.ALTERED, _(BROKEN))
    if seal.whole:
        said = _(BY_OTHERS, fingerprint=in_groups(seal.fingerprint))
        return _plain(Verdict.ISSUER_UNKNOWN, said, status=UNKNOWN)
    return _unknown(Given(Kind.DOCUMENT))


def _not_there(found: KnownBadge) -> Answer:
    if found.withdrawn_at is not None:
        return _plain(Verdict.WITHDRAWN, _(_SENTENCES[Verdict.WITHDRAWN]))
    return Answer(_("Not shown"), "plain", _(NOT_SHOWN))


def _of_address(thing: object) -> Answer:
    if isinstance(thing, KnownBadge):
        said = _("It was awarded a moment ago and is being signed.")
        return Answer(_("Being signed"), "waiting", said, badge=thing.slug)
    return _unknown(Given(Kind.SLUG))


def _of_badge(judged: Judged, thing: object, *, asked: bool) -> Answer:
    report = judged.report
    known = thing if isinstance(thing, KnownBadge) and report.ours else None
    status = {Verdict.NOT_A_BADGE: MALFORMED, Verdict.ISSUER_UNKNOWN: UNKNOWN, Verdict.UNKNOWN: UNKNOWN}
    genuine = report.verdict in GENUINE
    facts = _facts(judged, known) if genuine else ()
    if asked and genuine:
        facts = (*facts, (_("Issued to that address"), _(_EARNED[judged.earned])))
    has_page = known is not None and known.shown and report.verdict not in (Verdict.WITHDRAWN, Verdict.UNKNOWN)
    other = _(ANOTHER_ADDRESS) if judged.earned is False else ""
    words, tone = _UNALTERED if report.verdict is Verdict.VALID and not report.ours else VERDICTS[report.verdict]
    return Answer(
        _(words),
        tone,
        _joined(_sentence(judged, known), other),
        status=status.get(report.verdict, FOUND),
        facts=facts,
        checks=report.checks,
        badge=known.slug if known and has_page else "",
        verdict=report.verdict,
        earned=judged.earned,
        issuer=report.issuer_id if genuine else "",
        ours=report.ours and genuine,
    )


def _sentence(judged: Judged, known: KnownBadge | None) -> str:
    verdict = judged.report.verdict
    if verdict is Verdict.REVOKED:
        return _revoked(known)
    if verdict is Verdict.SUPERSEDED and known and known.renewed_at and known.form == known.number:
        return _(RENEWED, when=say_when(known.renewed_at))
    if verdict is Verdict.SUPERSEDED and known:
        return _joined(_("We signed it, and have stated it anew since."), *map(say, known.why), _where(known))
    if verdict is Verdict.VALID and known and not known.shown:
        return _(OF_VALID_NOT_SHOWN)
    own = _SENTENCES if judged.report.ours else {**_SENTENCES, **_OF_OTHERS}
    return _(own[verdict])


def _joined(*sentences: str) -> str:
    """Whole sentences, one after the other."""
    return " ".join(filter(None, sentences))


def _where(known: KnownBadge) -> str:
    """Where the newer form is to be had."""
    if known.signed < known.number:
        return _("The newer one is being signed.")
    return _("The newer one is on its page.") if known.shown else _("Ask whoever earned it for the newer one.")


def _revoked(known: KnownBadge | None) -> str:
    if known is None or known.revoked_at is None:
        return _(
            "The key that signed it was revoked, so that its signature proves nothing any more. Ask for a new file."
        )
    when, why = say_when(known.revoked_at), known.revoked_why
    if not why:
        return _("We revoked this badge on {when} and no longer stand behind it.", when=when)
    return _("We revoked this badge on {when} and no longer stand behind it. Reason: {why}", when=when, why=why)


def _facts(judged: Judged, known: KnownBadge | None) -> tuple[tuple[str, str], ...]:
    return _facts_of_ours(known) if known else _facts_of_others(judged)


def _facts_of_ours(known: KnownBadge) -> tuple[tuple[str, str], ...]:
    said = read_snapshot(known.snapshot)
    return (
        (_("Badge"), said.achievement.name),
        (_("Issued by"), said.institution),
        (_("Completed"), _("{date} ({zone})", date=say_date(said.completed_on), zone=said.zone)),
        (_("Credit"), credit_words(said.minutes, said.ceu_tenths)),
    )


def _facts_of_others(judged: Judged) -> tuple[tuple[str, str], ...]:
    """What the badge says of itself, its key being the only thing that is sure."""
    issuer = judged.credential.get("issuer")
    subject = judged.credential.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    start, end = (_date(judged.credential.get(name)) for name in ("validFrom", "validUntil"))
    facts = (
        (_("Badge"), _text(achievement, "name")),
        (_("Says it is issued by"), _text(issuer, "name")),
        (_("Key"), judged.report.issuer_id.removeprefix("did:key:")),
        (_("Holds from"), start),
        (_("Holds until"), end),
    )
    return tuple((name, value) for name, value in facts if value)


def _text(thing: object, name: str) -> str:
    value = thing.get(name) if isinstance(thing, dict) else ""
    return value[:200] if isinstance(value, str) else ""


def _date(value: object) -> str:
    instant: datetime | None = parse_instant(value)
    return say_when(instant) if instant else ""


def _unknown(given: Given) -> Answer:
    if given.kind is Kind.LIST:
        return Answer(_("A status list"), "plain", _(A_LIST))
    if given.kind is Kind.SLUG:
        return _plain(Verdict.UNKNOWN, _("No badge of ours has this address."), status=UNKNOWN)
    if given.kind is Kind.CODE:
        sentence = _("No document of ours has this code. Check each letter and digit against the document.")
        return _plain(Verdict.UNKNOWN, sentence, status=UNKNOWN)
    sentence = _(
        "We did not make this file as it is. A copy that was saved anew or changed is no longer the same. Type the "
        "code that stands on the document."
    )
    return _plain(Verdict.UNKNOWN, sentence, status=UNKNOWN)
