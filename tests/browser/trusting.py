"""The school of the walks through accounts, roles and the audit log, and one cohort in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fourweek.accounts.models import Role
from tests.browser import lead, learner
from tests.browser.school import LEAD, LEARNER, School, Someone, open_school, zipped_package
from tests.browser.visits import visits

both = pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
OPERATOR = Someone("Miriam Osei", "miriam@harbour.example")
REGISTRAR = Someone("Henry Whitfield", "henry@harbour.example")
SECTION = "Evenings in Europe"


@contextmanager
def trusting_school(folder: Path) -> Iterator[School]:
    """Everybody may make an account, and whoever teaches needs a second factor."""
    with open_school(folder, sign_up="true", second_factor_for='["instructor"]', idle_hours="12") as made:
        made.add(OPERATOR, Role.OPERATOR)
        made.add(REGISTRAR, Role.REGISTRAR)
        yield made


def plan(chromium: Browser, school: School, folder: Path) -> str:
    """A cohort with a section and one learner in it; the path of its page for staff."""
    with visits(chromium, school.url, script=True) as open_visit:
        rosa, zaneta = open_visit(), open_visit()
        rosa.sign_in(LEAD)
        course = lead.publish(rosa, zipped_package(folder))
        staff = lead.plan_cohort(rosa)
        rosa.go(f"{staff}/sections/new")
        rosa.page.get_by_label("Name of the section").fill(SECTION)
        rosa.press("Show the dates")
        rosa.press("Keep this section")
        zaneta.sign_in(LEARNER)
        learner.enrol(zaneta, course)
        zaneta.a_week_passes()
    return staff


def someone(name: str, *, script: bool = True) -> Someone:
    """A person of one story alone."""
    return Someone(f"{name} Quay", f"{name.lower()}-{'js' if script else 'plain'}@quay.example")
