"""One thing broken at a time, and the one sentence that says so with its place."""

from pathlib import Path

import pytest

from courses.packages import has_errors, read_package
from courses.packages.models import Severity
from tests.courses.packages.factories import change, copy_course

LESSON = "week1/01-pressure.md"

MANIFEST_FAULTS = [
    ("format = 1", "format = 2", "2: error: This program reads format 1."),
    ("format = 1", "", 'None: error: The key "format" is missing.'),
    ('code = "pump-care"', 'code = "Pump Care"', '5: error: "Pump Care" is not 2 to 60 small letters'),
    ('title = "Care of a Small Pump"', "", '4: error: The key "title" is missing.'),
    ('title = "Care of a Small Pump"', "title = 5", '6: error: "title" must be text in quotes.'),
    (
        'title = "Care of a Small Pump"',
        'titel = "x"',
        '6: error: "titel" is not a known key here. Did you mean "title"?',
    ),
    ('summary = "Keep', 'summary = "\\u0000Keep', '7: error: "summary" holds control characters.'),
    ('language = "en"', 'language = "English"', '9: error: "English" is not a language code such as "en".'),
    ('version = "1.2"', 'version = "1"', '10: error: "1" is not two numbers, such as "1.0".'),
    ('skills = ["Maintenance", "Measurement"]', "skills = [1]", '15: error: "skills" may hold only texts'),
    ('category = "technical"', 'category = "tecnical"', '32: error: "tecnical" is not one of technical, ethics,'),
    ("[credit]", "[credits]", 'None: error: The table "credit" is missing.'),
    ("[credit]", "[credits]", '31: error: "credits" is not a known key here. Did you mean "credit"?'),
    ('key = "repair"\ntitle = "Repair"', 'key = "measure"\ntitle = "Repair"', '41: error: The competency "measure" is'),
    ("minutes = 40", "minutes = 0", '52: error: "minutes" is 0; it must be from 1 to 10000.'),
    ("minutes = 40", "minutes = 40.5", '52: error: "minutes" must be a whole number.'),
    ("minutes = 10\ncountable = false", "minutes = 10\ncountable = true", "59: error: A break is no contact time"),
    ("minutes = 10\ncountable = false", "minutes = 10", '55: error: The key "countable" is missing'),
    ('kind = "reference"', 'kind = "refrence"', 'Did you mean "reference"?'),
    (
        'file = "week1/01-pressure.md"',
        'file = "week1/01-presure.md"',
        '62: error: The file "week1/01-presure.md" is miss',
    ),
    ('file = "week1/01-pressure.md"', 'file = "week1/01-presure.md"', 'Did you mean "week1/01-pressure.md"?'),
    ('file = "week1/01-pressure.md"', 'file = "../course/words.md"', '62: error: "../course/words.md" is not a path'),
    (
        'file = "week1/01-pressure.md"',
        'file = "/etc/passwd"',
        '62: error: "/etc/passwd" is not a path inside the source.',
    ),
    ('file = "week1/01-pressure.md"', 'file = "words.md"', '69: error: The file "words.md" is already used'),
    ('slug = "glossary"', 'slug = "pressure"', '71: error: Two lessons of this module have the slug "pressure".'),
    ('slug = "glossary"', 'slug = "Glossary!"', '71: error: "Glossary!" may hold only small letters'),
    (
        'key = "repair"\ntitle = "A repair"',
        'key = "reading"\ntitle = "A repair"',
        'The assignment "reading" is there twice.',
    ),
    (
        'description = "about.md"',
        'description = "abuot.md"',
        '8: error: The file "abuot.md" is missing. Did you mean "about',
    ),
    ('name = "A. Keeper"', 'nmae = "A. Keeper"', '17: error: "nmae" is not a known key here. Did you mean "name"?'),
    (
        "see [the licence](https:",
        "see [the licence](javascript:",
        "links go to http, https, mailto or into the course.",
    ),
    (
        'name = "Pump Keeper"',
        'name = "x"\nvalid_months = 0',
        '23: error: "valid_months" is 0; it must be from 1 to',
    ),
    ('name = "Pump Keeper"', 'name = "x"\npicture = "bagde.png"', '23: error: The file "bagde.png" is missing.'),
    ('name = "Pump Keeper"', 'name = "x"\npicture = "../badge.png"', '23: error: "../badge.png" is not a path inside'),
    ('name = "Pump Keeper"', 'name = "x"\npicture = "words.md"', '23: error: "words.md" is no picture that a badge'),
    ('name = "Pump Keeper"', 'icon = "gear"\nname = "x"\npicture = "week1/fig/pump.svg"', "22: error: The badge has a"),
    ("format = 1", "format = = 1", "2: error: This is not valid TOML: Invalid value."),
    ("[course]", "[course", "4: error: This is not valid TOML"),
]

PAGE_FAULTS = [
    (LESSON, "(fig/pump.svg)", "(fig/pmup.svg)", '27: error: The file "week1/fig/pmup.svg" is missing. Did you mean'),
    (LESSON, "![dot](fig/dot.png)", "![](fig/dot.png)", "29: error: This picture has no alternative text"),
    (
        LESSON,
        "![dot](fig/dot.png)",
        "![dot](https://example.org/dot.png)",
        '29: error: "https://example.org/dot.png": a pict',
    ),
    (LESSON, "![dot](fig/dot.png)", "![dot](data/values.csv)", '29: error: "data/values.csv" is no picture'),
    (
        LESSON,
        "../words.md#gauge",
        "../wrods.md#gauge",
        '20: error: The file "wrods.md" is missing. Did you mean "words.md"?',
    ),
    (
        LESSON,
        "../words.md#gauge",
        "../words.md#gouge",
        '20: error: The page "words.md" has no place called "#gouge". Did',
    ),
    (LESSON, "../words.md#gauge", "../../words.md", '20: error: "../../words.md" leaves the folder of the course.'),
    (LESSON, "../words.md#gauge", "/words.md", '20: error: "/words.md" leaves the folder of the course.'),
    (LESSON, "../words.md#gauge", "//example.org/x", '20: error: "//example.org/x": links go to http'),
    (LESSON, "../words.md#gauge", "javascript:alert(1)", '20: error: "javascript:alert(1)": links go to http, https'),
    (LESSON, "../words.md#gauge", "../pump.exe", '20: error: The file "pump.exe" is missing.'),
    (
        LESSON,
        "<kbd>Enter</kbd>",
        "<script>alert(1)</script>",
        "19: error: <script> may not be used; it is shown as text.",
    ),
    (LESSON, "<kbd>Enter</kbd>", "<kbd onclick='x()'>Enter</kbd>", '19: error: "onclick" may not be used in HTML'),
    (LESSON, "<kbd>Enter</kbd>", "<your name>", "19: warning: <your name> is no HTML tag that is known here"),
    (LESSON, ":::::::: objectives", ":::::::: objectivs", '9: warning: "::: objectivs" is not a kind that is known'),
    (LESSON, "- Bars add up.\n\n:::", "- Bars add up.", '104: error: "::: keypoints" is never closed.'),
    (LESSON, "- Read a gauge.\n\n::::", "- Read a gauge.\n\n::::\n\n:::", "15: error: This ::: closes nothing."),
    (
        LESSON,
        "|              |         |      |\n",
        "|              |  |      |\n",
        "94: error: This line of the grid table",
    ),
    (
        LESSON,
        "## Gauges {#dials}",
        "## Gauges {#dials}\n\n[x]{#dials}",
        '24: error: The anchor "dials" is there twice.',
    ),
    (LESSON, "teaching: 20", "teaching: twenty", '3: error: "teaching" in the front matter must be whole minutes.'),
    (LESSON, 'title: "Pressure', 'title: ["Pressure', "error: The front matter is not valid YAML."),
    (
        "about.md",
        "## After it",
        "[Lesson](week1/01-pressure.md)",
        "7: error: The public description cannot link to a lesson",
    ),
    (
        "week1/fig/pump.svg",
        "<rect",
        "<script>1</script><rect",
        "None: error: The SVG holds a script; a picture may only draw.",
    ),
]


def said(folder: Path) -> list[str]:
    _, problems = read_package(folder)
    return [f"{problem.line}: {problem.severity}: {problem.message}" for problem in problems]


@pytest.mark.parametrize(("old", "new", "expected"), MANIFEST_FAULTS)
def test_fault_in_the_manifest_is_said_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", old, new)
    assert any(expected in words for words in said(folder)), said(folder)
    assert has_errors(read_package(folder)[1])


@pytest.mark.parametrize(("file", "old", "new", "expected"), PAGE_FAULTS)
def test_fault_in_a_page_is_said_with_its_line(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    folder = copy_course(tmp_path)
    change(folder / file, old, new)
    _, problems = read_package(folder)
    found = [f"{problem.line}: {problem.severity}: {problem.message}" for problem in problems if problem.file == file]
    assert any(expected in words for words in found), found


def test_everything_wrong_is_said_in_one_pass(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", 'language = "en"', 'language = "?"')
    change(folder / "course.toml", "minutes = 50", "minutes = -1")
    change(folder / LESSON, "![dot]", "![]")
    change(folder / "week2/leaks.md", "<../week1/02_Flow Rate.md>", "nowhere.md")
    files = [(problem.file, problem.severity) for problem in read_package(folder)[1]]
    assert files.count(("course.toml", Severity.ERROR)) == 2
    assert (LESSON, Severity.ERROR) in files
    assert ("week2/leaks.md", Severity.ERROR) in files


def test_course_without_enough_minutes_is_refused(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", "minutes = 40\ncountable = true", "minutes = 40\ncountable = false")
    assert "45: warning: No activity of this module is countable; it earns no credit." in said(folder)
    change(folder / "course.toml", "minutes = 50", "minutes = 29")
    assert any("error: The course counts 29 minutes; credit needs at least 30." in words for words in said(folder))


def test_bytes_that_are_no_text_are_said_with_their_line(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    (folder / LESSON).write_bytes(b"# A\n\nfine\n\xff\xfe\n")
    (folder / "week2/task.md").write_bytes(b"\xff")
    assert "4: error: The file is not UTF-8 text." in said(folder)
    (folder / "course.toml").write_bytes(b'format = 1\n[course]\ntitle = "\xe9"\n')
    assert said(folder) == ["3: error: The file is not UTF-8 text."]


def test_what_is_no_package_is_said(tmp_path: Path) -> None:
    assert said(tmp_path) == ["None: error: The folder has no course.toml."]
    assert said(tmp_path / "nothing") == ["None: error: There is no such file or folder."]
    (tmp_path / "course.toml").write_text("", encoding="utf-8")
    course, problems = read_package(tmp_path)
    assert course is not None
    assert {'The table "course" is missing.', 'The key "format" is missing.'} < {one.message for one in problems}


def test_a_link_out_of_the_source_is_not_followed(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    (tmp_path / "secret.md").write_text("# Secret", encoding="utf-8")
    (folder / "week2/leaks.md").unlink()
    (folder / "week2/leaks.md").symlink_to(tmp_path / "secret.md")
    assert any('The file "week2/leaks.md" is missing.' in words for words in said(folder))


def test_source_may_not_leave_the_folder_of_the_manifest(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", "format = 1", 'format = 1\nsource = "../.."')
    assert any(words.startswith("3: error: The source must be a folder below this file") for words in said(folder))


def test_huge_page_and_huge_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy_course(tmp_path)
    monkeypatch.setattr("courses.packages.library.MAX_FILE_BYTES", 10)
    assert any('"week1/data/values.csv" is larger than 0 MB.' in words for words in said(folder))
    monkeypatch.setattr("courses.packages.pages.MAX_PAGE_BYTES", 10)
    assert any('"week2/leaks.md" is larger than 0 KB; a page is shorter.' in words for words in said(folder))
