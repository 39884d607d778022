"""The badge's part of a course package: its icon, how long it holds, and a picture that its author brought."""

import hashlib

from assessments.badges.models import OwnPicture
from assessments.badges.picture import can_be_set
from assessments.badges.picture.icons import ICONS
from assessments.badges.picture.own import Own, read_own
from courses.packages.models import ParsedAchievement, Problem, Severity
from courses.packages.suggestions import did_you_mean
from fourweek.language import _
from fourweek.language.lists import any_of
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class ParsedBadge:
    """`own` is the author's picture in both forms, None where it is drawn. It holds for `valid_months`, 0 for ever."""

    icon: str
    valid_months: int
    own: Own | None = None

    @property
    def kind(self) -> OwnPicture:
        return self.own.kind if self.own else OwnPicture.DRAWN

    @property
    def files(self) -> tuple[bytes, ...]:
        """What the store must hold before the badge is published."""
        return (self.own.png, self.own.svg) if self.own else ()

    @property
    def digests(self) -> tuple[str, str]:
        """SHA-256 of the author's PNG and SVG, "" where the picture is drawn when it is first needed."""
        if self.own is None:
            return "", ""
        return hashlib.sha256(self.own.png).hexdigest(), hashlib.sha256(self.own.svg).hexdigest()


def read_badge(said: ParsedAchievement) -> tuple[ParsedBadge, tuple[Problem, ...]]:
    """The badge of a package and everything wrong with it. Reads and cleans the picture: not on the loop."""
    problems = [*_icon_problems(said)]
    if said.picture is None:
        return ParsedBadge(said.icon, said.valid_months), (*problems, *_title_problems(said))
    own = read_own(said.picture.path, said.picture.read())
    problems += [Problem(said.picture.path, fault.line, fault.message) for fault in own.faults]
    problems += [Problem(said.picture.path, note.line, note.message, Severity.WARNING) for note in own.notes]
    return ParsedBadge(said.icon, said.valid_months, None if own.faults else own), tuple(problems)


def _icon_problems(said: ParsedAchievement) -> list[Problem]:
    if not said.icon or said.icon in ICONS:
        return []
    words = _('"{name}" is not one of {names}.', name=said.icon, names=any_of(ICONS)) + did_you_mean(said.icon, ICONS)
    return [_problem(said, "icon", words, Severity.ERROR)]


def _title_problems(said: ParsedAchievement) -> list[Problem]:
    if not said.name or can_be_set(said.name):
        return []
    words = _(
        "The badge’s picture is drawn with Latin, Greek and Cyrillic letters; this name will not stand on it, only "
        "beside it. Bring a picture of your own if it should."
    )
    return [_problem(said, "name", words, Severity.WARNING)]


def _problem(said: ParsedAchievement, key: str, words: str, severity: Severity) -> Problem:
    return Problem(said.file, said.lines.line((*said.path, key)), words, severity)
