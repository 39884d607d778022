"""A word that is one in English and several elsewhere is said as it is meant, also where a constant holds it."""

import copy

from courses.enrolment.models import EnrolmentState
from courses.enrolment.words import STATES
from fourweek.language import NP_, _, speaking
from fourweek.words import say_whole


def test_a_constant_is_said_as_it_is_meant() -> None:
    words, _tone = STATES[EnrolmentState.WITHDRAWN]
    with speaking("es"):
        assert (_(words), _("Withdrawn")) == ("De baja", "Retirada")


def test_to_whatever_else_reads_it_it_is_the_sentence() -> None:
    assert ({NP_("a try", "Passed"): 1}["Passed"], f"{NP_('a try', 'Passed')}") == (1, "Passed")


def test_a_copy_of_it_is_meant_as_it_was() -> None:
    with speaking("es"):
        assert _(copy.deepcopy(STATES[EnrolmentState.WITHDRAWN])[0]) == "De baja"


def test_thousands_stand_apart_as_the_language_has_it() -> None:
    said = []
    for code in ("en", "es", "ar"):
        with speaking(code):
            said.append((say_whole(1234), say_whole(12345678)))
    assert said == [("1,234", "12,345,678"), ("1234", "12\u00a0345\u00a0678"), ("1,234", "12,345,678")]
