"""What other programs may be told of."""

from enum import StrEnum

from fourweek.language import N_


class EventKind(StrEnum):
    """Each names what its messages are about, then what happened. The names never change: programs rely on them."""

    AWARDED = "badge.awarded"
    RESTATED = "badge.restated"
    REVOKED = "badge.revoked"
    REINSTATED = "badge.reinstated"
    WITHDRAWN = "badge.withdrawn"
    TEST = "webhook.test"


WORDS = {
    EventKind.AWARDED: N_("A badge was awarded and signed."),
    EventKind.RESTATED: N_("A badge was stated anew: its newest file takes the place of the earlier ones."),
    EventKind.REVOKED: N_("A badge was revoked."),
    EventKind.REINSTATED: N_("A revoked badge holds again."),
    EventKind.WITHDRAWN: N_("A badge was withdrawn: its page is gone for good."),
}
"""The kinds that a webhook may ask for, in the order of its form. A test message is sent by a button alone."""
