"""The JSON about oneself: credit, courses with their dates, and the cohorts that one serves."""

from datetime import date, datetime

from pydantic import Field

from assessments.api.shapes import Shape, example


class CreditLine(Shape):
    """One module as the newest entry of the ledger has it."""

    model_config = example(
        {
            "entry": "01jd0000000000000000000000",
            "course_code": "reliable-services",
            "course_title": "Reliable Services",
            "module": 2,
            "module_title": "Capacity",
            "category": "technical",
            "completed_on": "2026-11-14",
            "minutes": 300,
            "ceu": "0.5",
            "status": "active",
        }
    )

    entry: str = Field(description="The ledger entry behind the line.")
    course_code: str
    course_title: str
    module: int = Field(ge=1)
    module_title: str
    category: str
    completed_on: date = Field(description="A local day of the course.")
    minutes: int = Field(description="Counted minutes, whole.")
    ceu: str = Field(description="Text, never a float. 0.0 for a line that carries no credit.")
    status: str = Field(description="active, amended, revoked or repeat-no-credit.")


class MyCredit(Shape):
    """One page of the lines of whoever asks, newest first, and what all of them come to."""

    model_config = example({"lines": [], "ceu_total": "0.0", "page": 1, "per_page": 25, "total": 0})

    lines: list[CreditLine]
    ceu_total: str = Field(description="Of all lines that carry credit, not of this page alone.")
    page: int
    per_page: int
    total: int


class ModuleDates(Shape):
    """When a module opens and what it asks for is due, for whoever asks: extensions are in it."""

    number: int = Field(ge=1)
    title: str
    opens_at: datetime
    due_at: datetime | None = Field(description="null: nothing is due.")
    late_until: datetime | None = Field(description="The same as due_at: no late work is taken; null: no end is set.")
    closes_at: datetime | None = Field(description="null: never by itself.")
    is_open: bool


class MyCourse(Shape):
    """A place in a cohort."""

    model_config = example(
        {
            "cohort": "01jd0000000000000000000001",
            "cohort_name": "Autumn",
            "course_code": "reliable-services",
            "course_title": "Reliable Services",
            "state": "active",
            "zone": "Europe/Berlin",
            "page": "https://learn.example/cohorts/01jd0000000000000000000001",
            "modules": [
                {
                    "number": 1,
                    "title": "Promises",
                    "opens_at": "2026-11-02T08:00:00Z",
                    "due_at": "2026-11-08T22:59:00Z",
                    "late_until": "2026-11-08T22:59:00Z",
                    "closes_at": None,
                    "is_open": True,
                }
            ],
        }
    )

    cohort: str
    cohort_name: str
    course_code: str
    course_title: str
    state: str = Field(description="How the enrolment stands.")
    zone: str = Field(description="IANA zone that the dates were set in.")
    page: str
    modules: list[ModuleDates]


class MyCourses(Shape):
    """One page of the courses of whoever asks, those that start last first."""

    model_config = example({"courses": [], "page": 1, "per_page": 25, "total": 0})

    courses: list[MyCourse]
    page: int
    per_page: int
    total: int


class ServedCohort(Shape):
    """A cohort in which whoever asks grades, leads, teaches or runs things. No learner is named."""

    model_config = example(
        {
            "cohort": "01jd0000000000000000000001",
            "cohort_name": "Autumn",
            "course_code": "reliable-services",
            "course_title": "Reliable Services",
            "starts_on": "2026-11-02",
            "zone": "Europe/Berlin",
            "learners": 12,
            "page": "https://learn.example/cohorts/01jd0000000000000000000001",
        }
    )

    cohort: str
    cohort_name: str
    course_code: str
    course_title: str
    starts_on: date
    zone: str
    learners: int = Field(description="Enrolments that were not withdrawn.")
    page: str


class MyCohorts(Shape):
    """One page of the cohorts that whoever asks serves, those that start last first."""

    model_config = example({"cohorts": [], "page": 1, "per_page": 25, "total": 0})

    cohorts: list[ServedCohort]
    page: int
    per_page: int
    total: int
