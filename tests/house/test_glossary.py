"""The glossary is kept: every word once, and every class it names is there."""

import importlib
import re

import pytest

from tests.house.sources import ROOT

TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")
WORDS = re.findall(r"^\*\*(\w+)\*\* — ", TEXT, re.MULTILINE)
CLASSES = sorted(set(re.findall(r"`((?:fourweek|courses|assessments)(?:\.\w+)+)`", TEXT)))

EXPECTED = (
    "Course CourseVersion Module Lesson Assignment Requirement Cohort Section Pause Enrolment PlaceRequest "
    "Release Extension LiveSession Attendance Announcement Question Notice Submission Evidence Tombstone LegalHold "
    "Erasure Consent "
    "Receipt Upload ScanVerdict KnowledgeCheck Coaching "
    "Competency Framework Skill Rubric Criterion Level DecisionRule GradingTerms Holiday Conflict CompletenessCheck "
    "Pseudonym Reveal GraderNote BankComment Claim Rating SecondRating Decision DecisionReview Posting Anchor Appeal "
    "Achievement Award "
    "CredentialIssue IssuerAddress StatusList SeriesRule Verdict CreditEntry CreditType CreditEvent Equivalence "
    "Correction CreditHold IdentityCheck Transcript Scope Snapshot Superseded Certificate CLR Code Disclosure Seal "
    "Merge NameChange ReportLayout Obligation "
    "Licence Series Lead Role Provider SignIn SignUp KnownDevice Webhook Backup Worker"
)


def test_every_word_is_explained_once() -> None:
    assert sorted(WORDS) == sorted(EXPECTED.split())


@pytest.mark.parametrize("dotted", CLASSES)
def test_what_the_glossary_names_is_there(dotted: str) -> None:
    module, _, wanted = dotted.rpartition(".")
    assert isinstance(getattr(importlib.import_module(module), wanted), type)


def test_the_glossary_names_classes() -> None:
    assert len(CLASSES) > 20
