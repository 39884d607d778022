"""What a learner chooses for a document: which part of the record, and what is shown with it."""

from collections.abc import Collection
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Final

from assessments.transcripts.scope import Options, Scope
from courses.cohorts.fields import Typed
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import PaperSize


class What(StrEnum):
    """The whole record, some courses of it, or what was completed within a period."""

    WHOLE = "whole"
    COURSES = "courses"
    PERIOD = "period"


WHATS: Final = (
    (What.WHOLE, N_("The whole record"), N_("Every course. What boards and employers usually want.")),
    (What.COURSES, N_("Some courses"), N_("Those that you tick below.")),
    (What.PERIOD, N_("A period"), N_("What was completed within the days below, such as a renewal window.")),
)
PAPERS: Final = ((PaperSize.LETTER, "US Letter"), (PaperSize.A4, "A4"))


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """The form of a document as it was typed. `problems` are what is wrong, by field."""

    what: str = What.WHOLE
    courses: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    licences: tuple[str, ...] = ()
    stated: bool = False
    hide_names: bool = False
    paper: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the control, what is wrong) for the summary above the form."""
        return [(f"field-{name}", words) for name, words in self.problems.items()]

    @property
    def is_plain(self) -> bool:
        """Whether nothing was chosen, so that the choices may stay folded."""
        chosen = (self.courses, self.since, self.until, self.licences, self.stated, self.hide_names, self.problems)
        return self.what == What.WHOLE and not any(chosen)


def read_choice(form: DocumentForm, paper: PaperSize) -> tuple[Scope, Options]:
    """What the form asks for; `paper` is the sheet where none was chosen. Raises Invalid, by field.

    Courses and licences that are not the learner's are no error here: nothing is found under them.
    """
    typed = Typed({"what": form.what or What.WHOLE, "since": form.since, "until": form.until})
    what = typed.choice("what", What)
    scope = Scope()
    if what is What.COURSES:
        scope = Scope(courses=_some(form.courses, typed))
    if what is What.PERIOD:
        scope = _period(typed)
    sheet = form.paper or paper.value
    if sheet not in set(PaperSize):
        typed.errors["paper"] = _("Choose one of these.")
    if typed.errors:
        raise Invalid(typed.errors)
    licences = tuple(sorted(set(form.licences)))
    return scope, Options(paper=PaperSize(sheet), licences=licences, stated=form.stated, names=not form.hide_names)


def _some(courses: Collection[str], typed: Typed) -> tuple[str, ...]:
    if not courses:
        typed.errors["courses"] = _("Tick at least one course.")
    return tuple(sorted(set(courses)))


def _period(typed: Typed) -> Scope:
    since = typed.day("since", _("The first day"), required=False)
    until = typed.day("until", _("The last day"), required=False)
    if since is None and until is None and not typed.errors:
        typed.errors["since"] = _("Give the first day, the last, or both.")
    elif _turned(since, until):
        typed.errors["until"] = _("The last day is before the first.")
    return Scope(since=since, until=until)


def _turned(since: date | None, until: date | None) -> bool:
    return since is not None and until is not None and until < since
