"""What the forms of licences show: the boards to choose from, and the fields with what was typed."""

from dataclasses import field, replace

from sqlalchemy import Connection

from assessments.credit.rules import contact_hours_text
from assessments.licences.access import my_licence
from assessments.licences.boards import BoardRule, all_boards
from assessments.licences.forms import NEEDS, OWN, LicenceForm
from assessments.licences.words import say_shipped
from courses.catalogue.categories import CATEGORIES
from courses.jurisdictions import say_jurisdiction
from courses.schedule.words import MONTHS
from courses.schedule.zones import zone_choices
from fourweek.accounts.access import Visitor
from fourweek.database import new_id
from fourweek.errors import NotFound
from fourweek.language import _, n_
from fourweek.language.lists import any_of, in_a_row
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
        categories=tuple((key, _(words)) for key, words in CATEGORIES.items()),
        places=NEEDS,
        zones=zone_choices(),
        errors=errors or {},
    )


def board_choices() -> tuple[BoardChoice, ...]:
    """The shipped boards by jurisdiction."""
    rules = sorted((known[-1] for known in all_boards().values()), key=lambda rule: say_jurisdiction(rule.jurisdiction))
    return tuple(
        BoardChoice(
            rule.board, in_a_row((say_shipped(rule.profession), say_jurisdiction(rule.jurisdiction))), _asks(rule)
        )
        for rule in rules
    )


def _asks(rule: BoardRule) -> str:
    asked = rule.obligation
    return n_(
        "{board}: {amount} {unit} in {count} month",
        "{board}: {amount} {unit} in {count} months",
        asked.months,
        board=rule.title,
        amount=contact_hours_text(asked.minutes).removesuffix(".0"),
        unit=say_shipped(asked.unit),
    )


def usual_end(rule: BoardRule) -> str:
    """When windows of the board mostly end, in a sentence."""
    if not rule.ends:
        return _("The day stands on your registration.")
    usual = any_of(_("{day} {month}", day=day, month=_(MONTHS[month - 1])) for month, day in rule.ends)
    if rule.years == "odd":
        return _("Usually {day} of odd years.", day=usual)
    if rule.years == "even":
        return _("Usually {day} of even years.", day=usual)
    return _("Usually {day}.", day=usual)
