"""A learner with an open assignment in a demonstration, for what happens around real requests."""

from tests.assessments.evidence.conftest import school, settings

__all__ = ["school", "settings"]
