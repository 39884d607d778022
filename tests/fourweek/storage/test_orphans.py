"""What no row names goes after a day; what any row names stays."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, select, update

from assessments.evidence.models import Evidence
from courses.catalogue.models import PackageDraft
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.jobs.service import tick
from fourweek.migrations.tables import metadata
from fourweek.scans import NAMED_FILES, make_scans
from fourweek.storage import Kept, LocalStore, Store
from fourweek.storage import rows as naming
from fourweek.storage.orphans import PREFIXES, remove_orphans
from fourweek.storage.rows import named, named_after
from tests import factories as make
from tests.fourweek.storage.named import by_draft, by_evidence
from tests.statements import statements

TOMORROW = timedelta(hours=25)
DRAFT, EVIDENCE = table(PackageDraft), table(Evidence)
NO_FILES = {
    "course_version.package_sha256",  # of a manifest with every file it names
    "credential_issue.document_sha256",  # of bytes in the row
    "credential_issue.jwt_sha256",  # of bytes in the row
    "scan_verdict.sha256",  # of what was said of a content that others name
    "shared_evidence.sha256",  # of a piece that evidence names
    "transcript.content_sha256",  # of what it says
    "transcript.unsealed_sha256",  # of what was sealed
    "upload.sha256",  # in the spool until evidence names it
}


def test_every_digest_in_a_row_is_asked_or_is_of_no_file() -> None:
    digests = {
        f"{one.name}.{column.name}"
        for one in metadata.tables.values()
        for column in one.columns
        if column.name.endswith("sha256")
    }
    asked = {f"{source.table.name}.{source.sha256}" for source in NAMED_FILES}
    assert asked & NO_FILES == set()
    assert asked | NO_FILES == digests


def _everything(store: Store) -> set[str]:
    return {found.sha256 for found in store.found()}


def test_what_no_row_names_goes_after_a_day(db: Database, store: Store) -> None:
    course, file, orphan = (store.keep_bytes(data) for data in (b"course", b"evidence", b"orphan"))
    db.write_now(by_draft, course)
    db.write_now(by_evidence, file)
    assert remove_orphans(db, store, NAMED_FILES, real_time() + timedelta(hours=23)) == 0
    assert remove_orphans(db, store, NAMED_FILES, real_time() + TOMORROW) == 1
    assert _everything(store) == {course.sha256, file.sha256}
    assert remove_orphans(db, store, NAMED_FILES, real_time() + TOMORROW) == 0
    assert not store.has(orphan.sha256)


@pytest.fixture
def folder(new_store: Callable[[str], Store]) -> Store:
    return new_store("folder")


def test_what_a_row_no_longer_names_goes(db: Database, folder: Store) -> None:
    dropped, purged = folder.keep_bytes(b"dropped"), folder.keep_bytes(b"purged")
    (draft,) = db.write_now(by_draft, dropped)
    evidence = db.write_now(by_evidence, purged)
    later = real_time() + TOMORROW
    assert remove_orphans(db, folder, NAMED_FILES, later) == 0
    gone = {"purged_at": make.START, "text": "", "url": ""}
    db.write_now(lambda conn: conn.execute(update(EVIDENCE).where(EVIDENCE.c.id == evidence).values(gone)))
    assert remove_orphans(db, folder, NAMED_FILES, later) == 1
    assert _everything(folder) == {dropped.sha256}
    db.write_now(lambda conn: conn.execute(delete(DRAFT).where(DRAFT.c.id == draft)))
    assert remove_orphans(db, folder, NAMED_FILES, later) == 1
    assert _everything(folder) == set()


def test_a_file_that_two_rows_name_stays_for_one(db: Database, folder: Store) -> None:
    kept = folder.keep_bytes(b"shared")
    db.write_now(by_evidence, kept)
    (draft,) = db.write_now(by_draft, kept)
    db.write_now(lambda conn: conn.execute(delete(DRAFT).where(DRAFT.c.id == draft)))
    assert remove_orphans(db, folder, NAMED_FILES, real_time() + TOMORROW) == 0


def test_a_text_with_the_digest_of_a_file_does_not_hold_it(db: Database, folder: Store) -> None:
    kept = folder.keep_bytes(b"evidence")
    db.write_now(by_evidence, Kept(sha256(b"another").hexdigest(), 7))
    assert db.read_now(lambda conn: conn.execute(select(EVIDENCE.c.sha256)).scalars().all()).count("0" * 64) == 1
    assert db.read_now(named, NAMED_FILES, ["0" * 64, kept.sha256]) == set()


def test_rows_are_asked_in_batches(db: Database, folder: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fourweek.storage.orphans.BATCH", 10)
    kept = [folder.keep_bytes(bytes([number])) for number in range(40)]
    db.write_now(by_draft, *kept[:25])
    with statements(db) as count:
        assert remove_orphans(db, folder, NAMED_FILES, real_time() + TOMORROW) == 15
    assert count.number == 4


def test_named_digests_come_in_order_each_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "BATCH", 3)
    kept = [Kept(sha256(bytes([number])).hexdigest(), number) for number in range(8)]
    db.write_now(by_draft, *kept, *kept[2:6], Kept(kept[0].sha256, 99))
    db.write_now(by_evidence, kept[7])
    seen, after = [], ""
    while batch := db.read_now(named_after, NAMED_FILES, after):
        assert len(batch) <= 3
        seen += batch
        after = batch[-1].sha256
    assert [file.sha256 for file in seen] == sorted(file.sha256 for file in kept)
    sizes = {file.sha256: (file.least, file.most) for file in seen}
    assert sizes == {one.sha256: (one.size, one.size) for one in kept} | {kept[0].sha256: (0, 99)}


def test_every_tick_looks_at_a_part_of_the_store(house: House) -> None:
    assert isinstance(house.store, LocalStore)
    for number in range(50):
        house.store.keep_bytes(bytes([number]))
    scan = tuple(scan for scan in make_scans(house) if scan.name == "orphans")
    later = real_time() + TOMORROW
    removed = [tick(house.db, scan, later)["orphans"] for _ in PREFIXES]
    assert sum(removed) == 50
    assert max(removed) < 10
    assert _everything(house.store) == set()
    house.store.keep_bytes(b"again")
    assert sum(tick(house.db, scan, later)["orphans"] for _ in PREFIXES) == 1
