"""Outcomes and times of grading in words. The tables are marked here and said with `_` where they are shown."""

from datetime import datetime

from assessments.evidence.models import Step
from assessments.grading.models import Outcome, Way
from courses.schedule.words import say_time
from courses.schedule.zones import zone
from fourweek.language import N_

OUTCOMES = {
    Outcome.DEMONSTRATED: N_("Demonstrated"),
    Outcome.NOT_YET: N_("Not yet demonstrated"),
    Outcome.RETURNED_INCOMPLETE: N_("Returned as incomplete"),
}
DECIDED = {
    Outcome.DEMONSTRATED: N_("Decided: demonstrated."),
    Outcome.NOT_YET: N_("Decided: not yet demonstrated."),
    Outcome.RETURNED_INCOMPLETE: N_("Decided: returned as incomplete."),
}
ATTEMPTS = {
    Outcome.DEMONSTRATED: N_("Attempt {number}: demonstrated"),
    Outcome.NOT_YET: N_("Attempt {number}: not yet demonstrated"),
    Outcome.RETURNED_INCOMPLETE: N_("Attempt {number}: returned as incomplete"),
}
TONES = {Outcome.DEMONSTRATED: "good", Outcome.NOT_YET: "info", Outcome.RETURNED_INCOMPLETE: "plain"}
WAITS: dict[Step | None, str] = {
    Step.SECOND: N_(
        "Your rating is done. A second grader rates this too, without seeing yours; nothing is posted before."
    ),
    Step.RECONCILING: N_("Your rating is done. The two ratings differ; a lead reads both and decides."),
}
"""What a grader reads when their rating is done and the submission is not decided by it."""
WAYS = {
    Way.ONE_RATING: N_("One rating"),
    Way.AGREED: N_("Two ratings that agree"),
    Way.RECONCILED: N_("Two ratings, settled by a lead"),
    Way.CHANGED: N_("Changed by staff"),
    Way.APPEALED: N_("After an appeal"),
}


def clock(instant: datetime, zone_name: str) -> str:
    """The time of day somebody there reads, such as "14:02 (Europe/Berlin)"."""
    return f"{say_time(instant.astimezone(zone(zone_name)).time())} ({zone_name})"
