"""What happened last, which sequence it gives, and what entries say. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.calendar.entries import FIRST, Entry, Modules, last_change, learner_entries, learner_session
from courses.cohorts.queries import CohortFacts
from courses.enrolment.access import Place
from courses.enrolment.models import EnrolmentState
from courses.live.rules import Meeting
from courses.schedule.terms import CohortRules, PersonDates, SectionRules
from courses.schedule.walltime import WallTime

MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = CohortRules(date(2026, 11, 2), "Europe/Berlin", 2, late_days=3, close_days=14)
COHORT = CohortFacts("c", "Autumn", "v", "k", "code", "Services", "online", (), RULES)
PLACE = Place("e", "p", EnrolmentState.ACTIVE, MONDAY - 10 * DAY, COHORT, None, (), meets_live=False)
MODULES = Modules(("Promises", "Limits"), frozenset({1}))
MEETING = Meeting(
    id="s",
    cohort_id="c",
    title="Clinic",
    section_id=None,
    section="",
    module_number=2,
    on=date(2026, 11, 10),
    at=RULES.release_time,
    minutes=90,
    zone="Europe/Berlin",
    join_url="https://meet.example.org/x",
    recording_url="https://video.example.org/x",
    instructor="Ines Ortiz",
    required=False,
    code="",
    cancelled_at=None,
    changed_at=MONDAY - 20 * DAY,
    revision=0,
)


def _entries(place: Place, now: datetime) -> dict[str, Entry]:
    found = learner_entries(place, MODULES, place.all_dates(now), last_change(place, None, now))
    return {entry.uid: entry for entry in found}


def _with(*grants: PersonDates) -> Place:
    return replace(PLACE, extensions=grants)


def test_dates_of_a_module_become_entries() -> None:
    found = _entries(PLACE, MONDAY)
    assert list(found) == ["opens-e-1", "due-e-1", "closes-e-1", "opens-e-2"]
    due = found["due-e-1"]
    assert due.title == "Due: Module 1, Promises (Services)"
    assert due.lines == (
        "Evidence is on time through Sunday 8 November 2026, 23:59 (Europe/Berlin). "
        "Late evidence is taken through Wednesday 11 November 2026, 23:59 (Europe/Berlin).",
        "Services, cohort Autumn.",
    )
    assert due.path == "/cohorts/c/modules/1"
    last_second = datetime(2026, 11, 8, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Berlin
    assert due.starts_at <= last_second < due.starts_at + timedelta(minutes=due.minutes)


def test_due_date_that_was_granted_says_so() -> None:
    due = WallTime(date(2026, 11, 20), RULES.due_time)
    entry = _entries(_with(PersonDates(MONDAY, "x", due=due)), MONDAY)["due-e-1"]
    assert entry.starts_at == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert entry.lines[-1] == "A personal date was granted."


def test_sequence_stands_still_while_nothing_happens() -> None:
    assert _entries(PLACE, MONDAY) == _entries(PLACE, MONDAY + 5 * DAY)


def test_an_act_moves_the_last_change() -> None:
    assert last_change(PLACE, None, MONDAY) == PLACE.enrolled_at
    assert last_change(PLACE, MONDAY - HOUR, MONDAY) == MONDAY - HOUR


def test_extension_counts_when_it_comes_into_force_and_when_it_expires() -> None:
    place = _with(PersonDates(MONDAY, "x", shift_days=2, expires_at=MONDAY + 3 * DAY))
    before, during, after = (last_change(place, None, MONDAY + step) for step in (-HOUR, HOUR, 3 * DAY))
    assert (before, during, after) == (PLACE.enrolled_at, MONDAY, MONDAY + 3 * DAY)
    assert _entries(place, MONDAY + HOUR)["due-e-1"].starts_at > _entries(place, MONDAY + 4 * DAY)["due-e-1"].starts_at


def test_open_pause_counts_anew_at_each_local_midnight() -> None:
    place = _with(PersonDates(MONDAY, "x", pause_first=date(2026, 11, 3)))
    midnight = datetime(2026, 11, 4, 23, tzinfo=UTC)  # of Thursday, in Berlin
    assert last_change(place, None, midnight - HOUR) == midnight - DAY
    assert last_change(place, None, midnight) == midnight
    elsewhere = replace(place, section=SectionRules(zone="UTC"))
    assert last_change(elsewhere, None, midnight) == midnight - 23 * HOUR


def test_pause_that_was_ended_keeps_its_place_in_the_count() -> None:
    """What is left of an open pause when it is ended at noon is later than any midnight it had counted."""
    noon = datetime(2026, 11, 5, 11, tzinfo=UTC)
    running = last_change(_with(PersonDates(MONDAY, "x", pause_first=date(2026, 11, 3))), None, noon)
    grant = PersonDates(MONDAY, "x", pause_first=date(2026, 11, 3), pause_last=date(2026, 11, 3))
    assert last_change(_with(grant), noon, noon + DAY) > running


def test_join_link_comes_with_the_release_and_is_a_change() -> None:
    def seen(now: datetime) -> Entry:
        return learner_session(MEETING, PLACE, PLACE.all_dates(now), last_change(PLACE, None, now), now)

    opens_at = PLACE.dates(2, MONDAY).opens_at
    locked, opened = seen(opens_at - HOUR), seen(opens_at)
    assert (locked.join_url, locked.title, locked.minutes) == ("", "Clinic (Services)", 90)
    assert opened.join_url == MEETING.join_url
    assert opened.sequence > locked.sequence
    assert opened.changed_at == opens_at


def test_cancelled_session_says_so_and_leads_nowhere() -> None:
    gone = replace(MEETING, cancelled_at=MONDAY, changed_at=MONDAY)
    entry = learner_session(gone, PLACE, PLACE.all_dates(MONDAY + 9 * DAY), PLACE.enrolled_at, MONDAY + 9 * DAY)
    assert (entry.title, entry.cancelled, entry.busy, entry.join_url) == (
        "Cancelled: Clinic (Services)",
        True,
        False,
        "",
    )


def test_session_of_a_module_that_is_not_there_has_no_link() -> None:
    far = replace(MEETING, module_number=9)
    entry = learner_session(far, PLACE, PLACE.all_dates(MONDAY + 90 * DAY), MONDAY, MONDAY + 90 * DAY)
    assert entry.join_url == ""


GRANTS = st.builds(
    PersonDates,
    granted_at=st.integers(-100, 900).map(lambda hours: MONDAY + hours * HOUR),
    key=st.sampled_from("abc"),
    shift_days=st.integers(0, 9),
    opens_all=st.booleans(),
    pause_first=st.none() | st.integers(0, 20).map(lambda days: MONDAY.date() + days * DAY),
    expires_at=st.none() | st.integers(-50, 950).map(lambda hours: MONDAY + hours * HOUR),
)


@given(
    grants=st.lists(GRANTS, max_size=3), start=st.integers(-200, 900), steps=st.lists(st.integers(1, 60), max_size=12)
)
def test_whatever_changes_by_itself_raises_the_sequence(
    grants: list[PersonDates], start: int, steps: list[int]
) -> None:
    place, now = _with(*grants), MONDAY + start * HOUR
    for step in steps:
        later = now + step * HOUR
        before, after = _entries(place, now), _entries(place, later)
        for uid in before.keys() & after.keys():
            old, new = before[uid], after[uid]
            assert new.sequence >= old.sequence
            if replace(new, changed_at=FIRST) != replace(old, changed_at=FIRST):
                assert new.sequence > old.sequence, (old, new)
        now = later
