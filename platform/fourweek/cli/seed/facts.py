"""`demo.json`: for scripts what the printed words say for people."""

from typing import Any

from fourweek.cli.seed.badges import badge_of
from fourweek.cli.seed.drills import DRILL
from fourweek.cli.seed.people import TRIED, Cast
from fourweek.cli.seed.series import WORDS
from fourweek.cli.seed.stage import Stage
from fourweek.cli.seed.story import RUNNING, SERVICES
from fourweek.clock import real_time

HOLDER, READER, SHARER, PAST, PROFESSIONAL = "zaneta", "amara", "kwame", "tunde", "olivia"


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
    badge = _badge(stage, base, HOLDER, SERVICES)
    cohort = f"{base}/cohorts/{stage.cohorts[RUNNING]}"
    document = stage.documents[HOLDER][-1]
    transcript = f"{base}/transcripts/{document.number}"
    addresses = {person.key: person.address for person in TRIED}
    private = {
        "cohort_in_week_3": READER,
        "module_page": READER,
        "transcript_pdf": HOLDER,
        "transcript_csv": HOLDER,
        "certificate_pdf": PROFESSIONAL,
        "packet_pdf": PROFESSIONAL,
        "learner_record": PROFESSIONAL,
    }
    certificate, packet, learner_record = (one.number for one in stage.documents[PROFESSIONAL][-3:])
    return {
        "course": SERVICES,
        "series_page": f"{base}/series/{WORDS.code}",
        "course_page": f"{base}/courses/{SERVICES}",
        "cohort_in_week_3": cohort,
        "module_page": f"{cohort}/modules/3",
        "badge_page": badge,
        "badge_with_evidence": _badge(stage, base, SHARER, SERVICES),
        "badge_over": _badge(stage, base, PAST, DRILL),
        "badge_json": f"{badge}/credential.json",
        "badge_png": f"{badge}/badge.png",
        "transcript_pdf": f"{transcript}.pdf",
        "transcript_csv": f"{transcript}.csv",
        "certificate_pdf": f"{base}/transcripts/{certificate}.pdf",
        "packet_pdf": f"{base}/transcripts/{packet}.pdf",
        "learner_record": f"{base}/transcripts/{learner_record}.json",
        "transcript_code": document.code,
        "verify_page": f"{base}/verify?code={document.code}",
        "did": f"{base}/.well-known/did.json",
        "as": {name: addresses[key] for name, key in private.items()},
    }


def _badge(stage: Stage, base: str, holder: str, course: str) -> str:
    return f"{base}/badges/{stage.house.db.read_now(badge_of, stage.people[holder].id, course)}"
