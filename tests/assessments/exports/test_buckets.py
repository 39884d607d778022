"""Evidence that lies in a bucket leaves as it does from a folder; so does the news that some of it is not there."""

import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence
from assessments.exports.evidence import GONE
from fourweek.database import new_id
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.settings import Settings
from fourweek.storage.s3 import Bucket, Patience, S3Store
from tests import factories as make
from tests.assessments.grading.factories import NOW, School
from tests.buckets import bucket, s3_server  # noqa: F401

LOG = bytes(range(256)) * 10_000  # more than two pieces


@pytest.fixture
def house(settings: Settings, bucket: Bucket, tmp_path: Path) -> Iterator[House]:  # noqa: F811
    """A house whose files lie in a bucket."""
    made = open_house(settings)
    yield dataclasses.replace(made, store=S3Store(bucket, tmp_path / "spool", Patience()))
    made.db.close()


def test_evidence_leaves_from_a_bucket(made: School, house: House, browser: Any) -> None:
    kept = house.store.keep_bytes(LOG)

    def hand_in(conn: Connection) -> None:
        enrolment = make.enrol(conn, made.cohort, make.person(conn, "Bea Bell"))
        files = (("log.csv", kept.sha256), ("lost.csv", "ab" * 32))
        more = [
            Evidence(
                id=new_id(),
                submission_id="",
                requirement_id=made.course.files[0],
                position=place,
                kind=RequirementKind.FILES,
                file_name=name,
                media_type="text/csv",
                sha256=digest,
                size=len(LOG),
                saved_at=NOW,
            )
            for place, (name, digest) in enumerate(files)
        ]
        make.submission(conn, made.course, enrolment, more=more)

    house.db.write_now(hand_in)
    here = f"/grading/exports/{made.cohort}"
    answer = browser(made.lena).submit(here, here, what="evidence.zip", assignment="note-1")
    with ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        listed = {row["name"]: row for row in json.loads(found.read("manifest.json"))["evidence"]}
        assert found.read(listed["log.csv"]["path"]) == LOG
    assert listed["lost.csv"]["missing"] == GONE
