"""What the forms of licences show: the boards to choose from, and the fields with what was typed."""

from dataclasses import field, replace
from datetime import date

from sqlalchemy import Connection

from assessments.credit.rules import contact_hours_text
from assessments.licences.access import my_licence
from assessments.licences.boards import BoardRule, all_boards
from assessments.licences.forms import NEEDS, OWN, LicenceForm
from courses.catalogue.categories import CATEGORIES
from courses.jurisdictions import say_jurisdiction
from courses.schedule.words import say_date
from courses.schedule.zones import zone_choices
from fourweek.accounts.access import Visitor
from fourweek.database import new_id
from fourweek.errors import NotFound
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class BoardChoice:
    key: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of a licence. `licence_id` is "" for a new one; `board` says what is known of its board."""

    form: LicenceForm
    licence_id: str
    board_title: str
    end_hint: str
    categories: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    zones: tuple[str, ...]
    errors: dict[str, str] = field(default_factory=dict)


def new_page(_conn: Connection, visitor: Visitor, board: str) -> FormPage:
    """An empty form for a board. Raises NotFound for one that is not known."""
    rules = all_boards().get(board)
    if rules is None and board != OWN:
        raise NotFound
    form = LicenceForm(key=new_id(), board=board, zone=visitor.me.zone)
    if rules:
        end = rules[-1].next_end(visitor.now.school.date())
        form = replace(form, zone=rules[-1].zone or form.zone, ends_on=str(end or ""))
    return form_page(form)


def change_page(conn: Connection, visitor: Visitor, licence_id: str) -> FormPage:
    """The form of a known licence. Raises NotFound."""
    return form_page(LicenceForm.known(my_licence(conn, visitor, licence_id)), licence_id)


def form_page(form: LicenceForm, licence_id: str = "", errors: dict[str, str] | None = None) -> FormPage:
    rules = all_boards().get(form.board)
    return FormPage(
        form=form,
        licence_id=licence_id,
        board_title=rules[-1].title if rules else "",
        end_hint=usual_end(rules[-1]) if rules else "",
        categories=tuple(CATEGORIES.items()),
        places=NEEDS,
        zones=zone_choices(),
        errors=errors or {},
    )


def board_choices() -> tuple[BoardChoice, ...]:
    """The shipped boards by jurisdiction."""
    rules = sorted((known[-1] for known in all_boards().values()), key=lambda rule: say_jurisdiction(rule.jurisdiction))
    return tuple(
        BoardChoice(
            rule.board, f"{rule.profession}, {say_jurisdiction(rule.jurisdiction)}", f"{rule.title}: {_asks(rule)}"
        )
        for rule in rules
    )


def _asks(rule: BoardRule) -> str:
    asked = rule.obligation
    return f"{contact_hours_text(asked.minutes).removesuffix('.0')} {asked.unit} in {asked.months} months"


def usual_end(rule: BoardRule) -> str:
    """When windows of the board mostly end, in a sentence."""
    if not rule.ends:
        return "The day stands on your registration."
    days = " or ".join(say_date(date(2001, *end)).split(" ", 1)[1].removesuffix(" 2001") for end in rule.ends)
    return f"Usually {days}{f' of {rule.years} years' if rule.years != 'any' else ''}."
