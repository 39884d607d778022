"""The page on which a learner chooses what a certificate is of."""

from sqlalchemy import Connection

from assessments.certificates.choices import former_names, licence_choices
from assessments.transcripts.choosing import PAPERS
from assessments.transcripts.record import record_of
from assessments.transcripts.scope import Scope, module_key
from courses.schedule.words import say_day
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.settings import Settings

WHOLE_COURSE = "course"


@dataclass(frozen=True, slots=True)
class CertificateForm:
    """What was chosen. `part` is the whole course or the key of a module."""

    part: str = WHOLE_COURSE
    licences: tuple[str, ...] = ()
    hide_names: bool = False
    paper: str = ""

    def scope(self, course: str) -> Scope:
        """The part of the record that was chosen."""
        return Scope(courses=(course,), module="" if self.part == WHOLE_COURSE else self.part)


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """`parts` are (value, words, hint): the whole course, then each module with credit."""

    course_code: str
    course_title: str
    parts: tuple[tuple[str, str, str], ...]
    licences: tuple[tuple[str, str], ...]
    former: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]
    form: CertificateForm
    problem: str = ""


def certificate_page(conn: Connection, visitor: Visitor, course: str, settings: Settings) -> CertificatePage:
    """What there can be a certificate of in a course of the visitor's record. Three statements.

    Raises NotFound for a course without credit.
    """
    found = record_of(conn, visitor.me.id, settings.public_url, Scope(courses=(course,)))
    lines = [line for line in found.lines if line.status.counts]
    if not lines:
        raise NotFound
    modules = {
        module_key(line): (
            _("Module {number}: {title}", number=line.module_number, title=line.module_title),
            _("Completed on {day}", day=say_day(line.completed_on)),
        )
        for line in sorted(lines, key=lambda line: (line.module_number, line.completed_on))
    }
    whole = (WHOLE_COURSE, _("The course"), _("All modules that you have credit for, on one page"))
    return CertificatePage(
        course_code=course,
        course_title=lines[-1].course_title,
        parts=(whole, *((key, *words) for key, words in modules.items())),
        licences=licence_choices(conn, visitor.me.id),
        former=former_names(conn, visitor.me.id),
        papers=tuple((size, _(words)) for size, words in PAPERS),
        form=CertificateForm(paper=settings.paper.value),
    )
