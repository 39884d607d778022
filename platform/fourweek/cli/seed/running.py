"""The cohort in its third week: who handed in what and when, and what was decided about it so far."""

from typing import Final

from fourweek.cli.seed.calendar import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY, When

RUNNING_FIRST_WEEK: Final = -2
W1, W2, W3 = range(RUNNING_FIRST_WEEK, RUNNING_FIRST_WEEK + 3)

# learner, week of the course, work, handed in; the last one is late
RUNNING_TASKS: Final = (
    ("amara", 1, "objective-front-door", When(W1, WEDNESDAY, "14:20")),
    ("rafael", 1, "objective-careful", When(W1, THURSDAY, "17:45")),
    ("grace", 1, "objective-uptime", When(W1, FRIDAY, "19:10")),
    ("priya", 1, "objective-careful", When(W1, SATURDAY, "10:50")),
    ("daniela", 1, "objective-small", When(W1, SATURDAY, "13:35")),
    ("weiling", 1, "objective-front-door", When(W1, SUNDAY, "07:20")),
    ("huimin", 1, "objective-careful", When(W1, SUNDAY, "08:15")),
    ("jonas", 1, "objective-small", When(W1, SUNDAY, "14:55")),
    ("ananya", 1, "objective-small", When(W1, SUNDAY, "11:40")),
    ("grace", 1, "objective-uptime-again", When(W2, THURSDAY, "20:30")),
    ("amara", 2, "alert-replayed", When(W2, WEDNESDAY, "15:05")),
    ("daniela", 2, "alert-processor", When(W2, THURSDAY, "18:10")),
    ("weiling", 2, "alert-wrong-file", When(W2, FRIDAY, "08:30")),
    ("ananya", 2, "alert-leak", When(W2, FRIDAY, "10:25")),
    ("huimin", 2, "alert-copied", When(W2, SATURDAY, "08:05")),
    ("rafael", 2, "alert-plain", When(W2, SATURDAY, "17:30")),
    ("grace", 2, "alert-night", When(W2, SUNDAY, "20:15")),
    ("jonas", 2, "alert-28-days", When(W3, MONDAY, "04:50")),
)

# learner, week of the course, grader, decided
RUNNING_DECIDED: Final = (
    ("amara", 1, "tom", When(W2, MONDAY, "10:30")),
    ("rafael", 1, "ingrid", When(W2, MONDAY, "11:20")),
    ("grace", 1, "ingrid", When(W2, TUESDAY, "09:35")),
    ("priya", 1, "tom", When(W2, TUESDAY, "10:05")),
    ("daniela", 1, "tom", When(W2, TUESDAY, "10:50")),
    ("weiling", 1, "ingrid", When(W2, TUESDAY, "11:15")),
    ("huimin", 1, "tom", When(W2, TUESDAY, "15:00")),
    ("jonas", 1, "ingrid", When(W2, WEDNESDAY, "08:40")),
    ("ananya", 1, "tom", When(W2, WEDNESDAY, "13:10")),
    ("amara", 2, "tom", When(W2, FRIDAY, "11:10")),
    ("grace", 1, "tom", When(W2, SATURDAY, "09:20")),
    ("daniela", 2, "ingrid", When(W2, SATURDAY, "10:00")),
    ("weiling", 2, "tom", When(W2, SATURDAY, "10:45")),
)
