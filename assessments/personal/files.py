"""The files of the store that are a person's own: evidence, papers, documents, badges."""

from typing import Any, Final

from sqlalchemy import Connection, String, Table, literal, select, union_all

from assessments.assignments.models import RequirementKind
from assessments.personal.parts import BATCH, MINE, About, T
from fourweek.light import dataclass
from fourweek.scanning.gate import verdict_of
from fourweek.scanning.models import ScanState


@dataclass(frozen=True, slots=True)
class HeldFile:
    """`folder` says what it is; `id` of its row keeps names apart."""

    folder: str
    id: str
    name: str
    sha256: str
    verdict: ScanState | None = None


DOCUMENTS: Final = (("pdf", "pdf_sha256"), ("csv", "csv_sha256"), ("json", "json_sha256"), ("jwt", "jwt_sha256"))
BADGES: Final = (("png", "picture_sha256"), ("svg", "svg_sha256"))


def files_of(conn: Connection, about: About, number: int) -> list[HeldFile]:
    """The `number`th batch of their files; one statement. What is over its period has none."""
    kept = T["evidence"].c.purged_at.is_(None) & (T["evidence"].c.kind == RequirementKind.FILES)
    paper = T["transcript"].c.snapshot != b""
    sources = [
        _of(T["evidence"], "evidence", T["evidence"].c.file_name, "sha256", about, kept),
        _of(T["name_change"], "names", T["name_change"].c.evidence_name, "evidence_sha256", about),
        _of(T["stated_credit"], "credit-from-elsewhere", T["stated_credit"].c.evidence_name, "evidence_sha256", about),
    ]
    for ending, digest in DOCUMENTS:
        called = T["transcript"].c.number + f".{ending}"
        sources.append(_of(T["transcript"], "documents", called, digest, about, paper))
    for ending, digest in BADGES:
        sources.append(_of(T["credential_issue"], "badges", literal(f"badge.{ending}", String), digest, about))
    every = union_all(*sources).subquery()
    page = select(every).order_by(every.c.folder, every.c.id, every.c.name).limit(BATCH).offset(number * BATCH)
    return [HeldFile(*row) for row in conn.execute(page)]


def _of(table: Table, folder: str, name: Any, digest: str, about: About, *conditions: Any) -> Any:
    columns = (literal(folder, String).label("folder"), table.c.id, name.label("name"), table.c[digest].label("sha256"))
    return select(*columns, verdict_of(table.c[digest])).where(
        MINE[table.name](about, table), table.c[digest] != "", *conditions
    )
