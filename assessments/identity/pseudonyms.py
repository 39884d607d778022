"""What a learner is called while their work is judged."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_pseudonym() -> str:
    """A name such as P-7K2Q9MHT: 39 random bits, no letters that look alike."""
    return "P-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
