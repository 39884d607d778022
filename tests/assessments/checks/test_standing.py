from collections.abc import Sequence
from datetime import UTC, datetime

from assessments.checks.standing import Done, standing
from assessments.evidence.models import SubmissionState
from assessments.evidence.standing import Attempt

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DRAFT, DECIDED, WITHDRAWN = SubmissionState.DRAFT, SubmissionState.DECIDED, SubmissionState.WITHDRAWN


def done(number: int, right: int | None, attempt: int = 1) -> Done:
    """A try at eight questions, seven needed; `right` None is not finished."""
    finished = None if right is None else AT
    passed = None if right is None else right >= 7
    return Done(f"t{attempt}.{number}", f"s{attempt}", attempt, number, AT, finished, 8, 7, right, passed)


def attempts(*states: SubmissionState) -> Sequence[Attempt]:
    return [Attempt(number, state) for number, state in enumerate(states, 1)]


def test_nothing_begun() -> None:
    stands = standing([], attempts(DRAFT), 1, 3)
    assert (stands.words, stands.may_begin, stands.next, stands.left, stands.settled) == (
        "Not begun.",
        True,
        1,
        3,
        None,
    )


def test_a_try_that_did_not_pass_leaves_the_others() -> None:
    stands = standing([done(1, 6)], attempts(DRAFT), 1, 3)
    assert stands.words == "6 of 8 right; 7 are needed. 2 tries left."
    assert (stands.may_begin, stands.next, stands.settled) == (True, 2, None)
    assert standing([done(1, 6), done(2, 5)], attempts(DRAFT), 1, 3).words == "5 of 8 right; 7 are needed. 1 try left."
    assert standing([done(1, 6)], attempts(DRAFT), 1, None).words == "6 of 8 right; 7 are needed."


def test_an_open_try_is_the_only_one() -> None:
    stands = standing([done(1, 6), done(2, None)], attempts(DRAFT), 1, 3)
    assert stands.words == "Try 2 is begun and not checked yet."
    assert (stands.may_begin, stands.left, stands.settled) == (False, 1, None)
    last = standing([done(1, 6), done(2, None)], attempts(DRAFT), 1, 2)
    assert (last.may_begin, last.left, last.settled) == (False, 0, None)


def test_passing_settles_it() -> None:
    stands = standing([done(1, 6), done(2, 7)], attempts(DRAFT), 1, 3)
    assert stands.words == "Passed: 7 of 8 right, try 2."
    assert (stands.may_begin, stands.settled) == (False, done(2, 7))


def test_using_all_tries_settles_it_too() -> None:
    stands = standing([done(1, 6), done(2, 5)], attempts(DRAFT), 1, 2)
    assert stands.words == "5 of 8 right; 7 are needed. All tries are used."
    assert (stands.may_begin, stands.settled) == (False, done(2, 5))


def test_a_further_attempt_has_tries_of_its_own() -> None:
    tries = [done(1, 6), done(2, 5)]
    stands = standing(tries, attempts(DECIDED, DRAFT), 2, 2)
    assert (stands.words, stands.may_begin, stands.next, stands.left) == ("Not begun.", True, 1, 2)


def test_what_was_passed_stays_passed() -> None:
    stands = standing([done(1, 8)], attempts(DECIDED, DECIDED, DRAFT), 3, 2)
    assert (stands.words, stands.settled) == ("Passed: 8 of 8 right, try 1.", done(1, 8))


def test_withdrawing_brings_no_tries_back() -> None:
    tries = [done(1, 6), done(2, 5)]
    stands = standing(tries, attempts(WITHDRAWN, DRAFT), 2, 3)
    assert (stands.left, stands.next, stands.may_begin) == (1, 3, True)
    assert standing(tries, attempts(WITHDRAWN, DRAFT), 2, 2).settled == done(2, 5)
    assert standing(tries, attempts(WITHDRAWN, WITHDRAWN, DRAFT), 3, 2).settled == done(2, 5)
    assert standing(tries, attempts(WITHDRAWN, DECIDED, DRAFT), 3, 2).left == 2


def test_a_later_attempt_is_not_known_to_an_earlier_one() -> None:
    assert standing([done(1, 5), done(1, 8, attempt=2)], attempts(DECIDED, DRAFT), 1, 1).settled == done(1, 5)
