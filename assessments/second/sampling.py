"""Which submissions a second grader rates too. Pure."""

from hashlib import sha256

from assessments.grading.models import Outcome
from assessments.second.models import SampledFor
from assessments.terms.models import GradingTerms

_SIZE = 2**64


def sampled_for(terms: GradingTerms, done_before: int, outcome: Outcome, submission_id: str) -> SampledFor | None:
    """Why this submission is rated twice, by its cohort's terms; None where one rating is enough.

    `done_before` counts the submissions of this rubric whose first rating was done before, `outcome` is what this
    first rating says.
    """
    if done_before < terms.second_first:
        return SampledFor.NEW_RUBRIC
    if terms.second_not_yet and outcome is Outcome.NOT_YET:
        return SampledFor.NOT_YET
    return SampledFor.SAMPLE if in_sample(submission_id, terms.second_percent) else None


def in_sample(submission_id: str, percent: int) -> bool:
    """Whether it is one of `percent` in a hundred: always the same answer, and never "no" again for a larger share."""
    drawn = int.from_bytes(sha256(f"second rating of {submission_id}".encode()).digest()[:8])
    return drawn * 100 < percent * _SIZE
