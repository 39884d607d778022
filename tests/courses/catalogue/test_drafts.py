"""An author's way from a zip to a published version, through the pages."""

import zipfile
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from fastapi import FastAPI
from sqlalchemy import Connection

from courses.catalogue.models import Course, CourseVersion, PackageDraft
from fourweek.accounts.models import Role
from fourweek.app import create_app
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.storage import LocalStore
from tests import factories
from tests.courses.catalogue.packages import zipped
from tests.language.catalogues import compiled
from tests.statements import statements
from tests.visits import Browser, forms

UPLOAD = "/authoring/upload"


@pytest.fixture
def author(house: House, browser: Any) -> Browser:
    made: Browser = browser(house.db.write_now(factories.with_role, Role.AUTHOR, "Avery Author"))
    return made


@pytest.fixture
def package(tmp_path: Path) -> bytes:
    return zipped(tmp_path / "pump.zip")


def _upload(author: Browser, data: bytes, name: str = "pump.zip") -> Any:
    return author.submit(UPLOAD, UPLOAD, files={"package": (name, data, "application/zip")})


def _draft(author: Browser, data: bytes) -> str:
    answer = _upload(author, data)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def _rows(house: House, model: Any) -> list[Any]:
    return list(house.db.read_now(lambda conn: conn.execute(table(model).select()).all()))


def _stored(house: House) -> list[Path]:
    assert isinstance(house.store, LocalStore)
    return [path for path in house.store.root.rglob("*") if path.is_file()]


def _token(visitor: Browser) -> str:
    return str(forms(visitor.get("/courses").text)["/sign-out"]["form_token"])


def test_authoring_asks_guests_to_sign_in_and_learners_to_leave(house: House, browser: Any, package: bytes) -> None:
    assert browser().get("/authoring").headers["location"].startswith("/sign-in")
    learner = browser(house.db.write_now(factories.person))
    for address in ("/authoring", UPLOAD):
        assert learner.get(address).status_code == 403
    files = {"package": ("pump.zip", package)}
    assert learner.post(UPLOAD, data={"form_token": _token(learner)}, files=files).status_code == 403
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_draft_is_its_authors_alone(house: House, author: Browser, browser: Any, package: bytes) -> None:
    draft = _draft(author, package)
    other = browser(house.db.write_now(factories.with_role, Role.AUTHOR, "Other Author"))
    learner = browser(house.db.write_now(factories.person))
    inside = (
        "",
        "/about",
        "/modules/1/lessons/pressure",
        "/modules/1/assignments/reading",
        "/files/week1/fig/pump.svg",
    )
    for address in inside:
        assert author.get(draft + address).status_code == 200
        assert (other.get(draft + address).status_code, learner.get(draft + address).status_code) == (404, 404)
        assert browser().get(draft + address).status_code == 303
    for act in ("/publish", "/drop"):
        assert other.post(draft + act, data={"form_token": _token(other)}).status_code == 404
    assert (len(_rows(house, PackageDraft)), _rows(house, CourseVersion)) == (1, [])


def test_upload_preview_publish(house: House, author: Browser, package: bytes) -> None:
    draft = _draft(author, package)
    page = author.get(draft).text
    assert ("Nothing is wrong with this package." in page) or ("Warnings" in page)
    assert "<dt>Credit</dt><dd>0.2 CEU, 1.5 professional development hours</dd>" in page
    for shown in ("Care of a Small Pump", "Reading a gauge", "The reading can be trusted.", "1 hour 30 minutes"):
        assert shown in page
    answer = author.submit(draft, f"{draft}/publish")
    assert (answer.status_code, answer.headers["location"]) == (303, "/courses/pump-care")
    (version,) = _rows(house, CourseVersion)
    (row,) = _rows(house, PackageDraft)
    assert (row.published_version_id, version.published_by) == (version.id, row.author_id)
    acts = [one.act for one in _rows(house, AuditRow) if one.subject_kind in {"package_draft", "course_version"}]
    assert acts == ["package.upload", "version.publish"]
    listed = author.get("/authoring").text
    assert ("Published as pump-care 1.2" in listed, "Avery Author" in listed) == (True, True)
    assert "Publish version" not in author.get(draft).text


def test_preview_shows_lessons_as_learners_will_see_them(author: Browser, package: bytes) -> None:
    draft = _draft(author, package)
    lesson = author.get(f"{draft}/modules/1/lessons/pressure").text
    assert '<div class="prose" dir="auto" hx-disable lang="en">' in lesson
    assert "../files/week1/fig/" in lesson
    task = author.get(f"{draft}/modules/1/assignments/reading").text
    assert ("This is a preview" in task, "Unit and place." in task) == (True, True)
    picture = author.get(f"{draft}/modules/1/files/week1/fig/pump.svg")
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/svg+xml", "private, no-store")
    assert "sandbox" in picture.headers["content-security-policy"]
    for nothing in ("/modules/9/lessons/pressure", "/modules/1/lessons/x", "/modules/1/files/course.toml", "/files/a"):
        assert author.get(draft + nothing).status_code == 404


def test_package_with_errors_says_all_of_them_and_cannot_be_published(
    house: House, author: Browser, tmp_path: Path
) -> None:
    changed = {"a": ('language = "en"', 'language = "english"'), "b": ("minutes = 40", 'minutes = "40"')}
    draft = _draft(author, zipped(tmp_path / "broken.zip", without="week2/leaks.md", **changed))
    page = author.get(draft)
    assert page.status_code == 200
    assert "Errors: they forbid publishing" in page.text
    for place in ("<code>course.toml</code>, line 9", "<code>course.toml</code>, line 52", "week2/leaks.md"):
        assert place in page.text
    assert "Publish version" not in page.text
    answer = author.post(f"{draft}/publish", data={"form_token": _token(author)})
    assert answer.status_code == 422
    assert "A package with errors cannot be published." in answer.text
    assert (_rows(house, Course), _rows(house, CourseVersion)) == ([], [])


def test_what_is_wrong_is_said_in_the_language_of_each_reader(
    author: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog(locale="es")
    catalog.add('The file "{path}" is missing.{path2}', "Falta el archivo {path}.{path2}")
    said = GNUTranslations(BytesIO(compiled(catalog)))
    monkeypatch.setattr("fourweek.language.catalogue", lambda code: said if code == "es" else NullTranslations())
    draft = _draft(author, zipped(tmp_path / "broken.zip", without="week2/leaks.md"))
    spanish, english = (author.get(draft, headers={"accept-language": code}).text for code in ("es", "en"))
    assert ("Falta el archivo week2/leaks.md" in spanish, "Falta el archivo" in english) == (True, False)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no zip at all", "The file is no zip that can be read, or it is cut off."),
        (b"", "The file is empty."),
        (None, "Choose the zip file of the package."),
    ],
)
def test_file_that_is_no_package_is_refused_beside_the_field(
    house: House, author: Browser, data: bytes | None, says: str
) -> None:
    files = {"package": ("x.zip", data)} if data is not None else {"package": ("", b"")}
    answer = author.submit(UPLOAD, UPLOAD, files=files)
    assert answer.status_code == 422
    assert says in answer.text
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_zip_that_ends_early_is_refused(house: House, author: Browser, package: bytes) -> None:
    answer = _upload(author, package[: len(package) // 2])
    assert answer.status_code == 422
    assert "pump.zip: The file is no zip that can be read, or it is cut off." in answer.text
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_zip_with_a_way_out_is_refused(house: House, author: Browser, tmp_path: Path) -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("course.toml", "format = 1")
        archive.writestr("../outside.md", "x")
    answer = _upload(author, made.getvalue())
    assert answer.status_code == 422
    assert "is not a plain path inside the package." in answer.text
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_manifest_that_is_no_toml_is_refused_with_its_line(house: House, author: Browser, tmp_path: Path) -> None:
    answer = _upload(author, zipped(tmp_path / "torn.zip", a=('code = "pump-care"', 'code = "pump-care')))
    assert answer.status_code == 422
    assert "course.toml, line 5:" in answer.text
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_upload_beyond_the_limit_is_refused_and_nothing_kept(house: House, package: bytes) -> None:
    small = house.settings.model_copy(update={"package_limit": 1024})
    house.settings = small
    author = Browser(create_app(house=house), house.db.write_now(factories.with_role, Role.AUTHOR, "Avery Author"))
    answer = _upload(author, package)
    assert answer.status_code == 413
    assert "The package is larger than 1 KB. Nothing of it was kept." in answer.text
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])
    author.close()


def test_body_that_breaks_off_leaves_nothing(house: House, author: Browser, package: bytes) -> None:
    token = _token(author)
    head = f'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'
    part = '--b\r\nContent-Disposition: form-data; name="package"; filename="p.zip"\r\n\r\n'
    body = head.encode() + part.encode() + package
    answer = author.post(UPLOAD, content=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_upload_without_a_token_leaves_nothing(house: House, author: Browser, package: bytes) -> None:
    answer = author.post(UPLOAD, data={"form_token": "stale"}, files={"package": ("p.zip", package)})
    assert answer.status_code == 422
    assert (_rows(house, PackageDraft), _stored(house)) == ([], [])


def test_same_file_twice_is_one_draft(house: House, author: Browser, package: bytes) -> None:
    assert _draft(author, package) == _draft(author, package)
    assert len(_rows(house, PackageDraft)) == 1


def test_version_that_may_not_follow_is_said_on_the_page(house: House, author: Browser, tmp_path: Path) -> None:
    first = _draft(author, zipped(tmp_path / "one.zip"))
    author.submit(first, f"{first}/publish")
    second = _draft(author, zipped(tmp_path / "two.zip", a=("Care of a Small Pump", "Care of Pumps")))
    said = "Version 1.2 is published already, with other content. Choose a new number."
    page = author.get(second)
    assert (said in page.text, f"{second}/publish" in page.text) == (True, False)
    answer = author.post(f"{second}/publish", data={"form_token": _token(author)})
    assert answer.status_code == 422
    assert said in answer.text
    assert len(_rows(house, CourseVersion)) == 1


def test_publish_twice_is_one_version(house: House, author: Browser, package: bytes) -> None:
    draft = _draft(author, package)
    for _ in range(2):
        assert author.post(f"{draft}/publish", data={"form_token": _token(author)}).status_code == 303
    assert len(_rows(house, CourseVersion)) == 1


def test_drop_forgets_a_draft_but_not_a_published_one(house: House, author: Browser, package: bytes) -> None:
    draft = _draft(author, package)
    assert author.submit(draft, f"{draft}/drop").status_code == 303
    assert (_rows(house, PackageDraft), author.get(draft).status_code) == ([], 404)
    again = _draft(author, package)
    author.submit(again, f"{again}/publish")
    assert author.post(f"{again}/drop", data={"form_token": _token(author)}).status_code == 409
    assert len(_rows(house, PackageDraft)) == 1


def test_authoring_is_paged_with_a_constant_number_of_statements(app: FastAPI, house: House) -> None:
    author_id = house.db.write_now(factories.with_role, Role.AUTHOR, "Avery Author")

    def fill(conn: Connection) -> None:
        for number in range(30):
            factories.course(conn, weeks=1, title=f"Course {number:02d}")
            draft = PackageDraft(
                id=new_id(),
                author_id=author_id,
                file_name=f"package-{number:02d}.zip",
                sha256=f"{number:064x}",
                size=2048,
                uploaded_at=factories.START,
            )
            add(conn, draft)

    author = Browser(app, author_id)
    author.get("/authoring")
    with statements(house.db) as none:
        assert "Nothing published yet" in author.get("/authoring").text
    house.db.write_now(fill)
    with statements(house.db) as many:
        page = author.get("/authoring").text
    assert none.number == many.number == 3
    assert (page.count("/authoring/drafts/"), page.count('href="/courses/course-'), page.count("Page 1 of 2")) == (
        25,
        25,
        2,
    )
    last = author.get("/authoring?drafts=2").text
    assert last.count("/authoring/drafts/") == 5
    author.close()


def test_page_says_which_rubrics_would_change(author: Browser, tmp_path: Path) -> None:
    first = _draft(author, zipped(tmp_path / "one.zip"))
    assert "Rubrics that change" not in author.get(first).text
    author.submit(first, f"{first}/publish")
    number, words = ('version = "1.2"', 'version = "1.3"'), ('"Unit and place."', '"Unit, place and time."')
    page = author.get(_draft(author, zipped(tmp_path / "two.zip", a=number, b=words))).text
    assert "Rubrics that change" in page
    assert "Trust: The level “Meets” is reworded." in page
    assert "Nobody has begun, and nobody is in a cohort that asks for it." in page
    assert 'href="/authoring/courses/pump-care/rubrics/reading"' in page


def test_unknown_framework_is_said_before_publishing(author: Browser, tmp_path: Path) -> None:
    old = 'key = "measure"\n'
    align = 'align = [{ framework = "sfia", code = "CAPM", title = "Capacity" }]\n'
    draft = _draft(author, zipped(tmp_path / "one.zip", a=(old, old + align)))
    page = author.get(draft).text
    assert "A competency is aligned with the framework &#34;sfia&#34;, which is not here." in page
    assert f"{draft}/publish" not in page
