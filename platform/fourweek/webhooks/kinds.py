"""What other programs may be told of."""

from enum import StrEnum


class EventKind(StrEnum):
    """Each names what its messages are about, then what happened. The names never change: programs rely on them."""

    AWARDED = "badge.awarded"
    RESTATED = "badge.restated"
    REVOKED = "badge.revoked"
    REINSTATED = "badge.reinstated"
    WITHDRAWN = "badge.withdrawn"
    TEST = "webhook.test"


WORDS = {
    EventKind.AWARDED: "A badge was awarded and signed.",
    EventKind.RESTATED: "A badge was stated anew: its newest file takes the place of the earlier ones.",
    EventKind.REVOKED: "A badge was revoked.",
    EventKind.REINSTATED: "A revoked badge holds again.",
    EventKind.WITHDRAWN: "A badge was withdrawn: its page is gone for good.",
}
"""The kinds that a webhook may ask for, in the order of its form. A test message is sent by a button alone."""
