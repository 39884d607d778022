"""An event comes to its rounded totals again, whatever was taken out of it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.corrections.recount import Line, Written, recount
from assessments.credit.amounts import Amount, Part
from assessments.credit.rulebook import load_rule
from assessments.credit.rules import credit_steps

CEU, PDH = load_rule("ceu-nearest-2018"), load_rule("pdh-half-hour-2018")


def pdh(steps: int) -> tuple[Amount, ...]:
    return (Amount("PDH", PDH.id, steps),)


def new(key: str, minutes: int) -> Line:
    return Line(key, (Part("technical", minutes),), CEU.id, amounts=pdh(0), is_new=True)


def event(minutes: list[int]) -> list[Line]:
    """Lines as they are recorded module after module."""
    lines = [new(str(place), count) for place, count in enumerate(minutes)]
    return [
        replace(line, tenths=one.tenths, amounts=one.amounts, is_new=False)
        for one, line in zip(recount(lines), lines, strict=True)
    ]


def test_nothing_is_written_where_all_is_right() -> None:
    lines = event([150, 150, 150, 150])
    assert [one.tenths for one in lines] == [3, 2, 3, 2]
    assert recount(lines) == ()
    assert recount([]) == ()


def test_the_last_line_makes_up_for_a_step_that_its_rounding_left() -> None:
    """0.2, 0.3 and 0.2 of three times 150 minutes are 0.7; 450 minutes are 0.8."""
    assert recount(event([150, 150, 150, 150])[1:]) == (Written("3", 300, 3, pdh(5)),)


def test_a_corrected_line_comes_last_and_leaves_the_others_alone() -> None:
    lines = event([150, 150, 150, 150])
    again = [lines[0], *lines[2:], new("1", 120)]
    assert recount(again) == (Written("1", 450, 2, pdh(4)),)


def test_several_lines_are_written_anew_where_one_would_fall_below_nothing() -> None:
    lines = event([89, 1, 1])
    assert [one.tenths for one in lines] == [1, 1, 0]
    assert [(one.key, one.tenths) for one in recount(lines[1:])] == [("1", 0)]


def test_a_repeat_counts_in_no_ceu_and_in_what_it_holds() -> None:
    first, repeat = new("0", 100), replace(new("1", 80), is_repeat=True)
    assert recount([first, repeat]) == (Written("0", 0, 2, pdh(3)), Written("1", 100, 0, pdh(3)))
    bare = replace(repeat, amounts=())
    assert recount([bare]) == (Written("1", 0, 0, ()),)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.data())
def test_any_event_is_right_to_the_step_after_any_change(minutes: list[int], data: st.DataObject) -> None:
    lines = event(minutes)
    gone = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    anew = data.draw(st.none() | st.integers(1, 600))
    if anew is not None:
        lines.append(new(gone.key, anew))
    written = {one.key: one for one in recount(lines)}
    now = [written.get(line.key, line) for line in lines]
    whole = sum(one.minutes for one in lines)
    assert sum(one.tenths for one in now) == credit_steps(whole, CEU)
    assert sum(one.amounts[0].steps for one in now) == credit_steps(whole, PDH)
    assert all(one.tenths >= 0 and one.amounts[0].steps >= 0 for one in written.values())
