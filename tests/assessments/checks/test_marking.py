from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assessments.checks.marking import Result, answer_problem, draw, is_right, mark
from assessments.checks.models import QuestionKind
from assessments.checks.questions import Option, Pool, Question, Rules

LETTERS = "abcdefgh"


def choice(right: Mapping[str, bool], question_id: str = "q", kind: QuestionKind = QuestionKind.SEVERAL) -> Question:
    options = tuple(Option(key, f"Option {key}", is_right) for key, is_right in right.items())
    return Question(question_id, question_id, kind, "Which?", options=options)


def number(wanted: str, tolerance: str = "0", unit: str = "") -> Question:
    return Question("n", "n", QuestionKind.NUMBER, "How many?", "", (), Decimal(wanted), Decimal(tolerance), unit)


SETS = st.dictionaries(st.sampled_from(LETTERS), st.booleans(), min_size=2).filter(lambda right: any(right.values()))


@given(SETS, st.sets(st.sampled_from(LETTERS)))
def test_several_is_right_for_exactly_the_right_options(right: dict[str, bool], chosen: set[str]) -> None:
    wanted = {key for key, is_right in right.items() if is_right}
    assert is_right(choice(right), sorted(chosen)) == (chosen == wanted)
    assert is_right(choice(right), sorted(wanted, reverse=True))


@given(st.sampled_from(LETTERS), st.sampled_from(LETTERS))
def test_one_is_right_for_the_right_option_alone(wanted: str, chosen: str) -> None:
    question = choice({key: key == wanted for key in LETTERS}, kind=QuestionKind.ONE)
    assert is_right(question, [chosen]) == (chosen == wanted)
    assert not is_right(question, [])
    assert not is_right(question, [wanted, "h" if wanted != "h" else "a"])


def test_number_is_right_within_its_tolerance_and_on_its_edge() -> None:
    question = number("2.5", "0.05", "bar")
    right = [
        typed for typed in ("2.45", "2,5 bar", "2.55", "2.44", "2.5500001", "1e0", "") if is_right(question, [typed])
    ]
    assert right == ["2.45", "2,5 bar", "2.55"]
    assert not is_right(question, [])


def test_what_cannot_be_marked_yet_is_said() -> None:
    assert answer_problem(number("1"), []) == "There is no answer yet."
    assert answer_problem(number("1"), ["one"]).startswith("“one” is not read as a number.")
    assert answer_problem(number("1"), ["2"]) == ""
    assert answer_problem(choice({"a": True, "b": False}), ["b"]) == ""


POOLS = st.builds(
    lambda size, ask, shuffle: Pool(
        Rules(min(ask, size), shuffle, 75, None),
        tuple(choice({key: key == "a" for key in LETTERS}, f"q{place}") for place in range(size)),
    ),
    st.integers(1, 12),
    st.integers(1, 12),
    st.booleans(),
)


@given(POOLS, st.binary(max_size=16))
def test_drawing_gives_so_many_different_questions_with_all_their_options(pool: Pool, seed: bytes) -> None:
    drawn = draw(pool, seed)
    ids = [one for one, _ in drawn]
    every = [question.id for question in pool.questions]
    assert len(ids) == len(set(ids)) == pool.rules.ask
    assert set(ids) <= set(every)
    assert all(sorted(keys) == list(LETTERS) for _, keys in drawn)
    assert draw(pool, seed) == drawn
    if not pool.rules.shuffle:
        assert ids == sorted(ids, key=every.index)
        assert all(keys == list(LETTERS) for _, keys in drawn)


def test_shuffling_moves_questions_and_options() -> None:
    pool = Pool(
        Rules(3, True, 100, None), tuple(choice(dict.fromkeys(LETTERS, True), f"q{place}") for place in range(6))
    )
    draws = [draw(pool, bytes([seed])) for seed in range(60)]
    assert {one for drawn in draws for one, _ in drawn} == {f"q{place}" for place in range(6)}
    assert {drawn[0][1][0] for drawn in draws} == set(LETTERS)


@given(POOLS, st.binary(max_size=8), st.lists(st.booleans(), min_size=12, max_size=12))
def test_marking_counts_what_is_right(pool: Pool, seed: bytes, known: list[bool]) -> None:
    drawn = draw(pool, seed)
    answers = {one: ["a"] if knows else ["b"] for (one, _), knows in zip(drawn, known, strict=False)}
    result = mark(pool, drawn, answers)
    asked = len(drawn)
    right = sum(known[:asked])
    assert result == Result(asked, right, pool.rules.needed)
    assert result.passed == (right * 100 >= 75 * asked)
    assert mark(pool, drawn, {}).right == 0


@given(st.integers(1, 200), st.integers(1, 100))
def test_needed_is_the_smallest_number_that_reaches_the_percentage(ask: int, percent: int) -> None:
    needed = Rules(ask, True, percent, None).needed
    assert 1 <= needed <= ask
    assert needed * 100 >= ask * percent > (needed - 1) * 100
