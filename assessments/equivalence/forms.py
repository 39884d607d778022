"""What was typed into the form of a decision, and what it means."""

from dataclasses import field
from enum import StrEnum

from fourweek.language import N_, _
from fourweek.light import dataclass

MOST_WORDS = 500
LONGEST_CODE = 60
_LONGEST_NUMBER = 4


class Same(StrEnum):
    """The same learning as another course, or so much revised that it is not what it was."""

    SAME = "same"
    REVISED = "revised"


CHOICES = (
    (
        Same.SAME,
        N_("The same as another course"),
        N_("Taking both earns credit once; such as two codes for one course."),
    ),
    (Same.REVISED, N_("Revised so much that it is new"), N_("Whoever took it before earns credit again.")),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """Every field as it was typed; numbers are texts here, "" where nothing was said."""

    course: str = ""
    from_major: str = "1"
    module: str = ""
    kind: str = Same.SAME
    other: str = ""
    other_module: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A form that can be read: from version `from_major` on `course`, or its one `module`, is `kind` (of `other`)."""

    course: str
    from_major: int
    module: int | None
    kind: Same
    other: str
    other_module: int | None
    why: str


@dataclass(slots=True)
class _Reading:
    errors: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, typed: str, *, required: bool) -> int | None:
        plain = typed.strip()
        if not plain and not required:
            return None
        if plain.isascii() and plain.isdigit() and len(plain) <= _LONGEST_NUMBER and int(plain) > 0:
            return int(plain)
        self.errors[name] = _("Give a whole number from 1.") if plain else _("Give a number.")
        return None

    def words(self, name: str, typed: str, longest: int, missing: str) -> str:
        plain = typed.strip()
        if not plain:
            self.errors[name] = missing
        elif len(plain) > longest:
            self.errors[name] = _("Say it in at most {most} characters.", most=longest)
        return plain


def read_wish(typed: Typed) -> tuple[Wish | None, dict[str, str]]:
    """What the form means, or what is wrong by field."""
    reading = _Reading()
    kind = Same(typed.kind) if typed.kind in set(Same) else Same.SAME
    if typed.kind not in set(Same):
        reading.errors["kind"] = _("Choose one of these.")
    same = kind is Same.SAME
    wish = Wish(
        course=reading.words("course", typed.course, LONGEST_CODE, _("Give the code of a course.")),
        from_major=reading.number("from_major", typed.from_major, required=True) or 1,
        module=reading.number("module", typed.module, required=False),
        kind=kind,
        other=reading.words("other", typed.other, LONGEST_CODE, _("Give the code of the other course."))
        if same
        else "",
        other_module=reading.number("other_module", typed.other_module, required=False) if same else None,
        why=reading.words("why", typed.why, MOST_WORDS, _("Say in a sentence why.")),
    )
    if wish.other_module and not wish.module and "module" not in reading.errors:
        reading.errors["module"] = _("Say which module is the same as that one.")
    return (None, reading.errors) if reading.errors else (wish, {})
