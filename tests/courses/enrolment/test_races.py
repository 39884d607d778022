"""Many at once, on real connections: a place is given once, in order, whoever is quicker."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from courses.cohorts.models import EnrolmentWay
from courses.cohorts.rules.service import change_rules, rules_page
from courses.enrolment.errors import EnrolmentRefused, Moved
from courses.enrolment.giving import Cause, ask, give_free_places
from courses.enrolment.models import PlaceRequest, RequestKind
from courses.enrolment.roster.service import give_places
from courses.enrolment.rules import Step
from courses.enrolment.service import Outcome, enrol, take_back, withdraw
from fourweek.clock import Now, real_time
from fourweek.edge import House
from fourweek.errors import Conflict, NotFound
from tests.courses.enrolment.cohorts import Desk


def at_once(*acts: Callable[[], Any]) -> Counter[str]:
    """Everything at the same moment; counts what each came to, errors by their words."""
    ready, outcomes = threading.Barrier(len(acts)), Counter[str]()

    def go(act: Callable[[], Any]) -> None:
        ready.wait()
        try:
            outcomes[str(act())] += 1
        except (Conflict, NotFound) as error:
            outcomes[type(error).__name__] += 1

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _enrol(desk: Desk, person: str, step: Step = Step.ENROL) -> Callable[[], Any]:
    return lambda: desk.write(enrol, desk.visitor(person), desk.cohort, step)


def test_the_last_place_goes_to_one_of_twenty(house: House) -> None:
    desk = Desk(house, capacity=1)
    outcomes = at_once(*(_enrol(desk, person) for person in desk.people(20)))
    assert outcomes == {Outcome.ENROLLED: 1, EnrolmentRefused.__name__: 19}
    assert len(desk.active) == 1


def test_the_last_place_and_the_line_behind_it(house: House) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    outcomes = at_once(*(_enrol(desk, person, Step.WAIT) for person in desk.people(12)))
    assert outcomes == {Outcome.ENROLLED: 1, Outcome.WAITING: 11}
    assert [state for _, _, state in desk.requests_made] == ["open"] * 11


def test_one_freed_place_goes_to_the_first_in_line_while_others_press(house: House) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    holder, *others = desk.people(14)
    desk.fill(holder)
    line, newcomers = others[:6], others[6:]
    for person in line:
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    now = Now(real_time(), real_time())
    outcomes = at_once(
        lambda: desk.write(withdraw, desk.visitor(holder), desk.cohort),
        *(lambda: give_free_places(house.db, now) for _ in range(3)),
        *(_enrol(desk, person) for person in newcomers),
    )
    assert outcomes[Moved.__name__] == len(newcomers)
    assert desk.active == line[:1]
    assert desk.letters.count(("enrolled", line[0])) == 1


def test_more_places_go_to_the_line_while_twenty_press(house: House) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    holder, *others = desk.people(26)
    desk.fill(holder)
    line, newcomers = others[:5], others[5:]
    for person in line:
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    typed = replace(desk.read(rules_page, desk.staff, desk.cohort).typed, capacity="4")
    typed = replace(typed, seen=desk.read(rules_page, desk.staff, desk.cohort, typed, preview=True).seen)
    now = Now(real_time(), real_time())
    outcomes = at_once(
        lambda: desk.write(change_rules, desk.staff, desk.cohort, typed),
        lambda: give_free_places(house.db, now),
        *(_enrol(desk, person) for person in newcomers),
    )
    assert outcomes[Moved.__name__] == len(newcomers) == 20
    assert desk.active == [holder, *line[:3]]
    assert [desk.letters.count(("enrolled", person)) for person in line] == [1, 1, 1, 0, 0]


def test_leaving_the_line_and_being_given_a_place_at_once(house: House) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    holder, first, second = desk.people(3)
    desk.fill(holder)
    for person in (first, second):
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    outcomes = at_once(
        lambda: desk.write(take_back, desk.visitor(first), desk.cohort),
        lambda: desk.write(withdraw, desk.visitor(holder), desk.cohort),
    )
    left_first = outcomes[RequestKind.WAITLIST] == 1
    assert desk.active == [second if left_first else first]


def test_of_two_who_approve_one_does(house: House) -> None:
    desk = Desk(house, way=EnrolmentWay.APPROVAL, capacity=3)
    for person in desk.people(3):
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.ASK)
    ids = [one.id for one in desk.rows(PlaceRequest)]
    outcomes = at_once(*(lambda: desk.write(give_places, desk.staff, desk.cohort, ids).placed for _ in range(6)))
    assert outcomes == {"3": 1, "0": 5}
    assert len(desk.active) == 3
    assert desk.acts.count("enrolment.enrol") == 3


def test_more_invitations_than_places_accepted_twice_each(house: House) -> None:
    desk = Desk(house, way=EnrolmentWay.INVITATION, capacity=2)
    people = desk.people(5)
    cause = Cause("staff", desk.lead, Now(real_time(), real_time()))
    for person in people:
        desk.write(ask, desk.cohort, person, RequestKind.INVITATION, cause)
    outcomes = at_once(*(_enrol(desk, person, Step.ACCEPT) for person in people * 2))
    assert outcomes == {Outcome.ENROLLED: 2, Outcome.HAD_PLACE: 2, EnrolmentRefused.__name__: 6}
    assert sorted(state for _, _, state in desk.requests_made) == ["accepted"] * 2 + ["open"] * 3


def test_withdrawing_twice_frees_one_place(house: House) -> None:
    desk = Desk(house, capacity=2, waitlist=True)
    holder, other, *line = desk.people(5)
    desk.fill(holder, other)
    for person in line:
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    outcomes = at_once(*(lambda: desk.write(withdraw, desk.visitor(holder), desk.cohort) for _ in range(4)))
    assert outcomes == {"None": 1, NotFound.__name__: 3}
    assert desk.active == [other, line[0]]
    assert [one.state for one in desk.rows(PlaceRequest)].count("open") == len(line) - 1
