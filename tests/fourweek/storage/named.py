"""Rows that name files, for the tests of those who look after the store."""

from datetime import datetime

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence
from courses.catalogue.models import PackageDraft
from fourweek.database import add, new_id
from fourweek.storage import Kept
from tests import factories as make


def by_draft(conn: Connection, *kept: Kept, at: datetime = make.START) -> list[str]:
    """A package in the hands of its author for each file; returns their ids."""
    author = make.person(conn)
    rows = [
        PackageDraft(id=new_id(), author_id=author, file_name="a.zip", sha256=one.sha256, size=one.size, uploaded_at=at)
        for one in kept
    ]
    add(conn, *rows)
    return [row.id for row in rows]


def by_evidence(conn: Connection, kept: Kept) -> str:
    """A file handed in; returns the id of its row."""
    made = make.course(conn)
    row = Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=made.files[0],
        position=0,
        kind=RequirementKind.FILES,
        file_name="a.pdf",
        size=kept.size,
        sha256=kept.sha256,
        saved_at=make.START,
    )
    make.submission(conn, made, make.enrol(conn, make.cohort(conn, made), make.person(conn)), more=(row,))
    return row.id
