"""What a learner chooses for a document besides its lines: the sheet, and which licences stand on it."""

from collections.abc import Iterable

from sqlalchemy import Connection

from assessments.licences.pages import masked
from assessments.licences.queries import licences_of
from assessments.names.queries import names_of
from courses.jurisdictions import say_jurisdiction
from fourweek.language import _
from fourweek.settings import PaperSize, Settings


def licence_choices(conn: Connection, person_id: str) -> tuple[tuple[str, str], ...]:
    """(id, words) of each licence of the person; the number is masked but for its end. One statement."""
    return tuple(
        (
            row.id,
            _(
                "{profession}, {place}, licence {number}",
                profession=row.profession,
                place=say_jurisdiction(row.jurisdiction),
                number=masked(row.number),
            ),
        )
        for row in licences_of(conn, person_id)
    )


def former_names(conn: Connection, person_id: str) -> tuple[str, ...]:
    """Names that the person had before and that are not suppressed. One statement."""
    return tuple(one.name for one in names_of(conn, person_id))


def chosen_licences(ticked: Iterable[object]) -> tuple[str, ...]:
    """Ids in one order, so that the same choice is the same document; ids of others' licences choose nothing."""
    return tuple(sorted({str(one)[:26] for one in ticked if isinstance(one, str)}))[:50]


def chosen_paper(typed: str, settings: Settings) -> PaperSize:
    """The sheet, the institution's own unless another one was chosen."""
    return PaperSize(typed) if typed in set(PaperSize) else settings.paper
