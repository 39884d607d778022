"""Taking in a package, publishing it, dropping it."""

from sqlalchemy import Connection, delete, select, update

from courses.catalogue.drafts.queries import DRAFT, my_draft, not_theirs
from courses.catalogue.models import PackageDraft
from courses.catalogue.publish import Published, keep_version
from courses.coursework import Coursework, PreparedWork
from courses.packages import ParsedCourse
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Conflict, Forbidden
from fourweek.language import _
from fourweek.storage import Kept


def add_draft(conn: Connection, visitor: Visitor, file_name: str, kept: Kept) -> str:
    """A draft for a package that is in the store; the same one again while it waits to be published. Returns its id."""
    me = visitor.need_anywhere(Permission.PUBLISH_COURSE)
    waiting = select(DRAFT.c.id).where(
        DRAFT.c.author_id == me.id, DRAFT.c.sha256 == kept.sha256, DRAFT.c.published_version_id.is_(None)
    )
    known: str | None = conn.execute(waiting.limit(1)).scalar()
    if known is not None:
        return known
    row = PackageDraft(
        id=new_id(),
        author_id=me.id,
        file_name=file_name,
        sha256=kept.sha256,
        size=kept.size,
        uploaded_at=visitor.now.school,
    )
    add(conn, row)
    detail = {"file_name": file_name, "sha256": kept.sha256}
    record(conn, "package.upload", "package_draft", row.id, at=visitor.now.real, actor_id=me.id, detail=detail)
    return row.id


def publish_draft(
    conn: Connection,
    visitor: Visitor,
    draft_id: str,
    course: ParsedCourse,
    work: PreparedWork,
    *,
    coursework: Coursework,
) -> Published:
    """Publish what a draft's package says, its files being in the store. Safe to do twice.

    Raises VersionRefused, and Forbidden for a course that the visitor does not write.
    """
    lock(conn, DRAFT, draft_id)
    my_draft(conn, visitor, draft_id)
    if obstacle := not_theirs(conn, visitor, course.code):
        raise Forbidden(obstacle)
    done = keep_version(conn, course, work, coursework=coursework, author_id=visitor.me.id, now=visitor.now)
    conn.execute(update(DRAFT).where(DRAFT.c.id == draft_id).values(published_version_id=done.version_id))
    return done


def drop_draft(conn: Connection, visitor: Visitor, draft_id: str) -> None:
    """Forget a draft. Raises Conflict for one that was published: it says where a version came from."""
    lock(conn, DRAFT, draft_id)
    draft = my_draft(conn, visitor, draft_id)
    if draft.published_code is not None:
        raise Conflict(_("This package was published; it stays with its version."))
    conn.execute(delete(DRAFT).where(DRAFT.c.id == draft_id))
    detail = {"file_name": draft.file_name, "sha256": draft.sha256}
    me = visitor.me.id
    record(conn, "package.drop", "package_draft", draft_id, at=visitor.now.real, actor_id=me, detail=detail)
