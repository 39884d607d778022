"""What the public page of an award shows, in words."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from assessments.awards.models import HolderShown
from assessments.badges.addresses import badge_url, issuer_profile
from assessments.badges.checks import Outcome, Verdict
from assessments.badges.last_check import has_ended, verdict_of
from assessments.badges.pages import VERDICTS, AchievementPage, CheckRow, achievement_page, check_row, credit_words
from assessments.badges.shown import AwardRecord, LastCheck
from assessments.badges.snapshot import AwardSnapshot, EvidenceShown, PartShown, read_snapshot
from courses.schedule.words import say_date, say_instant
from courses.schedule.zones import zone
from fourweek.language import N_, _
from fourweek.language.stored import say
from fourweek.light import dataclass
from fourweek.settings import Settings

PICTURE_PIXELS: Final = 600
_ICONS: Final[Mapping[str, str]] = {
    "Valid": "circle-check",
    "Signed": "circle-check",
    "Revoked": "circle-x",
    "Expired": "clock",
    "Superseded": "rotate-ccw",
    N_("Being signed"): "hourglass",
}
_OTHERWISE = "circle-alert"


@dataclass(frozen=True, slots=True)
class Banner:
    """How a badge stands: a word, its tone and icon, and what that means in sentences, said already.

    `word` is English, `kind` the same as a key.
    """

    word: str
    tone: str
    text: str

    @property
    def words(self) -> str:
        return _(self.word)

    @property
    def icon(self) -> str:
        return _ICONS.get(self.word, _OTHERWISE)

    @property
    def kind(self) -> str:
        return self.word.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class EvidencePiece:
    """A piece of evidence as everybody sees it; `shared`: it may be opened."""

    piece: EvidenceShown
    shared: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """A badge that this one is made of, with its own address."""

    name: str
    course: str
    awarded: str
    address: str


@dataclass(frozen=True, slots=True)
class BadgePage:
    """The public page of an award. `signed` is "" while there is no signed form; `newer` the path of a renewed badge.

    `person_id` is whose badge it is; the page shows it to nobody and asks it where a visitor is signed in.
    """

    slug: str
    person_id: str
    holder: str
    banner: Banner
    listed: bool
    achievement: AchievementPage
    achievement_id: str
    chosen: dict[str, str]
    evidence: tuple[EvidencePiece, ...]
    parts: tuple[PartRow, ...]
    credit: str
    completed: str
    holds_until: str
    signed: str
    again: str
    has_token: bool
    has_svg: bool
    checks: tuple[CheckRow, ...]
    checked: str
    newer: str
    issuer_id: str
    key_id: str
    address: str
    picture: str
    picture_pixels: int = PICTURE_PIXELS


def badge_page(record: AwardRecord, settings: Settings, now: datetime) -> BadgePage:
    """The page of an award with the check that the record holds. `now` is the real clock."""
    said, base = read_snapshot(record.snapshot), record.base_url or settings.public_url
    here, address = zone(settings.zone), badge_url(base, record.slug)
    standing = banner(record, said, now)
    return BadgePage(
        slug=record.slug,
        person_id=record.person_id,
        holder=said.holder if record.holder is HolderShown.NAME else initials(said.holder),
        banner=standing,
        listed=record.listed and standing.kind != "revoked",
        achievement=achievement_page(said.achievement, said.institution),
        achievement_id=record.achievement_id,
        chosen={entry.key: entry.reached for entry in said.achievement.rubric if entry.reached},
        evidence=tuple(EvidencePiece(piece, piece.sha256 in record.shared) for piece in said.evidence),
        parts=tuple(map(_part, said.parts)),
        credit=credit_words(said.minutes, said.ceu_tenths),
        completed=_in_zone(said.completed_on, said.zone),
        holds_until=_in_zone(last_day(record.valid_until, said.zone), said.zone) if record.valid_until else "",
        signed=say_instant(record.issued_at, here).words if record.issued_at else "",
        again=_again(record),
        has_token=bool(record.jwt),
        has_svg=bool(record.svg_sha256),
        checks=check_rows(record.check) if record.check else (),
        checked=say_instant(record.check.at, here).words if record.check else "",
        newer=f"/badges/{record.renewal.slug}" if record.renewal and record.renewal.slug else "",
        issuer_id=issuer_profile(settings, base).id,
        key_id=record.key_id,
        address=address,
        picture=f"{address}/badge.png",
    )


def banner(record: AwardRecord, said: AwardSnapshot, now: datetime) -> Banner:
    """How the award stands, what weighs most first: what was signed, then what became of it."""
    if record.issue_id is None:
        text = _("It was awarded a moment ago. Open this page again in a minute.")
        return Banner(N_("Being signed"), "waiting", text)
    verdict = verdict_of(record.check) if record.check else Verdict.VALID
    if record.revoked_at is not None:
        return Banner(*VERDICTS[Verdict.REVOKED], _revoked(record, said.institution, record.revoked_at))
    if verdict not in (Verdict.VALID, Verdict.EXPIRED):
        return Banner(*VERDICTS[verdict], _("The file that is kept here did not pass its checks. Do not rely on it."))
    if has_ended(record.valid_until, now) or verdict is Verdict.EXPIRED:
        return Banner(*VERDICTS[Verdict.EXPIRED], _expired(record, said))
    return _holds(record, said)


def check_rows(check: LastCheck) -> tuple[CheckRow, ...]:
    """The steps of a check that is kept."""
    steps = check.report["checks"]
    return tuple(check_row(step["title"], Outcome(step["outcome"]), say(step["detail"])) for step in steps)


def initials(name: str) -> str:
    """Such as "A. O.": the first and the last word of a name."""
    words = name.split()
    letters = [word[0].upper() for word in (words if len(words) < 2 else (words[0], words[-1]))]
    return " ".join(f"{letter}." for letter in letters) or "?"


def last_day(valid_until: datetime, zone_name: str) -> date:
    """The last day on which a badge holds: an end at midnight belongs to the day before."""
    return (valid_until - timedelta(seconds=1)).astimezone(zone(zone_name)).date()


def _revoked(record: AwardRecord, institution: str, at: datetime) -> str:
    day, why = say_date(at.date()), record.revoked_why.rstrip(".")
    if not why:
        return _(
            "{institution} revoked this badge on {day} (UTC). Do not rely on it.", institution=institution, day=day
        )
    return _(
        "{institution} revoked this badge on {day} (UTC). Reason: {why}. Do not rely on it.",
        institution=institution,
        day=day,
        why=why,
    )


def _expired(record: AwardRecord, said: AwardSnapshot) -> str:
    end = record.valid_until
    until = _("It held until {when}.", when=say_date(last_day(end, said.zone))) if end else _("Its time has passed.")
    then = _("What it says was true then; it makes no claim about today.")
    newer = _renewed(record.renewal.at, said.zone) if record.renewal else ""
    return " ".join(filter(None, (until, then, newer)))


def _holds(record: AwardRecord, said: AwardSnapshot) -> Banner:
    if record.renewal is not None:
        return Banner(*VERDICTS[Verdict.SUPERSEDED], _renewed(record.renewal.at, said.zone))
    if record.check is None:
        text = _("It was not revoked. The signed file is checked when its page is next opened.")
        return Banner(N_("Signed"), "good", text)
    text = _(
        "{institution} signed it, nothing in it was changed, and it was not revoked.", institution=said.institution
    )
    return Banner(*VERDICTS[Verdict.VALID], text)


def _renewed(at: datetime, zone_name: str) -> str:
    day = say_date(at.astimezone(zone(zone_name)).date())
    return _(
        "Its holder earned it anew on {day}: the newer badge stands in its place. This one was not revoked.", day=day
    )


def _again(record: AwardRecord) -> str:
    """Why another form is being signed, "" when none is."""
    if record.issue_id is None or not record.being_signed or record.revoked_at is not None:
        return ""
    return _(
        "A newer form of this badge is being signed and will be here in a minute. Until then this is the one before."
    )


def _in_zone(day: date, zone_name: str) -> str:
    return _("{date} ({zone})", date=say_date(day), zone=zone_name)


def _part(part: PartShown) -> PartRow:
    return PartRow(part.name, part.course, say_date(part.awarded_on), part.address)
