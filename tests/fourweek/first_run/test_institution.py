"""Name and zone of the institution: said in the browser, kept in a file, effective at once, below the environment."""

import json
from typing import Any

import pytest
import typer
from pydantic import ValidationError
from sqlalchemy import select

from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.app import create_app
from fourweek.audit.service import ROW
from fourweek.cli.doctor import doctor
from fourweek.edge import House
from fourweek.first_run.institution import FILE, Follower, fixed, keep
from fourweek.house import open_house
from fourweek.settings import Settings
from tests import factories as make
from tests.logs import heard
from tests.visits import Browser


def _silent(settings: Settings) -> Settings:
    """The same settings where the environment says neither name nor zone."""
    return Settings(home=settings.home, database_url=settings.database_url, base_url=settings.base_url)


@pytest.fixture
def otto(house: House, settings: Settings) -> Any:
    app = create_app(house=open_house(_silent(settings), house.db))
    visitor = Browser(app, house.db.write_now(make.with_role, Role.OPERATOR, "Otto Orr"))
    yield visitor
    visitor.close()


def test_a_name_holds_at_once_here_and_in_another_process(otto: Browser, settings: Settings, house: House) -> None:
    sibling = _silent(settings)
    follower = Follower(sibling)
    follower.look()
    assert sibling.institution == "Fourweek Institute"
    done = otto.submit("/institution", "/institution", institution="Lakeside  College", zone="Europe/Zurich")
    assert (done.status_code, done.headers["location"]) == (303, "/what-next")
    assert "Lakeside College" in otto.get("/what-next").text
    assert (follower.look(), follower.look()) == (1, 0)
    assert (sibling.institution, sibling.zone) == ("Lakeside College", "Europe/Zurich")
    assert _silent(settings).institution == "Lakeside College"
    detail = house.db.read_now(
        lambda conn: conn.execute(select(ROW.c.detail).where(ROW.c.act == "school.name")).scalar_one()
    )
    assert detail == {"institution": "Lakeside College", "zone": "Europe/Zurich"}
    zone = house.db.read_now(lambda conn: conn.execute(select(PERSON.c.zone)).scalar_one())
    assert zone == "Europe/Zurich"


def test_what_cannot_be_right_is_said_beside_its_field(otto: Browser, settings: Settings) -> None:
    for field, typed in (("institution", " "), ("institution", "x" * 201), ("zone", "../etc"), ("zone", "Factory")):
        answer = otto.submit("/institution", "/institution", **{field: typed})
        assert (answer.status_code, f'id="field-{field}-error"' in answer.text) == (422, True), typed
    assert not (settings.home / FILE).exists()


def test_the_environment_wins_and_the_page_says_so(settings: Settings, house: House) -> None:
    keep(settings, {"institution": "From the file", "zone": "Europe/Zurich"})
    said = Settings(home=settings.home, database_url=settings.database_url, institution="From outside")
    assert (said.institution, said.zone) == ("From outside", "Europe/Zurich")
    assert fixed(said) == {"institution"}
    visitor = Browser(create_app(house=open_house(settings, house.db)))
    visitor.sign_in_as(house.db.write_now(make.with_role, Role.OPERATOR, "Otto Orr"))
    page = visitor.get("/institution").text
    assert "FOURWEEK_INSTITUTION" in page
    assert 'name="institution"' not in page
    visitor.submit("/institution", "/institution", institution="Another", zone="Asia/Tokyo")
    assert json.loads((settings.home / FILE).read_text()) == {"institution": "From the file", "zone": "Asia/Tokyo"}
    visitor.close()


def test_a_file_written_by_hand_is_taken_as_typed_in_the_browser(settings: Settings) -> None:
    (settings.home / FILE).write_text(r'{"institution": " Lakeside\n\ud800 College"}')
    assert _silent(settings).institution == "Lakeside College"


@pytest.mark.parametrize(
    "content",
    ["{", "[]", pytest.param("[" * 100_000, id="deep"), '{"zone": 3}', '{"zone": "Mars/Base"}', '{"institution": ""}'],
)
def test_a_damaged_file_stops_a_start_and_no_running_server(settings: Settings, content: str) -> None:
    keep(settings, {"institution": "Lakeside College"})
    running = _silent(settings)
    (settings.home / FILE).write_text(content)
    Follower(running).look()
    assert running.institution == "Lakeside College"
    with pytest.raises(ValidationError, match=r"institution\.json"):
        _silent(settings)


def test_a_file_that_cannot_be_read_is_not_taken_for_none(settings: Settings) -> None:
    keep(settings, {"institution": "Lakeside College"})
    running = _silent(settings)
    (settings.home / FILE).unlink()
    (settings.home / FILE).mkdir()
    follower = Follower(running)
    with heard("fourweek.first_run.institution") as logs:
        follower.look()
        follower.look()
    assert running.institution == "Lakeside College"
    assert [(line["event"], line["log_level"]) for line in logs] == [("institution_not_followed", "warning")]
    with pytest.raises(ValidationError, match=r"institution\.json .*cannot be read: Is a directory"):
        _silent(settings)


def test_the_doctor_says_that_it_cannot_be_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.home / FILE).symlink_to(settings.home / "a disk that is not there")
    monkeypatch.setenv("FOURWEEK_HOME", str(settings.home))
    with pytest.raises(typer.Exit):
        doctor()
    assert f"fault settings  {settings.home / FILE} cannot be read" in capsys.readouterr().out


def test_nobody_but_an_operator_names_the_institution(house: House, browser: Any) -> None:
    rhea = browser(house.db.write_now(make.with_role, Role.REGISTRAR, "Rhea Reyes"))
    assert rhea.get("/institution").status_code == 403
    assert browser().get("/institution").headers["location"].startswith("/sign-in")
