"""A small course package on disk, for tests that publish one."""

from pathlib import Path

from courses.packages.models import ParsedCourse, Problem
from courses.packages.reader import read_package

MANIFEST = """
format = 1

[course]
code = "small-services"
title = "Small Services"
summary = "Run one service well."
language = "en"
version = "1.2"
licence = "CC BY 4.0"
skills = ["Operations"]
authors = [{ name = "A. Author", background = "Runs services." }]

[achievement]
name = "Small Services"
description = "Runs one service well."
criteria = "The note was demonstrated."

[credit]
category = "technical"
basis = "Two people were timed."

[[competency]]
key = "diagnose"
title = "Diagnose"
description = "Finds what is wrong."

[[module]]
title = "Week one"
summary = "The first week."

[[module.activity]]
title = "Work"
kind = "exercise"
minutes = 60
countable = true

[[module.lesson]]
file = "basics.md"

[[module.assignment]]
key = "note"
title = "A note"
instructions = "task.md"
max_attempts = 2

[[module.assignment.requirement]]
key = "report"
title = "Report"
prompt = "Write *it*."
kind = "text"
min_words = 3

[[module.assignment.requirement]]
key = "proof"
title = "Proof"
prompt = "Files."
kind = "files"
required = false
max_files = 3
accept = [".PDF", ".md"]

[[module.assignment.requirement]]
key = "sources"
title = "Sources"
prompt = "Links."
kind = "links"
required = false
max_links = 4

[[module.assignment.criterion]]
key = "method"
title = "Method"
description = "How it was done."
competency = "{competency}"
judged_on = ["report", "proof", "sources"]
required_level = "meets"

[[module.assignment.criterion.level]]
key = "not-yet"
title = "Not yet"
descriptor = "No method."

[[module.assignment.criterion.level]]
key = "meets"
title = "Meets"
descriptor = "A method."
"""


def small_package(folder: Path, competency: str = "diagnose") -> tuple[ParsedCourse | None, list[Problem]]:
    """One module with a text, a files and a links requirement; another `competency` makes it wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(MANIFEST.replace("{competency}", competency), encoding="utf-8")
    (folder / "basics.md").write_text("# Basics\n\nSecret lesson.\n", encoding="utf-8")
    (folder / "task.md").write_text("# The task\n\nSecret instructions.\n", encoding="utf-8")
    return read_package(folder)
