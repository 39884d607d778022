"""What a list of attendance changes, and what stands against it. Pure."""

from collections.abc import Iterable, Mapping

from courses.live.models import Presence
from courses.live.rules import Attended
from courses.live.words import PRESENCES
from fourweek.language import _, n_
from fourweek.light import dataclass

LONGEST_REASON = 500
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's row as it came in. `was` is what its sender saw recorded ("" nothing), None where that is not asked;
    `presence` None: nothing chosen."""

    enrolment_id: str
    presence: Presence | None
    reason: str = ""
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be recorded of one person; `before` None for the first time."""

    enrolment_id: str
    before: Presence | None
    presence: Presence
    reason: str


def changes(
    entries: Iterable[Entry], stored: Mapping[str, Attended | None], *, rest_absent: bool = False
) -> tuple[list[Change], dict[str, str]]:
    """What these entries change, and what is wrong by enrolment. Those who are not in `stored` are left out.

    With `rest_absent`, whoever has neither a choice nor a record is absent.
    """
    found: list[Change] = []
    problems: dict[str, str] = {}
    for entry in entries:
        if entry.enrolment_id not in stored:
            continue
        before = stored[entry.enrolment_id]
        chosen = entry.presence or (Presence.ABSENT if rest_absent and before is None else None)
        if chosen is None or _is_untouched(chosen, entry) or _is_same(chosen, entry.reason, before):
            continue
        if wrong := _problem(entry, chosen, before):
            problems[entry.enrolment_id] = wrong
        else:
            found.append(Change(entry.enrolment_id, before.presence if before else None, chosen, entry.reason))
    return found, problems


def _is_untouched(chosen: Presence, entry: Entry) -> bool:
    """Sent back as it was seen: whatever somebody else recorded meanwhile stays."""
    return chosen.value == entry.was and not entry.reason


def _is_same(chosen: Presence, reason: str, before: Attended | None) -> bool:
    return before is not None and chosen is before.presence and reason in (NOTHING, before.reason)


def _problem(entry: Entry, chosen: Presence, before: Attended | None) -> str:
    now = before.presence.value if before else NOTHING
    if entry.was not in (None, now):
        return _say_meanwhile(before)
    if len(entry.reason) > LONGEST_REASON:
        return n_(
            "The reason has {count} character; at most {most} are kept.",
            "The reason has {count} characters; at most {most} are kept.",
            len(entry.reason),
            most=LONGEST_REASON,
        )
    if chosen is Presence.MADE_UP and not entry.reason:
        return _("Say how it was made up.")
    if before is not None and not entry.reason:
        return _("“{presence}” is recorded. Say why that changes.", presence=_(PRESENCES[before.presence]))
    return ""


def _say_meanwhile(before: Attended | None) -> str:
    if before is None:
        return _("Nothing is recorded any more. Look at it, then save once more to change it.")
    presence = _(PRESENCES[before.presence])
    return _(
        "Somebody else recorded “{presence}” meanwhile. Look at it, then save once more to change it.",
        presence=presence,
    )
