"""What a learner reads of a decision that was changed, and of the rule they are judged by."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.deciding.models import DecisionRule
from assessments.deciding.rules import Rule
from assessments.evidence.access import Where, my_desk
from assessments.evidence.replaced import changes_of
from assessments.grading.decisions import replace
from assessments.grading.forms import Change
from assessments.grading.queries import current_decision
from assessments.grading.rules import Scoring
from courses.schedule.zones import zone
from fourweek.database import add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, school

HERE = "/cohorts/{}/modules/1/assignments/note-1"
MINUTE = timedelta(minutes=1)


def _change(
    conn: Connection, made: School, at: Any, levels: tuple[str, str], reason: str, *, post: bool = True
) -> None:
    held = current_decision(conn, made.submission)
    assert held is not None
    scoring = Scoring({f"criterion-{i}": level for i, level in enumerate(levels)}, {}, f"Because: {reason}")
    after = timedelta() if post else None
    replace(conn, made.lead(at), made.submission, Change(held.id, reason, scoring), post_after=after)


def _told(conn: Connection, made: School, at: Any) -> dict[int, Any]:
    desk = my_desk(conn, make.visitor(made.alice, at), Where(made.cohort, 1, "note-1"))
    return changes_of(conn, desk, zone("UTC"))


def test_a_posted_change_is_told_from_what_to_what_and_why(conn: Connection) -> None:
    made = school(conn)
    make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    assert _told(conn, made, NOW) == {}
    _change(conn, made, NOW + MINUTE, ("exceeds", "not-yet"), "Misread the log.")
    changed = _told(conn, made, NOW + MINUTE)[1]
    assert (changed.before, changed.now, changed.reason) == ("Demonstrated", "Not yet demonstrated", "Misread the log.")
    assert [(one.criterion, one.before, one.now, one.met_now) for one in changed.lines] == [
        ("Criterion 0", "Meets", "Exceeds", True),
        ("Criterion 1", "Meets", "Not-yet", False),
    ]
    (earlier,) = changed.earlier
    assert (earlier.outcome, earlier.comment, [line.level for line in earlier.lines]) == (
        "Demonstrated",
        "Read with care.",
        ["Meets", "Meets"],
    )


def test_what_was_never_shown_is_not_told(conn: Connection) -> None:
    made = school(conn)
    make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    _change(conn, made, NOW + MINUTE, ("not-yet", "not-yet"), "Secret reason.", post=False)
    assert _told(conn, made, NOW + MINUTE) == {}
    _change(conn, made, NOW + 2 * MINUTE, ("meets", "not-yet"), "Second look.")
    (changed,) = _told(conn, made, NOW + 2 * MINUTE).values()
    assert changed.reason == "Second look."
    assert [one.outcome for one in changed.earlier] == ["Demonstrated"]
    _change(conn, made, NOW + 3 * MINUTE, ("meets", "meets"), "Third.")
    (changed,) = _told(conn, made, NOW + 3 * MINUTE).values()
    assert [one.outcome for one in changed.earlier] == ["Not yet demonstrated", "Demonstrated"]
    assert (changed.before, [one.criterion for one in changed.lines]) == ("Not yet demonstrated", ["Criterion 1"])


def test_a_change_before_anything_was_posted_is_the_first_the_learner_hears(conn: Connection) -> None:
    made = school(conn)
    make.decided(conn, made.course, made.submission, made.greta)
    _change(conn, made, NOW, ("meets", "not-yet"), "Secret reason.")
    assert _told(conn, made, NOW) == {}


def test_the_page_shows_the_change_and_the_rule(browser: Any, house: House) -> None:
    def changed(conn: Connection) -> School:
        made = school(conn)
        rule = Rule({"criterion-0": 3, "criterion-1": 1}, 35)
        add(
            conn,
            DecisionRule(
                id=new_id(),
                course_id=made.course.course_id,
                assignment_key="note-1",
                number=1,
                kind=rule.kind,
                terms=rule.terms,
                holds_from=make.BEFORE,
                reason="Agreed.",
            ),
        )
        make.decided(conn, made.course, made.submission, made.greta, posted_at=make.START + MINUTE)
        _change(conn, made, make.START + 2 * MINUTE, ("not-yet", "not-yet"), "Misread <b>the</b> log.")
        return made

    made = house.db.write_now(changed)
    page = browser(made.alice).get(HERE.format(made.cohort)).text
    assert "This decision was changed" in page
    assert "Why: <bdi>Misread &lt;b&gt;the&lt;/b&gt; log.</bdi>" in page
    assert "What was decided before: Demonstrated" in page
    assert "“Criterion 0” counts 3" in page
    assert "“Criterion 0” counts 3" in browser().get(f"/courses/{made.course.code}").text
