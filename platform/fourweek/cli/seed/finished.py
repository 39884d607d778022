"""The cohort that is over: who handed in what and when, and who decided. Four met the course, one half of it."""

from typing import Final

from fourweek.cli.seed.calendar import FRIDAY, SATURDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY, When

FINISHED_FIRST_WEEK: Final = -9
W1, W2, W3, W4 = range(FINISHED_FIRST_WEEK, FINISHED_FIRST_WEEK + 4)

# learner, week of the course, work, handed in, grader, decided
FINISHED_TASKS: Final = (
    ("zaneta", 1, "objective-careful", When(W1, THURSDAY, "14:10"), "tom", When(W2, TUESDAY, "10:15")),
    ("kwame", 1, "objective-front-door", When(W1, FRIDAY, "15:30"), "ingrid", When(W2, TUESDAY, "09:40")),
    ("lukas", 1, "objective-small", When(W1, SATURDAY, "07:55"), "tom", When(W2, WEDNESDAY, "16:20")),
    ("olivia", 1, "objective-front-door", When(W1, SUNDAY, "20:45"), "ingrid", When(W2, WEDNESDAY, "08:30")),
    ("tunde", 1, "objective-small", When(W1, SUNDAY, "16:05"), "tom", When(W2, WEDNESDAY, "17:10")),
    ("zaneta", 2, "alert-replayed", When(W2, FRIDAY, "13:20"), "ingrid", When(W3, TUESDAY, "09:05")),
    ("kwame", 2, "alert-28-days", When(W2, SATURDAY, "12:00"), "tom", When(W3, TUESDAY, "11:45")),
    ("lukas", 2, "alert-leak", When(W2, SATURDAY, "15:15"), "tom", When(W3, TUESDAY, "13:30")),
    ("olivia", 2, "alert-plain", When(W2, SUNDAY, "19:20"), "ingrid", When(W3, WEDNESDAY, "10:10")),
    ("tunde", 2, "alert-night", When(W2, SUNDAY, "17:40"), "ingrid", When(W3, WEDNESDAY, "11:00")),
    ("kwame", 3, "plan-two-providers", When(W3, FRIDAY, "16:35"), "ingrid", When(W4, TUESDAY, "08:20")),
    ("zaneta", 3, "plan-two-providers", When(W3, SATURDAY, "11:25"), "tom", When(W4, TUESDAY, "15:50")),
    ("lukas", 3, "plan-opening-hours", When(W3, SUNDAY, "09:30"), "ingrid", When(W4, WEDNESDAY, "09:15")),
    ("olivia", 3, "plan-opening-hours", When(W3, SUNDAY, "21:10"), "tom", When(W4, WEDNESDAY, "12:40")),
    ("zaneta", 4, "review-slow-saturday", When(W4, SATURDAY, "14:45"), "ingrid", When(W4 + 1, TUESDAY, "09:55")),
    ("olivia", 4, "review-certificate", When(W4, SATURDAY, "18:00"), "tom", When(W4 + 1, TUESDAY, "14:20")),
    ("lukas", 4, "review-slow-saturday", When(W4, SUNDAY, "10:05"), "tom", When(W4 + 1, TUESDAY, "16:00")),
    ("kwame", 4, "review-certificate", When(W4, SUNDAY, "17:30"), "ingrid", When(W4 + 1, WEDNESDAY, "10:30")),
)
