"""Reading a table of people, and saying what it would do. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.enrolment.models import EnrolmentState, RequestKind
from courses.enrolment.roster.plan import Fate, ImportPlan, Known, Purpose, plan_import
from courses.enrolment.roster.table import MOST_ROWS, TableRow, read_table
from fourweek.spreadsheets import NotATable

ADA = TableRow(2, "Ada Byron", "ada@example.org", "")
SIGN = "The name begins with a sign such as “=”, or has one that cannot be printed."
HERE = Known("p1", "Ada Byron", "UTC", has_password=True)


@pytest.mark.parametrize(
    "text",
    [
        "name,email,section\nAda Byron,ada@example.org,\n",
        "\ufeffE-Mail;Full Name\nADA@example.org;  Ada   Byron \n",
        "First name\tLast name\tMail address\tGroup\nAda\tByron\tada@example.org\t\n",
        "\nAda Byron,ada@example.org\n",
        "\nada@example.org;Ada Byron\n",
        'learner,e_mail,ignored\n"Ada Byron","ada@example.org",=1+1\n',
    ],
)
def test_headings_and_signs_between_columns_are_taken_as_people_write_them(text: str) -> None:
    assert read_table(text) == [ADA]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Ada Byron,", "The e-mail address is missing."),
        ("Ada Byron,ada@example", "“ada@example” is no e-mail address."),
        ("Ada Byron,ada example@x.org", "“ada example@x.org” is no e-mail address."),
        (
            '"=HYPERLINK(""x"")",ada@example.org',
            "The name begins with a sign such as “=”, or has one that cannot be printed.",
        ),
        ("+49 Ada,ada@example.org", "The name begins with a sign such as “=”, or has one that cannot be printed."),
        ("Ada ❦,ada@example.org", "Transcripts cannot print ❦ (U+2766): write this with other letters."),
        (f"{'A' * 201},ada@example.org", "The name has 201 characters; at most 200 are kept."),
        (f"Ada,{'a' * 250}@example.org", f"“{'a' * 60}” is no e-mail address."),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(row: str, says: str) -> None:
    (one,) = read_table(f"name,email\n{row}\n")
    assert (one.line, one.problem) == (2, says)


def test_letters_that_need_a_joiner_between_them_are_a_name() -> None:
    (one,) = read_table("name,email\nمی\u200cخواهم,ada@example.org\n")
    assert one.problem == ""


def test_the_same_address_twice_names_the_first_row() -> None:
    rows = read_table("name,email\nAda Byron,ada@example.org\n\nAda B,ADA@Example.org\nIda,ida@example.org\n")
    assert [(row.line, row.problem) for row in rows] == [(2, ""), (4, "The same address stands in row 2."), (5, "")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is nobody in this table."),
        ("name,email\n", "There is nobody in this table."),
        ("name,section\nAda,A\n", "No column is called “email”."),
        ('name,email\n"Ada,ada@example.org\n', "is not closed"),
        ("email\n" + "a@example.org\n" * (MOST_ROWS + 1), "at most 2000 are taken at once"),
        ("email\n" + "x" * 1024 * 1024, "larger than 1 MB"),
    ],
)
def test_what_is_no_table_of_people_is_refused(text: str, says: str) -> None:
    with pytest.raises(NotATable, match=says):
        read_table(text)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        rows = read_table(text)
    except NotATable:
        return
    assert all(row.problem or "@" in row.address for row in rows)


def planned(
    *rows: TableRow, known: Known | None = None, purpose: Purpose = Purpose.ENROL, left: int | None = None
) -> ImportPlan:
    return plan_import(
        rows, {ADA.address: known} if known else {}, {"evenings": "s1"}, purpose=purpose, left=left, beyond=False
    )


def row(line: int, **changes: str) -> TableRow:
    return TableRow(
        line,
        changes.get("name", f"P{line}"),
        changes.get("address", f"p{line}@example.org"),
        changes.get("section", ""),
    )


@pytest.mark.parametrize(
    ("known", "fate"),
    [
        (None, Fate.NEW),
        (HERE, Fate.KNOWN),
        (Known("p1", "Ada", "UTC", True, enrolment_id="e", state=EnrolmentState.ACTIVE), Fate.HAS_PLACE),
        (Known("p1", "Ada", "UTC", True, enrolment_id="e", state=EnrolmentState.COMPLETED), Fate.HAS_PLACE),
        (Known("p1", "Ada", "UTC", True, enrolment_id="e", state=EnrolmentState.WITHDRAWN), Fate.BACK),
        (Known("p1", "Ada", "UTC", True, request=RequestKind.INVITATION), Fate.KNOWN),
        (Known("p1", "Ada", "UTC", True, disabled=True), Fate.WRONG),
    ],
)
def test_what_happens_to_a_row(known: Known | None, fate: Fate) -> None:
    (one,) = planned(ADA, known=known).rows
    assert one.fate is fate


@pytest.mark.parametrize(
    ("request_kind", "fate"),
    [
        (RequestKind.INVITATION, Fate.INVITED),
        (RequestKind.WAITLIST, Fate.IN_LINE),
        (RequestKind.APPROVAL, Fate.KNOWN),
    ],
)
def test_an_invitation_takes_nobody_out_of_the_line(request_kind: RequestKind, fate: Fate) -> None:
    known = Known("p1", "Ada", "UTC", True, request=request_kind)
    (one,) = planned(ADA, known=known, purpose=Purpose.INVITE).rows
    assert one.fate is fate


def test_sections_are_known_by_name_however_they_are_written() -> None:
    plan = planned(row(2, section="Evenings"), row(3, section="EVENINGS"), row(4, section="Mornings"))
    assert [one.section_id for one in plan.rows] == ["s1", "s1", None]
    assert plan.rows[2].problem == "The cohort has no section “Mornings”."
    assert not plan.can_be_done


def test_places_are_given_in_order_and_those_beyond_are_said() -> None:
    rows = [row(2), ADA, row(4), row(5)]
    has_place = Known("p1", "Ada", "UTC", True, enrolment_id="e", state=EnrolmentState.ACTIVE)
    plan = planned(*rows, known=has_place, left=2)
    assert [one.fate for one in plan.rows] == [Fate.NEW, Fate.HAS_PLACE, Fate.NEW, Fate.WRONG]
    assert [one.fate for one in planned(*rows, left=2, purpose=Purpose.INVITE).rows] == [Fate.NEW] * 4
    beyond = plan_import(rows, {}, {}, purpose=Purpose.ENROL, left=2, beyond=True)
    assert beyond.can_be_done


def test_the_fingerprint_is_of_the_rows_and_of_what_would_happen() -> None:
    first = planned(ADA).fingerprint
    others = [planned(row(2)), planned(ADA, known=HERE), planned(ADA, purpose=Purpose.INVITE), planned(ADA, ADA)]
    assert len({first, *(plan.fingerprint for plan in others)}) == 5
    assert planned(ADA).fingerprint == first


def test_a_new_person_needs_a_name_and_a_known_one_keeps_theirs() -> None:
    nameless = row(2, name="", address=ADA.address)
    assert planned(nameless).rows[0].problem == "The name is missing, and nobody here has this address."
    assert planned(nameless, known=HERE).rows[0].fate is Fate.KNOWN
    other = row(2, name="Ada Lovelace", address=ADA.address)
    assert planned(other, known=HERE).rows[0].note == "Known here as Ada Byron; that name stays."
