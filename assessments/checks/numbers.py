"""Numbers as people type them, read exactly. Pure; no float touches them."""

import re
from decimal import Decimal, localcontext

from fourweek.language import _, n_

LONGEST = 40
EXACT_DIGITS = 200
"""More than two numbers of LONGEST characters can need between them."""

_MINUS = str.maketrans({"−": "-", "\u2013": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_STRICT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class Unreadable(ValueError):
    """What was typed is no number that can be read in one way; the message says what to write instead."""


def read_number(typed: str, unit: str = "") -> Decimal:
    """The number that was typed: with comma or point, spaces between thousands, and the question's unit or none.

    Raises Unreadable for everything else, and for what can be read in two ways.
    """
    text = " ".join(typed.translate(_MINUS).split())
    if len(text) > LONGEST:
        raise Unreadable(
            n_(
                "This is longer than {count} character. Write the number alone.",
                "This is longer than {count} characters. Write the number alone.",
                LONGEST,
            )
        )
    text = _without_unit(text, " ".join(unit.split()))
    text = re.sub(r"^([+-]) ", r"\1", text)
    if _TWO_WAYS.fullmatch(text):
        whole, point = text.replace(",", ""), text.replace(",", ".")
        raise Unreadable(
            _("“{text}” can be read in two ways. Write {whole} or {point}.", text=text, whole=whole, point=point)
        )
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise Unreadable(_advice(typed, unit))
    return Decimal(text.replace(" ", "").replace(",", "."))


def read_strict(text: str) -> Decimal | None:
    """A decimal as course packages write it, such as "-0.25"; None for anything else."""
    return Decimal(text) if len(text) <= LONGEST and _STRICT.fullmatch(text) else None


def is_near(given: Decimal, wanted: Decimal, tolerance: Decimal) -> bool:
    """Whether two numbers are at most `tolerance` apart, worked out without rounding."""
    with localcontext() as exact:
        exact.prec = EXACT_DIGITS
        return abs(given - wanted) <= tolerance


def _without_unit(text: str, unit: str) -> str:
    if unit and text.casefold().endswith(unit.casefold()):
        return text[: len(text) - len(unit)].rstrip()
    return text


def _advice(typed: str, unit: str) -> str:
    shown = typed.strip()[:LONGEST]
    if unit:
        return _(
            "“{text}” is not read as a number. Write it in digits, such as 1234.5, in {unit}.", text=shown, unit=unit
        )
    return _("“{text}” is not read as a number. Write it in digits, such as 1234.5.", text=shown)
