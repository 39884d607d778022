"""The subjects that boards tell apart in credit: every counted minute has one. Laws and rules may say whose."""

import re

from courses.jurisdictions import say_jurisdiction
from fourweek.language import N_, _

CATEGORIES = {
    "technical": N_("Technical"),
    "ethics": N_("Ethics"),
    "laws-rules": N_("Laws and rules"),
    "management": N_("Business practice and management"),
    "health-safety-welfare": N_("Health, safety and welfare"),
}
LAWS_RULES = "laws-rules"
JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def is_category(text: str) -> bool:
    """Whether this names a category, such as "ethics", "laws-rules" or "laws-rules:US-FL" (ISO 3166)."""
    key, colon, place = text.partition(":")
    if not colon:
        return key in CATEGORIES
    return key == LAWS_RULES and JURISDICTION.fullmatch(place) is not None


def say_category(category: str) -> str:
    """Such as "Ethics" or "Laws and rules (Florida)"."""
    key, _colon, place = category.partition(":")
    words = _(CATEGORIES[key]) if key in CATEGORIES else key.replace("-", " ").capitalize()
    return f"{words} ({say_jurisdiction(place)})" if place else words
