"""What those who grade anonymously download: a copy without metadata, under a neutral name."""

import hashlib
from typing import Any

import pytest

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence, Submission
from fourweek.database import new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.cleaning import files
from tests.assessments.grading.factories import NOW, School, rows
from tests.assessments.identity.factories import hidden_school
from tests.visits import Browser

KINDS = {
    "jpg": ("image/jpeg", files.jpeg()),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", files.docx()),
    "txt": ("text/plain", b"My words."),
    "zip": ("application/zip", b"PK\3\4" + files.NAME.encode()),
    "pdf": ("application/pdf", b"%PDF-1.7\n broken " + files.NAME.encode()),
}


@pytest.fixture
def made(house: House) -> School:
    return house.db.write_now(hidden_school)


@pytest.fixture
def handed(house: House, made: School) -> dict[str, Evidence]:
    """A second attempt with a file of each kind, all called by the learner's name."""
    found = {}
    for place, (ending, (media_type, data)) in enumerate(KINDS.items()):
        kept = house.store.keep_bytes(data)
        found[ending] = Evidence(
            id=new_id(),
            submission_id="",
            requirement_id=made.course.files[0],
            position=place,
            kind=RequirementKind.FILES,
            file_name=f"Zebulon Quark.{ending}",
            media_type=media_type,
            size=kept.size,
            sha256=kept.sha256,
            saved_at=NOW,
        )
    more = list(found.values())
    house.db.write_now(make.submission, made.course, made.enrolment, attempt=2, more=more)
    return found


@pytest.fixture
def greta(browser: Any, made: School) -> Browser:
    found: Browser = browser(made.greta)
    return found


def test_a_grader_gets_a_copy_and_the_learner_the_bytes(
    house: House, made: School, handed: dict[str, Evidence], greta: Browser, browser: Any
) -> None:
    pseudonym = next(row.pseudonym for row in house.db.write_now(rows, Submission) if row.attempt == 2)
    for place, ending in ((1, "jpg"), (2, "docx"), (3, "txt")):
        at = f"/evidence/{handed[ending].id}"
        copy = greta.get(at)
        assert copy.status_code == 200
        assert copy.headers["content-disposition"].startswith(
            f'attachment; filename="{pseudonym}-proof-{place}.{ending}"'
        )
        assert not files.says_name(copy.content)
        digest = hashlib.sha256(copy.content).hexdigest()
        assert copy.headers["etag"] == f'"{digest}"'
        assert (copy.content == KINDS[ending][1]) == (ending == "txt")
        assert greta.get(at, headers={"if-none-match": f'"{digest}"'}).status_code == 304
        assert greta.get(at, headers={"range": "bytes=0-3"}).content == copy.content[:4]
        page = greta.get(f"{at}/view").text
        assert digest in page
        assert handed[ending].sha256 in page
        assert "Zebulon" not in page
    own = browser(made.alice).get(f"/evidence/{handed['jpg'].id}")
    assert own.content == KINDS["jpg"][1]
    assert "Zebulon" in own.headers["content-disposition"]


@pytest.mark.parametrize("ending", ["zip", "pdf"])
def test_what_cannot_be_cleaned_is_given_out_only_knowingly(
    handed: dict[str, Evidence], greta: Browser, ending: str
) -> None:
    at = f"/evidence/{handed[ending].id}"
    assert greta.get(at).headers["location"] == f"{at}/view"
    page = greta.get(f"{at}/view").text
    assert "we cannot take out what it may say" in page
    assert f"{at}?as=handed-in" in page
    taken = greta.get(f"{at}?as=handed-in")
    assert taken.content == KINDS[ending][1]
    assert "Zebulon" not in taken.headers["content-disposition"]


def test_knowing_does_not_help_where_there_is_a_copy(handed: dict[str, Evidence], greta: Browser) -> None:
    assert not files.says_name(greta.get(f"/evidence/{handed['jpg'].id}?as=handed-in").content)


def test_whoever_looked_gets_the_bytes(made: School, handed: dict[str, Evidence], browser: Any) -> None:
    lena, here = browser(made.lena), f"/grading/{made.submission}/whose"
    at = f"/evidence/{handed['docx'].id}"
    assert not files.says_name(lena.get(at).content)
    assert lena.submit(here, here, reason="A name in it matters.").status_code == 303
    assert lena.get(at).content == KINDS["docx"][1]
