"""Tables of skills as people and publishers write them: what is read, and what is said of the rest. Pure."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.competencies.plan import Words, plan_skills
from assessments.competencies.table import SkillRow, read_skills
from fourweek.spreadsheets import NotATable, decoded

TWO = (SkillRow(2, "A1", "Weld", "Joins metal.", "https://example.org/a1"), SkillRow(3, "A2", "Cut", "", ""))
COMMAS = "code,title,description,url\nA1,Weld,Joins metal.,https://example.org/a1\nA2,Cut,,\n"


@pytest.mark.parametrize(
    "data",
    [
        COMMAS.encode(),
        b"\xef\xbb\xbf" + COMMAS.replace("\n", "\r\n").encode(),
        COMMAS.replace(",", ";").encode(),
        COMMAS.replace(",", "\t").encode(),
        COMMAS.replace("code,title", "Skill Code,Name").encode(),
        (COMMAS + "A1,Weld,Joins metal.,https://example.org/a1\n\n").encode(),
    ],
    ids=["plain", "mark and CRLF", "semicolons", "tabs", "other names", "a row again"],
)
def test_tables_that_say_the_same(data: bytes) -> None:
    assert read_skills(decoded(data)) == TWO


def test_file_of_esco_is_understood() -> None:
    heads = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,scopeNote,definition,description"
    uri = "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742"
    row = f'KnowledgeSkillCompetence,{uri},knowledge,sector-specific,SQL,"one\ntwo",,,"The language, of databases."'
    (found,) = read_skills(f"{heads}\n{row}\n")
    assert found.said == (uri.rpartition("/")[2], "SQL", "The language, of databases.", uri)


def test_files_of_onet_are_understood() -> None:
    model = "Element ID\tElement Name\tDescription\n2.B.3.k\tTroubleshooting\tDetermining causes of errors.\n"
    assert read_skills(model)[0].said == ("2.B.3.k", "Troubleshooting", "Determining causes of errors.", None)
    heads = "O*NET-SOC Code\tTitle\tElement ID\tElement Name\tScale ID\tData Value\n"
    rows = "11-1011.00\tChief Executives\t2.A.1.c\tWriting\tIM\t4\n15-1252.00\tDevelopers\t2.A.1.c\tWriting\tIM\t3\n"
    assert [one.said for one in read_skills(heads + rows)] == [("2.A.1.c", "Writing", None, None)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty."),
        ("code,title\n", "The file has headings and no rows."),
        ("kode,name of it\n1,2\n", "The first row must name the columns code and title"),
        ("title,description\nWeld,Joins.\n", "It says “title”, “description”."),
        ('code,title\nA1,"Weld\nA2,Cut\n', "A quotation mark that is opened in line 2 or after it is not closed."),
        ("code,title\n" + "A,B\n" * 20_001, "The file has 20,001 rows; at most 20,000 are taken at once."),
    ],
)
def test_what_is_wrong_with_the_whole_is_said(text: str, says: str) -> None:
    with pytest.raises(NotATable, match=re.escape(says)):
        read_skills(text)


def test_latin_1_is_said() -> None:
    with pytest.raises(NotATable, match=r"^The file is not in UTF-8\. Save it as “CSV UTF-8” and send it again\.$"):
        decoded("code,title\nA1,Schweißen\n".encode("latin-1"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",Weld,,", "“code” is missing."),
        ("A1,,,", "“title” is missing."),
        ("A1,We\0ld,,", "“title” holds a sign that cannot be kept."),
        (f"{'A' * 201},Weld,,", "“code” is 201 characters long; at most 200 are kept."),
        (f"A1,Weld,{'x' * 10_001},", "“description” is 10,001 characters long; at most 10,000 are kept."),
        ("A1,Weld,,javascript:alert(1)", "“javascript:alert(1)” is no address that begins with https:// or http://."),
        ("A0,Solder,,", "The code “A0” stands in row 2 already, with other words."),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_line(row: str, says: str) -> None:
    found = read_skills(f"code,title,description,url\nA0,First,,\n{row}\n")
    assert [(one.line, one.problem) for one in found] == [(2, ""), (3, says)]


def test_cells_like_formulas_stay_text() -> None:
    found = read_skills('code,title,description\nA1,=1+1,"\'@SUM(A1)"\nA2,+49,-\n')
    assert [(one.title, one.description) for one in found] == [("=1+1", "@SUM(A1)"), ("+49", "-")]


def test_ten_megabytes_are_read() -> None:
    text = "code,title,description\n" + "".join(f"S{n},Skill {n},{'word ' * 400}\n" for n in range(5_000))
    assert len(text) > 10_000_000
    found = read_skills(text)
    assert (len(found), {one.problem for one in found}) == (5_000, {""})


def test_plan_says_what_becomes_of_every_row() -> None:
    known = {"A1": Words("Weld", "Old words.", "https://example.org/a1"), "A9": Words("Gone from the table", "", "")}
    plan = plan_skills((*TWO, SkillRow(4, "", "x", problem="“code” is missing.")), known)
    assert ([one.code for one in plan.new], [one.code for one in plan.reworded]) == (["A2"], ["A1"])
    assert (plan.same, len(plan.wrong), plan.left, plan.can_be_done) == (0, 1, 1, False)
    silent = SkillRow(2, "A1", "Weld")
    assert (plan_skills([silent], known).same, plan_skills([silent], known).can_be_done) == (1, True)


_CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp"), blacklist_characters="'"))


@given(cells=st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=6), delimiter=st.sampled_from(",;\t"))
@settings(max_examples=100)
def test_every_skill_of_a_table_is_planned_once(cells: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("code", "title"), *cells])
    try:
        rows = read_skills(out.getvalue())
    except NotATable as refused:
        assert str(refused) == "The file has headings and no rows."  # noqa: PT017 a table of empty cells
        return
    plan = plan_skills(rows, {})
    assert len(plan.new) + plan.same + len(plan.wrong) == len(rows) <= len(cells)
    assert {one.said[:2] for one in plan.new} <= {(code, title) for code, title in cells}
    assert len({one.code for one in plan.new}) == len(plan.new)
