"""The forms of questions and replies as they were typed."""

from starlette.datastructures import FormData

from courses.announcements.forms import known_key
from courses.typed_markdown import body_problem, title_problem
from fourweek.edge import text
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class PostForm:
    """A question, or a reply, which has no title. `key` becomes its id, so that a form sent twice posts once.

    `answers`: staff say that their reply answers the question.
    """

    key: str
    title: str = ""
    body: str = ""
    answers: str = ""

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with a reply, by field."""
        words = body_problem(self.body)
        return {"body": words} if words else {}

    @property
    def question_problems(self) -> dict[str, str]:
        """What is wrong with a question, by field."""
        words = title_problem(self.title)
        return ({"title": words} if words else {}) | self.problems


def typed_post(form: FormData) -> PostForm:
    title = " ".join(text(form, "title").split())
    return PostForm(known_key(text(form, "key")), title, text(form, "body").strip("\n"), text(form, "answers"))
