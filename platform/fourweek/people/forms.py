"""The forms about people as they were typed."""

from enum import StrEnum

from starlette.datastructures import FormData

from fourweek.accounts.models import Role, ScopeKind
from fourweek.accounts.scopes import GIVEN_FOR
from fourweek.accounts.words import NOT_FOR, ROLE_WORDS, WHICH
from fourweek.edge import text
from fourweek.language import _
from fourweek.light import dataclass

LONGEST_REASON = 500
MOST_OFFERED = 12


class Act(StrEnum):
    """What is done with an account."""

    DISABLE = "disable"
    ENABLE = "enable"
    SECOND_FACTOR = "second-factor"


@dataclass(frozen=True, slots=True)
class GiveForm:
    """A role to be given. `which` are the words for what it is for, `scope_id` what was chosen of several."""

    role: Role | None = None
    kind: ScopeKind = ScopeKind.INSTITUTION
    which: str = ""
    scope_id: str = ""
    reason: str = ""

    @property
    def chosen(self) -> Role:
        """The role; asked for only where there are no problems."""
        assert self.role is not None  # noqa: S101
        return self.role

    def problems(self) -> dict[str, str]:
        """What is wrong with it before anything is looked up, by field."""
        if self.role is None:
            return {"role": _("Choose a role.")}
        found = {"reason": reason_problem(self.reason)}
        if self.kind not in GIVEN_FOR[self.role]:
            found["kind"] = _(NOT_FOR[self.kind], role=_(ROLE_WORDS[self.role]))
        elif self.kind is not ScopeKind.INSTITUTION and not (self.which.strip() or self.scope_id):
            found["which"] = _(WHICH[self.kind])
        return {field: words for field, words in found.items() if words}


def typed_role(form: FormData) -> GiveForm:
    role, kind = text(form, "role"), text(form, "kind")
    return GiveForm(
        role=Role(role) if role in set(Role) else None,
        kind=ScopeKind(kind) if kind in set(ScopeKind) else ScopeKind.INSTITUTION,
        which=text(form, "which")[:200],
        scope_id=text(form, "scope_id")[:26],
        reason=text(form, "reason"),
    )


def reason_problem(reason: str) -> str:
    """What is wrong with a reason; "" where nothing is."""
    if not reason.strip():
        return _("Say why: it stands in the audit log.")
    return _(
        "The reason has {count} characters; at most {longest_reason} are kept.",
        count=len(reason),
        longest_reason=LONGEST_REASON,
    ) * (len(reason.strip()) > LONGEST_REASON)
