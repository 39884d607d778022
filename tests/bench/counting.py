"""How many SQL statements each page asks, counted in this process on the same data."""

from collections.abc import Callable, Sequence

from fourweek import logs
from fourweek.app import create_app
from fourweek.edge import House, cookie_name
from tests.bench import badges
from tests.bench.evidence import COLLECTED, SAVING, typed
from tests.bench.growing import CATALOGUE, DIFFERS, GRID, HOME
from tests.bench.requests import form_token
from tests.bench.school import ADDRESSES, PASSWORD, School
from tests.statements import statements
from tests.visits import Browser


def count_all(house: House, school: School, chosen: Sequence[str]) -> dict[str, int]:
    """{what: statements} of the chosen measurements; `house` answers as http://testserver."""
    app = create_app(house=house)
    logs.configure(quiet=True)
    cookies = (school.counted, school.grader, "", school.busy, school.lead, school.collector)
    learner, grader, guest, busy, lead, collector = (_browser(app, house, cookie) for cookie in cookies)
    token = {"form_token": form_token(school.counted)}
    signing = {"form_token": "", "address": ADDRESSES[0], "password": PASSWORD, "next": "/home"}
    guest.cookies.set("fourweek-guest", "count")
    signing["form_token"] = form_token("count")
    handing_in = token | {"attempt": "1", "integrity": "1"}
    field, typing = typed(school, changed=True)
    acts: list[tuple[str, str, Callable[[], object], int]] = [
        ("pages", "module page", lambda: learner.get(school.module_path), 200),
        ("pages", "home", lambda: learner.get("/home"), 200),
        ("pages", "grading screen", lambda: grader.get(f"/grading/{school.waiting[0]}"), 200),
        ("saving", SAVING, lambda: learner.post(field, data=token | typing), 200),
        ("collected", COLLECTED, lambda: collector.get(school.task_path), 200),
        ("sizes", CATALOGUE, lambda: guest.get("/courses"), 200),
        ("sizes", HOME, lambda: busy.get("/home"), 200),
        ("sizes", GRID, lambda: lead.get(school.grid_path), 200),
        ("sizes", DIFFERS, lambda: lead.get(f"{school.grid_path}?differs=1"), 200),
        ("badge", badges.PAGE, lambda: guest.get(f"/badges/{school.badge}"), 200),
        ("badge", badges.FILE, lambda: guest.get(f"/badges/{school.badge}", headers={"accept": badges.JSON}), 200),
        ("sign-in", "sign-in", lambda: guest.post("/sign-in", data=signing), 303),
        ("transcript", "transcript issued", lambda: learner.post("/transcript", data=token), 303),
        ("submit", "submit", lambda: learner.post(school.submit_path, data=handing_in), 303),
    ]
    for browser in (learner, grader, busy, lead, collector):
        browser.get("/home")  # the first visit notes that the sign-in is in use: no part of any page
    return {what: _count(house, what, act, status) for part, what, act, status in acts if part in chosen}


def _browser(app: object, house: House, cookie: str) -> Browser:
    made = Browser(app)  # type: ignore[arg-type]
    if cookie:
        made.cookies.set(cookie_name(house.settings), cookie)
    return made


def _count(house: House, what: str, act: Callable[[], object], status: int) -> int:
    with statements(house.db) as count:
        answer = act()
    found = getattr(answer, "status_code", None)
    if found != status:
        raise RuntimeError(f"{what}: answered {found}, wanted {status}")
    return count.number
