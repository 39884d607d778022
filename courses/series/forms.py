"""The form of a series as it was typed."""

import hashlib
import re
from dataclasses import fields

from starlette.datastructures import FormData

from courses.typed_markdown import body_problem, title_problem
from fourweek.edge import text
from fourweek.language import _, n_
from fourweek.light import dataclass

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
LONGEST_SUMMARY = 500


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """`seen` is the mark of the state that a change started from."""

    code: str = ""
    title: str = ""
    summary: str = ""
    body: str = ""
    seen: str = ""

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with it, by field."""
        found = {
            "code": _code_problem(self.code),
            "title": title_problem(self.title),
            "summary": _summary_problem(self.summary),
            "body": body_problem(self.body) if self.body else None,
        }
        return {field: words for field, words in found.items() if words}

    @property
    def mark(self) -> str:
        """Tells whether two forms say the same."""
        said = "\0".join((self.title, self.summary, self.body))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def typed_form(form: FormData) -> SeriesForm:
    values = {field.name: text(form, field.name).strip() for field in fields(SeriesForm)}
    values["title"] = " ".join(values["title"].split())
    values["summary"] = " ".join(values["summary"].split())
    return SeriesForm(**values)


def _code_problem(code: str) -> str | None:
    if CODE.fullmatch(code):
        return None
    return _("Use 2 to 60 small letters a to z, digits and hyphens; begin with a letter or digit.")


def _summary_problem(summary: str) -> str | None:
    if not summary:
        return _("Say in a sentence what the series is for.")
    if len(summary) > LONGEST_SUMMARY:
        return n_(
            "The summary has {count} character; at most {most} are kept.",
            "The summary has {count} characters; at most {most} are kept.",
            len(summary),
            most=LONGEST_SUMMARY,
        )
    return None
