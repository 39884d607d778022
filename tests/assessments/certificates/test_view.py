"""What stands on a certificate: every field that boards ask for, and nothing that is not so."""

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

from pypdf import PdfReader

from assessments.certificates.maker import certificate_pdf
from assessments.certificates.view import view_of
from assessments.transcripts.parts import LineStatus
from assessments.transcripts.scope import Scope, module_key
from tests.assessments.certificates.factory import certificate, full_lines
from tests.assessments.transcripts.factory import ISSUER, line


def said(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = view_of(certificate(**changes))["certificate"]
    return found


def facts(found: dict[str, Any]) -> dict[str, str]:
    return {row["label"]: row["text"] for row in found["facts"]}


def test_a_whole_course_says_what_boards_ask_for() -> None:
    found = said()
    assert (found["sentence"], found["title"]) == ("has completed the course", "Running a Reliable Service")
    assert found["completed"] == "Completed on 6 November 2024"
    assert found["figures"] == [
        {"value": "10.0", "label": "contact hours"},
        {"value": "1.0", "label": "CEU"},
        {"value": "10.0", "label": "PDH"},
    ]
    assert facts(found) == {
        "Dates": "14 October 2024 to 6 November 2024 (America/New_York)",
        "How it was taught": "Live online (two evenings a week)",
        "Place": "Online",
        "Instructor": "Ingrid Solheim, PE",
        "Subjects, in hours": "Ethics 2:25, Technical 7:35",
        "Counted time": "600 minutes",
        "Assessment": "Evidence judged against a rubric",
        "Result": "Demonstrated",
        "Attendance": "Attended 3 of 4 live sessions, made up 1",
        "Identity": "Confirmed, identity document seen by video, 1 October 2024",
    }
    assert found["licences"] == ["Professional engineer, New York, licence 091234 (as stated by the learner)"]
    (approval,) = found["approvals"]
    assert approval["number"] == "provider number EX-2210, course number RS-01"
    assert approval["statement"].startswith("Harbour Institute of Technology is approved by the Example Board")
    assert (found["outcomes"], found["rules"]) == (
        ["Measures what users notice"],
        "ceu-nearest-2018, pdh-half-hour-2018",
    )


def test_a_part_of_a_course_is_never_called_the_course() -> None:
    assert said(lines=full_lines()[:3])["sentence"] == "has completed 3 of the 4 modules of the course"
    assert said(courses=())["sentence"] == "has completed 4 modules of the course"
    period = Scope(since=date(2024, 10, 1))
    assert said(lines=full_lines()[2:], scope=period)["sentence"] == (
        "has completed in this period 2 of the 4 modules of the course"
    )


def test_a_module_is_called_one() -> None:
    found = said(lines=full_lines()[2:3], scope=Scope(courses=("reliable-services",), module="0-3"))
    assert (found["sentence"], found["title"], found["modules"]) == ("has completed the module", "Change safely", [])
    assert found["below"] == "Module 3 of “Running a Reliable Service”. Course reliable-services, version 1.0"
    assert [row["value"] for row in found["figures"]] == ["2:35", "0.3", "2.5"]


def test_nothing_is_claimed_that_nobody_said() -> None:
    found = said(lines=[line()], learner=replace(certificate().learner, licences=()), issuer=ISSUER)
    assert (found["approvals"], found["licences"], found["outcomes"], found["earned_as"]) == ([], [], [], "")
    assert not {"Instructor", "Attendance", "Identity", "Place"} & set(facts(found))


def test_a_name_of_that_day_stands_beside_the_one_of_now() -> None:
    then = [replace(one, earned_as="Amara Okonkwo") for one in full_lines()]
    assert said(lines=then)["earned_as"] == "Amara Okonkwo"


def test_an_approval_that_no_line_had_is_not_printed() -> None:
    assert said(lines=[replace(one, approvals=()) for one in full_lines()])["approvals"] == []


def test_a_line_that_was_checked_is_said_with_its_day() -> None:
    learner = certificate().learner
    licence = replace(learner.licences[0], source="checked", checked_on=date(2026, 3, 1))
    found = said(learner=replace(learner, licences=(licence,)))
    assert found["licences"] == ["Professional engineer, New York, licence 091234 (checked on 1 March 2026)"]


def test_it_is_one_page_with_its_record_inside_and_the_code_to_read() -> None:
    taken = certificate([replace(one, status=LineStatus.AMENDED) for one in full_lines()])
    reader = PdfReader(io.BytesIO(certificate_pdf(taken)))
    (page,) = reader.pages
    text = " ".join(page.extract_text().split())
    for words in ("Certificate of completion", "Amara Okonkwo-Lindqvist", "7K3M-9QX2-TB8W-4HZA", "Maria Oduya"):
        assert words in text
    assert "Page 1 of 1" in text
    assert reader.attachments == {"certificate.json": [taken.to_json()]}
    assert json.loads(taken.to_json())["kind"] == "certificate"


def test_a_module_keeps_its_scope_when_its_entry_is_corrected() -> None:
    third = full_lines()[2]
    scope = Scope(courses=("reliable-services",), module=module_key(third))
    corrected = replace(third, entry="another", status=LineStatus.AMENDED)
    assert [scope.holds(one) for one in (third, corrected, full_lines()[1])] == [True, True, False]
