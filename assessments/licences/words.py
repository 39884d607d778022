"""What shipped boards say in their files, marked to be said in the language of a page; documents print it in English.

Files stand for good, so a board's words are listed here beside them: a test holds that none is left out. Names of
boards and titles of sources are names, and stay as they are.
"""

from typing import Final

from fourweek.language import N_, _

UNITS: Final = (N_("hours"), N_("PDH"), N_("CE hours"), N_("CPC credits"))
MEASURES: Final = (N_("CEU"), N_("semester hour"), N_("quarter hour"))
PROFESSIONS: Final = (N_("Professional engineer"),)
NEEDS: Final = (
    N_("Ethics"),
    N_("Laws and rules of Florida"),
    N_("Area of practice"),
    N_("Professional practice ethics"),
    N_("Ethics, or the Texas Act and board rules"),
    N_("Live, with an instructor"),
)
NOTES: Final = (
    N_("A standard and no licence: a board may accept it instead of its own requirement."),
    N_("How parts of an hour are rounded was not found: half hours, rounded down."),
    N_("The day from which the standard reads so was not found; its tracking system began in June 2016."),
    N_(
        "The hour of laws and rules must come from a provider that the board approved; technical hours "
        "stand for your area of practice, which you judge."
    ),
    N_("A first renewal after an examination may ask for less."),
    N_("Hours are reported through the NCEES tracking system."),
    N_("The day from which the rule reads so was not found; it was in force for the renewal of February 2017."),
    N_("Carry-over was not found in the sources read; none is counted."),
    N_("Contact hours are credited to the nearest third of an hour."),
    N_("Internet and correspondence courses need an examination; a webinar needs documented attendance."),
    N_("Courses of sponsors that the board approved are accepted; others may not be."),
    N_(
        "A credit is an hour of 60 minutes with at least 50 minutes of instruction. Providers need the "
        "board’s approval."
    ),
    N_("Courses in practice building, practice management or practice marketing are not approved."),
    N_("Carry-over and the most ethics credits stand on providers’ pages; in the rule itself they were not found."),
    N_("The day from which the rule reads so was not found; the earliest source read is of January 2016."),
    N_("A registration lasts three years and ends with the month of birth."),
    N_(
        "At least 18 hours are courses of learning; at most 18 may be other educational activities, "
        "which Fourweek does not record."
    ),
    N_("Whether courses must be live: the sources read do not agree. The mode stands on each line; ask the board."),
    N_("Providers approved by IACET, AIA CES or the Practicing Institute of Engineering are deemed approved."),
    N_(
        "A PDH is 50 minutes of instruction or presentation. Fourweek counts hours of 60 minutes, so "
        "this estimate is on the low side."
    ),
    N_("No credit is given for practice building or office management."),
    N_("A minimum of ethics was not found; law and ethics of the profession count."),
    N_(
        "The ethics hour may also be about the roles and responsibilities of engineers, or the Texas "
        "Act and board rules."
    ),
    N_("Hours that are carried over never meet the ethics requirement, and no hour counts in two periods."),
    N_("The day from which the rule reads so was not found; the text read was current in June 2024."),
)
SAID: Final = frozenset((*UNITS, *MEASURES, *PROFESSIONS, *NEEDS, *NOTES))


def say_shipped(words: str) -> str:
    """Words of a shipped board in the language spoken; what its holder typed stands as it is."""
    return _(words) if words in SAID else words
