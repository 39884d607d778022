"""The series of the demonstration: its courses, one after the other."""

from datetime import datetime

from courses.series.forms import SeriesForm
from courses.series.rules import Move
from courses.series.service import create_series, order_courses, publish_series
from courses.typed_markdown import to_html
from fourweek.cli.seed.stage import Stage

WORDS = SeriesForm(
    code="trusted-operations",
    title="Trusted Operations",
    summary="Run a service that keeps its promises, and write so that others can run it too.",
    body="Begin with whichever you like. **The two long courses** take eight weeks of evenings, the drill one.",
)


def write_series(courses: tuple[str, ...], author: str, stage: Stage, at: datetime) -> None:
    """An author puts courses into an order, and everybody may see it."""
    me, db = stage.visitor(author, at), stage.house.db
    db.write_now(create_series, me, WORDS, to_html(WORDS.body))
    for code in courses:
        db.write_now(order_courses, me, WORDS.code, code, Move.ADD)
    db.write_now(publish_series, me, WORDS.code, public=True)
