"""A request to check something, read from its body; and the answer as programs get it."""

from dataclasses import asdict
from typing import Final

from pydantic import ValidationError

from assessments.api.errors import UnknownMediaType
from assessments.api.shapes import CheckResult, DocumentLine, Fact, VerifyAnswer, VerifyRequest
from assessments.badges.plain import UnreadableError, read_json
from assessments.verify.judging import NOTHING_ASKED, Asked
from assessments.verify.looking import Given, Kind, given_content, given_file, given_text
from assessments.verify.pages import Answer
from fourweek.errors import Invalid
from fourweek.settings import Settings

JSON: Final = "application/json"
FILES: Final = (
    "application/vc+ld+json",
    "application/vc",
    "application/ld+json",
    "application/vc+jwt",
    "application/jwt",
    "image/png",
    "image/svg+xml",
    "application/pdf",
    "text/csv",
    "text/plain",
    "application/octet-stream",
)
"""Bodies that are the file itself, which is known by its contents."""


def refuse_other_media(content_type: str) -> None:
    """Raises UnknownMediaType. Asked before a body is read: those of other kinds may be larger than a memory."""
    if _kind(content_type) not in (JSON, *FILES):
        raise UnknownMediaType


def read_request(data: bytes, content_type: str) -> tuple[Given, Asked]:
    """What is to be checked, and what is asked beside. Not on the loop.

    Raises Invalid with what is wrong, UnknownMediaType.
    """
    refuse_other_media(content_type)
    if _kind(content_type) in FILES:
        return _sound(given_file(data)), NOTHING_ASKED
    try:
        asked = VerifyRequest.model_validate(read_json(data))
    except UnreadableError as error:
        raise Invalid({"": str(error)}) from None
    except ValidationError as error:
        raise Invalid({".".join(map(str, flaw["loc"])): flaw["msg"] for flaw in error.errors()}) from None
    given = given_text(asked.badge) if isinstance(asked.badge, str) else given_content(asked.badge)
    return _sound(given), Asked(asked.email.strip(), asked.last_name.strip())


def answer_shape(answer: Answer, settings: Settings) -> VerifyAnswer:
    return VerifyAnswer(
        verdict=answer.verdict,
        title=answer.words,
        sentence=answer.sentence,
        facts=[Fact(name=name, value=value) for name, value in answer.facts],
        lines=[DocumentLine(course=one.title, **asdict(line)) for one in answer.courses for line in one.lines],
        checks=[
            CheckResult(step=check.step, title=check.title, outcome=check.outcome, detail=check.detail)
            for check in answer.checks
        ],
        badge=f"{settings.public_url}/badges/{answer.badge}" if answer.badge else None,
        issued_to=answer.earned,
        issuer=answer.issuer or None,
        ours=answer.ours,
    )


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _sound(given: Given) -> Given:
    if given.kind is Kind.NOTHING:
        raise Invalid({"badge": given.why})
    return given
