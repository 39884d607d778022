"""What the lines of a packet come to by a board's rule. Pure, and always an estimate."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from assessments.credit.rules import contact_hours_text
from assessments.licences.boards import ESTIMATE, BoardRule, all_boards, rule_for
from assessments.licences.counting import Activity, Estimate, estimate
from assessments.licences.lines import LIVE_MODES
from assessments.licences.windows import Window
from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.pieces import BoardEstimate, BoardNeed, StatedLine
from assessments.transcripts.scope import Scope
from assessments.transcripts.sums import minutes_by_category


def estimate_of(scope: Scope, lines: Iterable[TranscriptLine], stated: Iterable[StatedLine]) -> BoardEstimate | None:
    """The sum for the scope's board; None without a board or a whole period. Days are those of the lines themselves.

    The rule is the one in force on the last day. Credit from elsewhere is in no sum but the one that names it.
    """
    rules = all_boards().get(scope.board)
    if not rules or scope.since is None or scope.until is None:
        return None
    rule = rule_for(rules, scope.until)
    window = Window(scope.since, scope.until + timedelta(days=1))
    activities = [*_earned(lines), *_elsewhere(lines, stated)]
    earned = estimate(rule.obligation, window, activities)
    return _said(rule, earned, estimate(rule.obligation, window, activities, with_stated=True))


def _said(rule: BoardRule, found: Estimate, whole: Estimate) -> BoardEstimate:
    return BoardEstimate(
        board=rule.board,
        title=rule.title,
        rule_id=rule.id,
        unit=rule.obligation.unit,
        months=rule.obligation.months,
        required=found.say(found.required),
        earned=found.say(found.earned),
        missing=found.say(found.missing),
        with_stated=whole.say(whole.earned) if whole.stated_minutes else "",
        earned_minutes=found.earned_minutes,
        needs=tuple(
            BoardNeed(
                title=need.title,
                needed_minutes=need.needed,
                minutes=need.minutes,
                stated_minutes=with_stated.minutes - need.minutes,
            )
            for need, with_stated in zip(found.needs, whole.needs, strict=True)
        ),
        cut=tuple(f"{title}: {contact_hours_text(minutes)} hours more than count" for title, minutes in found.cut),
        note=ESTIMATE,
    )


def _earned(lines: Iterable[TranscriptLine]) -> Iterator[Activity]:
    for line in lines:
        if line.status.counts:
            yield Activity(
                title=_title(line),
                day=line.completed_on,
                parts=minutes_by_category(line),
                is_live=line.mode in LIVE_MODES,
                key=line.entry,
            )


def _elsewhere(lines: Iterable[TranscriptLine], stated: Iterable[StatedLine]) -> Iterator[Activity]:
    """Credit from elsewhere, but for what is called and dated like a line of ours: an hour counts once."""
    ours = {(title.casefold(), line.completed_on) for line in lines for title in (line.course_title, _title(line))}
    for row in stated:
        if (row.title.casefold(), row.completed_on) not in ours:
            yield Activity(
                title=row.title,
                day=row.completed_on,
                parts=((row.category, row.minutes),),
                is_live=row.mode in LIVE_MODES,
                is_stated=True,
            )


def _title(line: TranscriptLine) -> str:
    return f"{line.course_title}, {line.module_number} {line.module_title}"
