"""Where a learner comes by: what has to be said in every language there."""

STAFF = ()

LEARNERS = ()


def on_the_learners_way(place: str) -> bool:
    """Whether a learner, an earner or somebody who checks a badge may read what is said at this place of the code."""
    return place.startswith(LEARNERS) and not place.startswith(STAFF)
