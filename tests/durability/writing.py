"""What learners and graders share who write as fast as the server answers: a line, sentences, acknowledgements."""

import random

from tests.durability.ledger import Lost
from tests.durability.line import Answer, Line

WORDS = ["harbour", "quay", "ferry", "tide", "signal", "lantern", "anchor", "rope", "mast", "chart"]


class Writer:
    """Somebody with one line to the server. What they write is drawn from `seed`, and no sentence comes twice."""

    def __init__(self, line: Line, seed: str) -> None:
        self.line, self.seed = line, seed
        self.dice = random.Random(seed)  # noqa: S311 a game of chance, not a secret
        self.acknowledged = 0
        self.serial = 0

    def _sentence(self) -> str:
        self.serial += 1
        return f"{self.seed} {self.serial}: " + " ".join(self.dice.choices(WORDS, k=self.dice.randint(3, 30)))

    def _took(self, answer: Answer, status: int) -> bool:
        """Whether the server took it. A busy one may say so; every other answer is a fault. Raises Lost."""
        if answer.status == 503:
            return False
        if answer.status != status:
            raise Lost(f"{answer.asked} answered {answer.status}: {answer.body[:600]!r}")
        self.acknowledged += 1
        return True
