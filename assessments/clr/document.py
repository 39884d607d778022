"""From a snapshot and signed badges to a ClrCredential without its proof. Pure: the same values give the same document.

The model states credit only in an AchievementCredential. So each course is one beside the badges, signed like them and
worth `creditsEarned` CEU; every other figure is a result whose description names its unit, written from integers.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time
from typing import Any, Final

from assessments.badges.contexts import CREDENTIALS_V2, LEARNER_RECORDS, OPEN_BADGES, OPEN_BADGES_EXTENSIONS
from assessments.badges.document import SCHEMA, ceu_number, filled, profile_object
from assessments.badges.facts import IssuerProfile
from assessments.badges.identity import identity_object, normalise_email
from assessments.badges.plain import clean_text
from assessments.badges.times import zulu
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.sums import subtotal
from assessments.transcripts.view import by_course, say_day
from courses.schedule.zones import zone
from fourweek.light import dataclass

CLR_SCHEMA: Final = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
Credential = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose record it is, beyond the name in the snapshot: the addresses it is made out to, hashed with `salt`."""

    emails: tuple[str, ...] = field(repr=False)
    salt: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBadge:
    """A badge as it was signed, and the code of its course, "" for that of a series."""

    credential: Mapping[str, Any]
    course_code: str = ""


def course_credentials(snapshot: TranscriptSnapshot, issuer: IssuerProfile, holder: Holder) -> list[Credential]:
    """One unsigned AchievementCredential for each course with lines that count, in the order of the snapshot."""
    counted = [line for line in snapshot.lines if line.status.counts]
    return [_course(snapshot, issuer, holder, lines) for lines in by_course(counted)]


def build_record(
    snapshot: TranscriptSnapshot,
    issuer: IssuerProfile,
    holder: Holder,
    inside: Sequence[Mapping[str, Any]],
    badges: Sequence[HeldBadge],
    *,
    partial: bool,
) -> Credential:
    """The record, ready to be signed. `inside` are the signed credentials of the courses; the badges come after them.

    `partial`: it leaves out something that we know of the learner.
    """
    document = snapshot.document
    record = filled(
        {
            "@context": [CREDENTIALS_V2, LEARNER_RECORDS, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
            "id": document.verify_url,
            "type": ["VerifiableCredential", "ClrCredential"],
            "name": f"Record of continuing education {document.number}",
            "description": f"Badges and credit of {clean_text(snapshot.learner.legal_name)} as of "
            f"{say_day(snapshot.as_of)}. Licensing boards decide what they accept.",
            "issuer": profile_object(issuer),
            "validFrom": zulu(snapshot.issued_at),
            "credentialSubject": filled(
                {
                    "id": _own_name(document.verify_url, "learner"),
                    "type": ["ClrSubject"],
                    "identifier": [*_identity(holder), _named("name", snapshot.learner.legal_name)],
                    "verifiableCredential": [*inside, *(badge.credential for badge in badges)],
                    "association": list(_associations(snapshot, issuer, badges)),
                }
            ),
            "credentialSchema": [{"id": CLR_SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        }
    )
    return record | ({"partial": True} if partial else {})


def _course(
    snapshot: TranscriptSnapshot, issuer: IssuerProfile, holder: Holder, lines: Sequence[TranscriptLine]
) -> Credential:
    first, whole = lines[0], subtotal("course", lines)
    address = f"{snapshot.document.verify_url}#{first.course_code}"
    figures = list(_figures(lines))
    achievement = _achievement_id(issuer, first)
    names = [f"{achievement}/{key}" for key, _, _ in figures]
    return filled(
        {
            "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
            "id": address,
            "type": ["VerifiableCredential", "AchievementCredential"],
            "name": f"Credit: {clean_text(first.course_title)}",
            "description": f"{whole.contact_hours} contact hours, {whole.ceu} CEU, as recorded in the ledger.",
            "issuer": profile_object(issuer),
            "validFrom": zulu(snapshot.issued_at),
            "credentialSubject": filled(
                {
                    "id": _own_name(snapshot.document.verify_url, first.course_code),
                    "type": ["AchievementSubject"],
                    "identifier": _identity(holder),
                    "activityStartDate": min(_midnight(line, line.began_on) for line in lines).isoformat(),
                    "activityEndDate": max(_midnight(line) for line in lines).isoformat(),
                    "creditsEarned": ceu_number(whole.ceu_tenths) if whole.ceu_tenths else "",
                    "achievement": {
                        "id": achievement,
                        "type": ["Achievement"],
                        "achievementType": "Course",
                        "name": clean_text(first.course_title),
                        "description": f"The course {first.course_code}, version {first.course_version}.",
                        "criteria": {"narrative": _criteria(lines)},
                        "version": first.course_version,
                        "resultDescription": [
                            {"id": name, "type": ["ResultDescription"], "name": title, "resultType": "Result"}
                            for name, (_, title, _) in zip(names, figures, strict=True)
                        ],
                    },
                    "result": [
                        {"type": ["Result"], "resultDescription": name, "value": value}
                        for name, (_, _, value) in zip(names, figures, strict=True)
                    ],
                }
            ),
            "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        }
    )


def _criteria(lines: Sequence[TranscriptLine]) -> str:
    methods = dict.fromkeys(clean_text(line.assessment_method) for line in lines)
    rules = dict.fromkeys(line.rule_id for line in lines)
    return f"{'. '.join(methods)}. The unit of creditsEarned is the CEU (10 contact hours), by rule {', '.join(rules)}."


def _figures(lines: Sequence[TranscriptLine]) -> Iterator[tuple[str, str, str]]:
    """(key, what it is, its value) of everything that is counted: the course as a whole, then each module."""
    whole = subtotal("course", lines)
    yield "minutes", "Counted minutes", str(whole.counted_minutes)
    yield "ceu", "Continuing education units (CEU)", whole.ceu
    for credit in whole.credits:
        yield f"credit-{_key(credit.credit_type)}", credit.credit_type, credit.amount
    for line in lines:
        what = f"Module {line.module_number}, {clean_text(line.module_title)}, completed on {line.completed_on}"
        yield f"module-{line.module_number}", what, f"{line.counted_minutes} counted minutes, {line.ceu} CEU"


def _associations(
    snapshot: TranscriptSnapshot, issuer: IssuerProfile, badges: Sequence[HeldBadge]
) -> Iterator[dict[str, str]]:
    """Which badge belongs to which course."""
    counted = [line for line in snapshot.lines if line.status.counts]
    courses = {lines[0].course_code: _achievement_id(issuer, lines[0]) for lines in by_course(counted)}
    for badge in badges:
        if badge.course_code in courses:
            yield {
                "type": "Association",
                "associationType": "isRelatedTo",
                "sourceId": courses[badge.course_code],
                "targetId": badge.credential["credentialSubject"]["achievement"]["id"],
            }


def _midnight(line: TranscriptLine, day: date | None = None) -> datetime:
    """The beginning of a day in the line's zone, that of its completion if none is given: the model wants instants."""
    return datetime.combine(day or line.completed_on, time(), zone(line.zone))


def _achievement_id(issuer: IssuerProfile, line: TranscriptLine) -> str:
    return f"{issuer.url}/courses/{line.course_code}#version-{line.course_version}"


def _own_name(address: str, part: str) -> str:
    """A subject's own identifier, the same whenever the same document is made again."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{address}#{part}").urn


def _identity(holder: Holder) -> list[dict[str, Any]]:
    addresses = dict.fromkeys(filter(None, map(normalise_email, holder.emails)))
    return [identity_object(address, holder.salt) for address in addresses]


def _named(kind: str, text: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "hashed": False, "identityHash": clean_text(text), "identityType": kind}


def _key(credit_type: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in credit_type.lower()).split())
