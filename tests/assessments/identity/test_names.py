"""What learners, graders and files are called."""

from dataclasses import dataclass

import pytest

from assessments.identity.names import file_called, grader_called, hides, learner_called, names_of, neutral_name


@dataclass(frozen=True)
class Row:
    pseudonym: str = "P-7K2Q9MHT"
    learner_name: str = "Ada Brook"
    anonymous: bool = False
    revealed: bool = False
    legal_name: str = "Ada Brook"
    former_names: str | None = None


@pytest.mark.parametrize(
    ("row", "called", "hidden"),
    [
        (Row(), "Ada Brook", False),
        (Row(anonymous=True), "P-7K2Q9MHT", True),
        (Row(anonymous=True, revealed=True), "Ada Brook", False),
    ],
)
def test_a_pseudonym_stands_for_whoever_is_hidden(row: Row, called: str, *, hidden: bool) -> None:
    assert (learner_called(row), hides(row)) == (called, hidden)


def test_a_learner_reads_no_grader_s_name_where_grading_is_anonymous() -> None:
    assert grader_called("Greta Grant", anonymous=False) == "Greta Grant"
    assert grader_called("Greta Grant", anonymous=True) == "a grader"
    assert grader_called("Lena Moor", anonymous=True, lead=True) == "a lead"


@pytest.mark.parametrize(
    ("name", "neutral"),
    [
        ("ada-brook.PDF", "P-7K2Q9MHT-report-2.pdf"),
        ("report.ada-brook", "P-7K2Q9MHT-report-2.bin"),
        ("ada", "P-7K2Q9MHT-report-2.bin"),
        ("ada.tar.gz", "P-7K2Q9MHT-report-2.gz"),
    ],
)
def test_of_a_file_s_own_name_only_a_known_ending_stays(name: str, neutral: str) -> None:
    assert neutral_name("P-7K2Q9MHT", "report", 1, name) == neutral
    assert file_called(Row(anonymous=True), "report", 1, name) == neutral
    assert file_called(Row(), "report", 1, name) == name


def test_every_name_the_learner_had_counts() -> None:
    assert names_of(Row()) == ("Ada Brook",)
    assert names_of(Row(former_names="Ada Reed\nAda Brook")) == ("Ada Brook", "Ada Reed")
