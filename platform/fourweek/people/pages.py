"""What the pages about people show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fourweek.accounts.models import GrantSource, Role, ScopeKind
from fourweek.accounts.scopes import Scope
from fourweek.accounts.words import FOR, ROLE_WORDS
from fourweek.language import N_, _, n_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.people.adding import Newcomer
from fourweek.people.forms import Act, GiveForm
from fourweek.people.queries import PER_PAGE, Account, HeldRole

Say = Callable[[datetime], str]
MAY: Mapping[Role, str] = {
    Role.INSTRUCTOR: N_("Teaches: announces, holds sessions, answers questions."),
    Role.GRADER: N_("Judges evidence."),
    Role.LEAD: N_("Grades, reviews and posts decisions, sees identities with a reason, runs cohorts."),
    Role.AUTHOR: N_("Publishes courses, and plans and runs their cohorts."),
    Role.REGISTRAR: N_("Keeps the record and the people. For the whole institution only."),
    Role.OPERATOR: N_("Runs the installation and keeps the people. For the whole institution only."),
}
FIELDS = ("role", "kind", "which", "scope_id", "reason")
KINDS = (
    (ScopeKind.INSTITUTION, N_("The whole institution"), N_("Every course and cohort, also those to come.")),
    (ScopeKind.COURSE, N_("One course"), N_("All its cohorts, also those to come.")),
    (ScopeKind.COHORT, N_("One cohort"), N_("All its sections.")),
    (ScopeKind.SECTION, N_("One section"), N_("Only the learners of this section.")),
)


@dataclass(frozen=True, slots=True)
class AddPage:
    typed: Newcomer
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: str
    name: str
    number: str
    roles: str
    state: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    words: str
    role: str
    roles: tuple[tuple[str, str], ...]
    lines: tuple[PersonLine, ...]
    number: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class RoleLine:
    """`says` is when it was given and by whom; `ends` whether it can be ended here."""

    id: str
    role: str
    scope: str
    says: str
    ends: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    id: str
    name: str
    number: str
    facts: tuple[tuple[str, str], ...]
    roles: tuple[RoleLine, ...]
    is_me: bool
    may_give: bool
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GivePage:
    """`several` is what the typed words may mean where that is more than one thing."""

    id: str
    name: str
    typed: GiveForm
    roles: tuple[tuple[str, str, str], ...]
    kinds: tuple[tuple[str, str, str], ...]
    several: tuple[tuple[str, str], ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        return [(f"field-{name}" if name in FIELDS else None, words) for name, words in self.errors.items()]


@dataclass(frozen=True, slots=True)
class ReasonPage:
    """One act upon a person, which asks for a reason."""

    id: str
    name: str
    title: str
    lead: str
    label: str
    action: str
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


ACTS: Mapping[Act, tuple[str, str, str]] = {
    Act.DISABLE: (
        N_("Disable this account?"),
        N_(
            "Nobody signs in to it any more, and whoever is signed in is out at once. Its record, badges "
            "and evidence stay. Its person is told by mail."
        ),
        N_("Disable the account"),
    ),
    Act.ENABLE: (
        N_("Enable this account?"),
        N_("It takes sign-ins again. Its person is told by mail."),
        N_("Enable the account"),
    ),
    Act.SECOND_FACTOR: (
        N_("Take the second factor away?"),
        N_(
            "For somebody who lost it. They sign in with their password alone from then on, are signed out "
            "everywhere, and are told by mail. Make sure that it is really them who asks."
        ),
        N_("Take it away"),
    ),
}


def people_page(rows: Sequence[Any], held: Sequence[str], words: str, role: str, number: int, here: str) -> PeoplePage:
    roles: dict[str, list[str]] = {}
    for one in sorted(held):
        person, _slash, name = one.partition("/")
        roles.setdefault(person, []).append(name)
    lines = tuple(
        PersonLine(row.id, row.legal_name, row.learner_number, in_a_row(roles.get(row.id, ())), _state(row))
        for row in rows[:PER_PAGE]
    )

    def to(page: int) -> str:
        return f"{here}?{urlencode({'q': words, 'role': role, 'page': page})}"

    return PeoplePage(
        words=words,
        role=role,
        roles=tuple((one.value, _(ROLE_WORDS[one])) for one in Role),
        lines=lines,
        number=number,
        previous=to(number - 1) if number > 1 else None,
        next=to(number + 1) if len(rows) > PER_PAGE else None,
    )


def person_page(found: Account, me: str, say: Say) -> PersonPage:
    row = found.row
    return PersonPage(
        id=row.id,
        name=row.legal_name,
        number=row.learner_number,
        facts=(
            (_("Learner number"), row.learner_number),
            (_("Mail addresses"), in_a_row(_address(one) for one in found.addresses) or "None"),
            ("Account", _state(row, say) or _("In use")),
            (_("Last seen"), say(row.seen_at) if row.seen_at else "Never"),
            (_("Signed in"), _count(found.sign_ins)),
            (_("Second factor"), "Yes" if found.has_second_factor else "No"),
        ),
        roles=tuple(role_line(one, say) for one in found.roles),
        is_me=row.id == me,
        may_give=row.id != me and not row.disabled_at,
        acts=_acts(found),
    )


def role_line(held: HeldRole, say: Say) -> RoleLine:
    return RoleLine(
        held.id,
        _(ROLE_WORDS[held.role]),
        _for(held),
        _since(held, say(held.given_at)),
        held.source is GrantSource.HAND,
    )


def give_page(
    row: Any, typed: GiveForm, several: Sequence[Scope] = (), errors: Mapping[str, str] | None = None
) -> GivePage:
    return GivePage(
        id=row.id,
        name=row.legal_name,
        typed=typed,
        roles=tuple((role.value, _(ROLE_WORDS[role]), _(words)) for role, words in MAY.items()),
        kinds=tuple((kind.value, _(words), _(hint)) for kind, words, hint in KINDS),
        several=tuple((one.id, one.words) for one in several),
        errors=errors or {},
    )


def act_page(row: Any, what: Act, action: str, reason: str = "", errors: Mapping[str, str] | None = None) -> ReasonPage:
    title, lead, label = map(_, ACTS[what])
    return ReasonPage(row.id, row.legal_name, title, lead, label, action, reason, errors or {})


def end_page(
    row: Any, held: HeldRole, action: str, reason: str = "", errors: Mapping[str, str] | None = None
) -> ReasonPage:
    lead = _(
        "{role}, {scope}. It ends with their next click, and they are told by mail.",
        role=_(ROLE_WORDS[held.role]),
        scope=_for(held),
    )
    return ReasonPage(
        row.id, row.legal_name, _("End this role?"), lead, _("End the role"), action, reason, errors or {}
    )


def _since(held: HeldRole, when: str) -> str:
    if held.giver:
        return _("Since {when}, by {name}", when=when, name=held.giver)
    if held.source is GrantSource.PROVIDER:
        return _("Since {when}, by the sign-in provider", when=when)
    return _("Since {when}", when=when)


def _for(held: HeldRole) -> str:
    if held.kind is ScopeKind.INSTITUTION:
        return _("for the whole institution")
    if held.scope is None:
        return _("for a part that is gone")
    return _(FOR[held.kind], name=held.scope.words)


def _acts(found: Account) -> tuple[tuple[str, str], ...]:
    """What may be done with the account now, as (act, words)."""
    if found.row.merged_into_id or found.row.erased_at:
        return ()
    if found.row.disabled_at:
        return ((Act.ENABLE.value, _("Enable the account")),)
    lost = ((Act.SECOND_FACTOR.value, _("Take a lost second factor away")),) if found.has_second_factor else ()
    return (*lost, (Act.DISABLE.value, _("Disable the account")))


def _state(row: Any, say: Say | None = None) -> str:
    if row.erased_at:
        return _("Erased")
    if row.disabled_at:
        return _("Disabled since {disabled_at}", disabled_at=say(row.disabled_at)) if say else _("Disabled")
    return ""


def _address(row: Any) -> str:
    notes = [_("main")] * row.is_primary + [_("not confirmed")] * (row.verified_at is None)
    return f"{row.address} ({', '.join(notes)})" if notes else str(row.address)


def _count(number: int) -> str:
    if not number:
        return _("Nowhere")
    return _("In one browser") if number == 1 else n_("In {count} browser", "In {count} browsers", number)
