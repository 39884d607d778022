"""What is announced and asked in the running cohort."""

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import select

from courses.announcements.forms import AnnouncementForm
from courses.announcements.notices import tell_announcements
from courses.announcements.service import post_announcement
from courses.questions import service
from courses.questions.access import Spot
from courses.questions.forms import PostForm
from courses.questions.queries import QUESTION
from courses.typed_markdown import to_html
from fourweek.cli.seed.calendar import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, Calendar, When
from fourweek.cli.seed.stage import Act, Stage
from fourweek.clock import Now
from fourweek.database import new_id

WELCOME: Final = """Welcome, everyone. Three things before Monday:

- Pick **one** service that you know well; you will write about it all four weeks.
- Have a look at its dashboards now. If it has none, that is fine, and a finding.
- Ask on the module's page rather than by mail, so that everybody profits from the answer.
"""
REVIEW: Final = """I have read your objectives. Two thoughts for this week's capacity note:

1. Say *whose* waiting you measure. A queue in front of a worker is not a queue in front of a user.
2. Round late. `utilisation = busy / (busy + idle)` keeps its meaning with two digits; a rounded one often does not.
"""
WINDOW: Final = """The lesson counts the budget over 28 days, our dashboards show calendar months. If I report

```
allowed = 0.001 * requests in the window
```

by month, is the objective still the same one?
"""
WINDOW_SAID: Final = """Our team moved from months to 28 days for that reason: February looked better than it was."""
WINDOW_ANSWER: Final = """Not quite the same: a month has four or five weekends, so the target moves with the calendar.

Keep the 28 days for the objective, and show the month *beside* it for whoever plans by months. Say in your evidence \
which of the two you decide by.
"""
ALERT: Final = """Two burn rates are worked through in the lesson. With a service that sees 400 requests a day, the \
short window fires on a single failure. Is there a floor that people use?
"""


def announce(person: str, cohort: str, title: str, body: str, stage: Stage, at: datetime) -> None:
    """One of the staff announces something; the worker writes to everybody."""
    db, typed = stage.house.db, AnnouncementForm(new_id(), title, body)
    db.write_now(post_announcement, stage.visitor(person, at), stage.cohorts[cohort], typed, to_html(body))
    tell_announcements(db, Now(real=at, school=at))


def ask(person: str, cohort: str, week: int, title: str, body: str, stage: Stage, at: datetime) -> None:
    spot, typed = Spot(stage.cohorts[cohort], week), PostForm(new_id(), title, body)
    stage.house.db.write_now(service.ask, stage.visitor(person, at), spot, typed, to_html(body))


def reply(
    person: str, cohort: str, title: str, body: str, stage: Stage, at: datetime, *, answers: bool = False
) -> None:
    """Somebody replies to the question of that title."""
    wanted = select(QUESTION.c.id, QUESTION.c.module_number).where(
        QUESTION.c.cohort_id == stage.cohorts[cohort], QUESTION.c.title == title
    )
    found = stage.house.db.read_now(lambda conn: conn.execute(wanted).one())
    spot = Spot(stage.cohorts[cohort], found.module_number, found.id)
    typed = PostForm(new_id(), "", body, "1" if answers else "")
    stage.house.db.write_now(service.reply, stage.visitor(person, at), spot, typed, to_html(body))


def talk(calendar: Calendar, cohort: str, first_week: int) -> list[Act]:
    """Two announcements, a question that was answered and one that waits."""
    window, floor = "28 days or a calendar month?", "A floor for very small services?"
    answer = partial(reply, "marta", cohort, window, WINDOW_ANSWER, answers=True)
    return [
        Act(
            calendar.at(When(first_week - 1, THURSDAY, "16:20")),
            partial(announce, "marta", cohort, "Before we start", WELCOME),
        ),
        Act(calendar.at(When(first_week, TUESDAY, "13:05")), partial(ask, "grace", cohort, 1, window, WINDOW)),
        Act(calendar.at(When(first_week, TUESDAY, "19:30")), partial(reply, "rafael", cohort, window, WINDOW_SAID)),
        Act(calendar.at(When(first_week, WEDNESDAY, "09:15")), answer),
        Act(
            calendar.at(When(first_week + 1, MONDAY, "14:40")),
            partial(announce, "marta", cohort, "Your objectives, and the week ahead", REVIEW),
        ),
        Act(calendar.at(When(first_week + 1, THURSDAY, "21:10")), partial(ask, "jonas", cohort, 2, floor, ALERT)),
    ]
