"""The form of an announcement as it was typed."""

from dataclasses import fields

from starlette.datastructures import FormData

from courses.typed_markdown import body_problem, title_problem
from fourweek.database import new_id
from fourweek.edge import text
from fourweek.light import dataclass

ID_LENGTH = 26


@dataclass(frozen=True, slots=True)
class AnnouncementForm:
    """`key` becomes the announcement's id, so that a form sent twice posts once. `section` is "" for the whole cohort.

    `seen` is the state that an edit started from (see `state_of`).
    """

    key: str
    title: str = ""
    body: str = ""
    section: str = ""
    tell_again: str = ""
    seen: str = ""

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with it, by field."""
        found = {"title": title_problem(self.title), "body": body_problem(self.body)}
        return {field: words for field, words in found.items() if words}


def typed_form(form: FormData) -> AnnouncementForm:
    values = {field.name: text(form, field.name) for field in fields(AnnouncementForm)}
    values["title"] = " ".join(values["title"].split())
    values["body"] = values["body"].strip("\n")
    return AnnouncementForm(**values | {"key": known_key(values["key"])})


def known_key(sent: str) -> str:
    """The key that a form brings, or a fresh one where it brings none that we could have made."""
    return sent if len(sent) == ID_LENGTH and sent.isalnum() and sent.isascii() else new_id()
