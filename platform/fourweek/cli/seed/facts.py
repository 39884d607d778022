"""`demo.json`: for scripts what the printed words say for people."""

from typing import Any

from sqlalchemy import select

from assessments.badges.queries import AWARD
from fourweek.cli.seed.people import TRIED, Cast
from fourweek.cli.seed.stage import Stage
from fourweek.cli.seed.story import RUNNING, SERVICES
from fourweek.clock import real_time

HOLDER, READER = "zaneta", "amara"


def facts_of(stage: Stage) -> dict[str, Any]:
    """Base address, everybody who can be tried, and an address or code of everything public or downloadable.

    `examples["as"]` names the address to sign in with where an example is for one person only.
    """
    settings = stage.house.settings
    return {
        "base_url": settings.public_url,
        "institution": settings.institution,
        "made_at": real_time().isoformat(timespec="seconds"),
        "personas": [_persona(person, settings.public_url) for person in TRIED],
        "examples": _examples(stage, settings.public_url),
    }


def _persona(person: Cast, base: str) -> dict[str, str]:
    return {
        "name": person.name,
        "role": person.role,
        "address": person.address,
        "password": person.password,
        "sign_in": f"{base}/sign-in",
        "look_at": person.look_at,
    }


def _examples(stage: Stage, base: str) -> dict[str, Any]:
    badge = f"{base}/badges/{_slug(stage)}"
    cohort = f"{base}/cohorts/{stage.cohorts[RUNNING]}"
    document = stage.documents[HOLDER][-1]
    transcript = f"{base}/transcripts/{document.number}"
    addresses = {person.key: person.address for person in TRIED}
    private = {
        "cohort_in_week_3": READER,
        "module_page": READER,
        "transcript_pdf": HOLDER,
        "transcript_csv": HOLDER,
    }
    return {
        "course": SERVICES,
        "course_page": f"{base}/courses/{SERVICES}",
        "cohort_in_week_3": cohort,
        "module_page": f"{cohort}/modules/3",
        "badge_page": badge,
        "badge_json": f"{badge}/credential.json",
        "badge_png": f"{badge}/badge.png",
        "transcript_pdf": f"{transcript}.pdf",
        "transcript_csv": f"{transcript}.csv",
        "transcript_code": document.code,
        "verify_page": f"{base}/verify?code={document.code}",
        "did": f"{base}/.well-known/did.json",
        "as": {name: addresses[key] for name, key in private.items()},
    }


def _slug(stage: Stage) -> str:
    wanted = select(AWARD.c.slug).where(AWARD.c.person_id == stage.people[HOLDER].id)
    found: str = stage.house.db.read_now(lambda conn: conn.execute(wanted).scalar_one())
    return found
