"""What the pages of authors show."""

from dataclasses import field

from courses.catalogue.categories import say_category
from courses.catalogue.drafts.reading import Reading
from courses.catalogue.rules import say_months
from courses.coursework import CheckPreview, PublicAssignment, RubricOutlook
from courses.packages import Problem, Severity
from courses.packages.archives import MANIFEST
from courses.packages.models import ActivityKind, ParsedActivity, ParsedCourse, ParsedLesson, ParsedModule
from courses.paging import Pager
from courses.schedule.words import Said, say_minutes
from fourweek.language import _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A package of the author. `published` is such as "pump-care 1.2", empty while it is not."""

    id: str
    file_name: str
    size: str
    uploaded: Said
    published: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    code: str
    title: str
    version: str
    published: Said
    author: str
    current: bool


@dataclass(frozen=True, slots=True)
class AuthoringPage:
    drafts: tuple[DraftLine, ...]
    drafts_pager: Pager
    versions: tuple[VersionLine, ...]
    versions_pager: Pager


@dataclass(frozen=True, slots=True)
class UploadPage:
    """`problems` of a package that could not be read at all; `error` stands beside the field."""

    limit: str
    error: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """The row of a draft; `published_code` names its course once it is published."""

    id: str
    file_name: str
    sha256: str
    size: str
    uploaded: Said
    published_code: str | None


@dataclass(frozen=True, slots=True)
class DraftModule:
    number: int
    title: str
    summary: str
    time: str
    activities: tuple[tuple[str, str, str, str, str], ...]
    lessons: tuple[ParsedLesson, ...]
    assignments: tuple[PublicAssignment, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would come of publishing: `obstacle` says why it would be refused, `rubrics` are those that it changes.

    `credit` is what the course would give, in words, by the rules of today.
    """

    obstacle: str = ""
    rubrics: tuple[RubricOutlook, ...] = ()
    credit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with everything wrong with it, and what it would become.

    `refusal` says why publishing was refused, `obstacle` why it would be. `has_picture`: nothing forbids the badge's.
    """

    draft: DraftFacts
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    hidden: int
    publishable: bool
    course: ParsedCourse | None
    time: str
    credit: str
    holds: str
    has_picture: bool
    modules: tuple[DraftModule, ...]
    refusal: str = ""
    obstacle: str = ""
    outlook: tuple[RubricOutlook, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One page of a draft as learners will see its body; `before` and `after` are (title, address) or None."""

    draft_id: str
    course_title: str
    kicker: str
    title: str
    html: str
    language: str
    before: tuple[str, str] | None = None
    after: tuple[str, str] | None = None
    attribution_html: str = ""
    assignments: tuple[PublicAssignment, ...] = field(default=())
    checks: tuple[CheckPreview, ...] = field(default=())


NOTHING_SEEN = Outlook()


def draft_page(draft: DraftFacts, reading: Reading, refusal: str = "", outlook: Outlook = NOTHING_SEEN) -> DraftPage:
    errors = tuple(one for one in reading.problems if one.severity is Severity.ERROR)
    warnings = tuple(one for one in reading.problems if one.severity is Severity.WARNING)
    course = reading.course
    return DraftPage(
        draft=draft,
        errors=errors[:MOST_PROBLEMS],
        warnings=warnings[:MOST_PROBLEMS],
        hidden=max(0, len(errors) - MOST_PROBLEMS) + max(0, len(warnings) - MOST_PROBLEMS),
        publishable=reading.publishable,
        course=course,
        time=say_minutes(course.counted_minutes) if course else "",
        credit=in_a_row(outlook.credit),
        has_picture=_has_picture(course, errors),
        holds=_holds(course.achievement.valid_months) if course else "",
        modules=tuple(_module(one, reading) for one in course.modules) if course else (),
        refusal=refusal,
        obstacle=outlook.obstacle,
        outlook=outlook.rubrics,
    )


def _has_picture(course: ParsedCourse | None, errors: tuple[Problem, ...]) -> bool:
    if course is None or any(one.file == MANIFEST for one in errors):
        return False
    own = course.achievement.picture
    return own is None or all(one.file != own.path for one in errors)


def _holds(months: int) -> str:
    return _("For {months}", months=say_months(months)) if months else _("For ever")


def _kind(kind: ActivityKind) -> str:
    return kind.value.replace("-", " ")


def _subject(part: ParsedActivity, course: ParsedCourse | None) -> str:
    return say_category(part.category or (course.credit.category if course else ""))


def _counted(part: ParsedActivity) -> str:
    """Whether it counts, and how its time is known."""
    pilot = part.pilot
    known = (
        _(
            ", pilot of {learners}: {median_minutes} minutes",
            learners=pilot.learners,
            median_minutes=pilot.median_minutes,
        )
        if pilot
        else ""
    )
    return ("yes" if part.countable else "no") + known


def _module(one: ParsedModule, reading: Reading) -> DraftModule:
    return DraftModule(
        number=one.number,
        title=one.title,
        summary=one.summary,
        time=say_minutes(one.counted_minutes),
        activities=tuple(
            (part.title, _kind(part.kind), _subject(part, reading.course), _counted(part), str(part.minutes))
            for part in one.activities
        ),
        lessons=one.lessons,
        assignments=tuple(asked for asked in reading.assignments if asked.module_number == one.number),
    )
