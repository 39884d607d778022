"""The form of a webhook as it was typed."""

from starlette.datastructures import FormData

from fourweek.edge import text
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.webhooks.destinations import url_problem
from fourweek.webhooks.kinds import WORDS

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class HookForm:
    """`kinds` holds only those that may be asked for, in their order."""

    url: str = ""
    title: str = ""
    kinds: tuple[str, ...] = tuple(WORDS)

    def problems(self, *, inside: bool) -> dict[str, str]:
        """What is wrong with it, by field. `inside`: as in `destinations`."""
        found = {
            "title": _title_problem(self.title),
            "url": url_problem(self.url, inside=inside) if self.url else _("Say where messages go."),
            "kinds": "" if self.kinds else _("Choose what it is told of."),
        }
        return {field: words for field, words in found.items() if words}


def typed_hook(form: FormData) -> HookForm:
    chosen = {str(kind) for kind in form.getlist("kinds")}
    title = " ".join(text(form, "title").split())
    return HookForm(text(form, "url").strip(), title, tuple(kind for kind in WORDS if kind in chosen))


def _title_problem(title: str) -> str:
    if not title:
        return _("Say which program listens there.")
    return (
        _(
            "The name has {count} characters; at most {longest_title} are kept.",
            count=len(title),
            longest_title=LONGEST_TITLE,
        )
        if len(title) > LONGEST_TITLE
        else ""
    )
