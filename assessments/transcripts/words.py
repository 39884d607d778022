"""The words for the facts of a line, as every kind of document says them. Pure."""

import re
from collections.abc import Iterable, Sequence

from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.pieces import LicenceShown
from assessments.transcripts.sums import minutes_by_category
from assessments.transcripts.view import say_category, say_day
from courses.jurisdictions import say_jurisdiction

MODES = {
    "self_paced": "self-paced online",
    "live_online": "live online",
    "in_person": "in person",
    "blended": "blended, online and in person",
}


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def say_mode(line: TranscriptLine) -> str:
    """How it was taught: as boards tell modes apart, and in the cohort's own words where they say more."""
    mode = MODES.get(line.mode, "")
    if _words(mode) <= _words(line.delivery):
        return line.delivery
    return f"{mode} ({line.delivery})" if line.delivery else mode


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.casefold()))


def say_place(line: TranscriptLine) -> str:
    """Where it was; online has no other place."""
    return line.place or ("online" if line.mode in {"self_paced", "live_online"} else "")


def say_instructors(lines: Iterable[TranscriptLine]) -> str:
    """Everybody who taught, each with what makes them fit to."""
    people = dict.fromkeys(one for line in lines for one in line.instructors)
    return "; ".join(", ".join(part for part in (one.name, one.credential) if part) for one in people)


def say_identity(line: TranscriptLine) -> str:
    """Such as "Identity confirmed on 3 November 2026, identity document seen in person"; "" without a check."""
    one = line.identity
    return f"Identity {one.result} on {say_day(one.checked_on)}, {one.method}" if one else ""


def say_licence(licence: LicenceShown) -> str:
    """Such as "Professional engineer, New York, licence 012345 (as stated by the learner)"."""
    source = f"checked on {say_day(licence.checked_on)}" if licence.checked_on else "as stated by the learner"
    named = ", ".join(part for part in (licence.profession, say_jurisdiction(licence.jurisdiction)) if part)
    return f"{named}, licence {licence.number} ({source})"


def say_approvals(line: TranscriptLine) -> str:
    """Such as "Example Board EX-2210, course no. 77"; several by semicolons."""
    return "; ".join(
        f"{one.body} {one.number}" + (f", course no. {one.course_number}" if one.course_number else "")
        for one in line.approvals
    )


def say_subjects(line: TranscriptLine) -> list[str]:
    """The categories of a line: one by its name, several each with their minutes."""
    parts: Sequence[tuple[str, int]] = minutes_by_category(line)
    if len(parts) == 1:
        return [say_category(parts[0][0])]
    return [f"{say_category(category)} {minutes}" for category, minutes in parts]
