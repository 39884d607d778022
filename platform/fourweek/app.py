"""The application. It knows courses and assessments, as only `scans.py`, the commands and the migrations do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, partial

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route

from assessments.agreement import routes as agreement
from assessments.allocation import routes as allocation
from assessments.api import routes as api
from assessments.appeals import routes as appeals
from assessments.awards import office_routes as award_office
from assessments.awards import routes as awards
from assessments.badges import award_routes as badge_pages
from assessments.badges import issuer_routes as issuer
from assessments.badges import picture_routes as badge_pictures
from assessments.badges import routes as badges
from assessments.badges.issuer_addresses import IssuerHosts
from assessments.certificates import routes as certificates
from assessments.checks import routes as checks
from assessments.clr import routes as learner_records
from assessments.coaching import routes as coaching
from assessments.competencies import progress_routes as competency_progress
from assessments.competencies import routes as competencies
from assessments.corrections import routes as corrections
from assessments.coursework import AssessmentsCoursework
from assessments.credit.rules import Mode
from assessments.equivalence import routes as equivalence
from assessments.evidence import routes as evidence
from assessments.evidence import viewing_routes as evidence_viewing
from assessments.exports import routes as exports
from assessments.grading import routes as grading
from assessments.grading import rule_routes as decision_rules
from assessments.identity import routes as identity
from assessments.identity_checks import routes as identity_checks
from assessments.licences import office_routes as licence_office
from assessments.licences import routes as licences
from assessments.merging import routes as merging
from assessments.names import routes as names
from assessments.packets import routes as packets
from assessments.personal import office_routes as personal_office
from assessments.personal import routes as personal
from assessments.record import routes as record
from assessments.remarks import routes as remarks
from assessments.reports import routes as reports
from assessments.retention import routes as retention
from assessments.rubrics import routes as rubrics
from assessments.scanning import routes as scanning
from assessments.schemas import routes as schemas
from assessments.seal import routes as seal
from assessments.second import routes as second
from assessments.sharing import office_routes as sharing_office
from assessments.sharing import routes as sharing
from assessments.sharing import shared_routes as shared
from assessments.showing import routes as showing
from assessments.showing import same_routes
from assessments.stacking import routes as stacking
from assessments.stated import routes as stated
from assessments.status import routes as status
from assessments.terms import routes as terms
from assessments.transcripts import routes as transcripts
from assessments.uploads import routes as uploads
from assessments.verify import routes as verify
from courses.announcements import routes as announcements
from courses.calendar import routes as calendar
from courses.catalogue import routes as catalogue
from courses.catalogue.drafts import preview_routes as draft_previews
from courses.catalogue.drafts import routes as drafts
from courses.cohorts import routes as cohorts
from courses.cohorts.clone import routes as cohort_clone
from courses.cohorts.extensions import routes as extensions
from courses.cohorts.grid import routes as grid
from courses.cohorts.rules import routes as cohort_rules
from courses.cohorts.scopes import CourseScopes
from courses.cohorts.sections import routes as sections
from courses.enrolment import routes as enrolment
from courses.enrolment.roster import import_routes as roster_import
from courses.enrolment.roster import routes as roster
from courses.first_steps import routes as first_steps
from courses.leading import routes as leading
from courses.learning import routes as learning
from courses.live import routes as live
from courses.live.attendance import routes as attendance
from courses.questions import moderation_routes as question_acts
from courses.questions import routes as questions
from courses.schedule.words import say_instant
from courses.schedule.zones import zone as find_zone
from courses.series import routes as series
from courses.versions import routes as versions
from courses.viewing import routes as viewing
from fourweek import demo_clock, health, logs, start_page
from fourweek.accounts import account_routes, address_routes, password_routes, security_routes, sign_up_routes
from fourweek.accounts import routes as accounts
from fourweek.accounts.access import Permission
from fourweek.accounts.openid import routes as openid
from fourweek.accounts.scopes import ask_about_scopes
from fourweek.accounts.second import routes as second_factor
from fourweek.audit import routes as audit
from fourweek.edge import House
from fourweek.faces import add_error_faces
from fourweek.first_run import routes as first_run
from fourweek.first_run.gate import Gate
from fourweek.first_run.institution import Follower
from fourweek.first_run.opening import Opening
from fourweek.house import open_house
from fourweek.language import N_
from fourweek.language import routes as language
from fourweek.livery import routes as livery
from fourweek.livery.wearing import livery_of
from fourweek.metrics import Metrics
from fourweek.middleware import Guard
from fourweek.notices import routes as notices
from fourweek.pages import NavLink, Pages
from fourweek.people import routes as people
from fourweek.routing import call_directly
from fourweek.settings import Settings
from fourweek.static_files import FingerprintedFiles
from fourweek.tokens import routes as tokens
from fourweek.webhooks import routes as webhooks

# Searched from the top: what is asked for most stands first.
ROUTERS = (
    badge_pages.router,
    badges.router,
    status.router,
    badge_pictures.router,
    awards.router,
    learning.router,
    evidence.router,
    showing.router,
    same_routes.router,
    checks.router,
    uploads.router,
    evidence_viewing.router,
    remarks.router,
    appeals.router,
    agreement.router,
    exports.router,
    allocation.router,
    grading.router,
    decision_rules.router,
    terms.router,
    second.router,
    identity.router,
    coaching.router,
    accounts.router,
    second_factor.router,
    openid.router,
    tokens.router,
    livery.router,
    address_routes.router,
    account_routes.router,
    language.router,
    password_routes.router,
    security_routes.router,
    sign_up_routes.router,
    start_page.router,
    first_run.router,
    catalogue.router,
    enrolment.router,
    calendar.router,
    notices.router,
    announcements.router,
    questions.router,
    question_acts.router,
    certificates.router,
    packets.router,
    learner_records.router,
    schemas.router,
    transcripts.router,
    stated.router,
    licences.router,
    licence_office.router,
    sharing.router,
    shared.router,
    verify.router,
    api.router,
    rubrics.router,
    competencies.router,
    competency_progress.router,
    series.router,
    stacking.router,
    drafts.router,
    draft_previews.router,
    first_steps.router,
    cohorts.router,
    cohort_rules.router,
    versions.router,
    sections.router,
    cohort_clone.router,
    roster.router,
    roster_import.router,
    extensions.router,
    leading.router,
    grid.router,
    viewing.router,
    live.router,
    attendance.router,
    record.router,
    equivalence.router,
    corrections.router,
    identity_checks.router,
    merging.router,
    sharing_office.router,
    names.router,
    reports.router,
    award_office.router,
    retention.router,
    scanning.router,
    personal.router,
    personal_office.router,
    webhooks.router,
    people.router,
    audit.router,
    issuer.router,
    seal.router,
    health.router,
)
NAVIGATION: tuple[NavLink, ...] = (
    NavLink(N_("Home"), "home"),
    NavLink(N_("Courses"), "courses", guests=True),
    NavLink(N_("Notices"), "notices", counts_unread=True),
    NavLink(N_("Badges"), "my-badges"),
    NavLink(N_("Transcript"), "transcript"),
    NavLink(N_("Licences"), "licences"),
    NavLink(N_("Grading"), "grading", needs=Permission.GRADE),
    NavLink(N_("Questions"), "staff-questions", needs=Permission.TEACH),
    NavLink(N_("Sessions"), "staff-sessions", needs=Permission.TEACH),
    NavLink(N_("Cohorts"), "staff-cohorts", needs=Permission.RUN_COHORT),
    NavLink(N_("Authoring"), "authoring", needs=Permission.PUBLISH_COURSE),
    NavLink(N_("Records"), "record-search", needs=Permission.KEEP_RECORD),
    NavLink(N_("Legal holds"), "retention", needs=Permission.HOLD_EVIDENCE),
    NavLink(N_("People"), "people", needs=Permission.KEEP_PEOPLE),
    NavLink(N_("Webhooks"), "webhooks", needs=Permission.CONNECT_PROGRAMS),
    NavLink(N_("Set up"), "what-next", needs=Permission.SET_UP),
)
HELD_FILES = NavLink(N_("Held files"), "held-files", needs=Permission.RELEASE_FILES)
"""Only where a scanner is asked."""
ask_about_scopes(CourseScopes())


def create_app(settings: Settings | None = None, house: House | None = None) -> FastAPI:
    """The ASGI application; settings come from the environment unless given."""
    settings = settings or (house.settings if house else Settings())
    logs.configure()
    ours = house or open_house(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        ours.db.close()

    app = FastAPI(
        title=f"{settings.institution}: Fourweek", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.state.house = ours
    app.state.coursework = AssessmentsCoursework(Mode(settings.ceu_rule))
    app.router.routes.extend(_routes(demo=settings.demo))
    paths = [route.path for route in app.routes if isinstance(route, Route)]
    app.state.metrics = Metrics((*paths, "/static"))
    app.state.store_asked = health.Asked()
    app.state.livery = livery_of(settings)
    ours.db.heard_wait = app.state.metrics.waited
    links = (*NAVIGATION, HELD_FILES) if settings.scan_command else NAVIGATION
    app.state.pages = Pages(links, partial(_say_now, settings=settings), app.routes, app.state.livery)
    app.mount("/static", FingerprintedFiles(), name="static")
    add_error_faces(app)
    app.state.opening, app.state.follower = Opening(settings.home, ours.db), Follower(settings)
    app.add_middleware(Gate, opening=app.state.opening, follower=app.state.follower)
    app.add_middleware(
        Guard, settings=settings, other_hosts=IssuerHosts(ours.db), metrics=app.state.metrics, paths=paths
    )
    return app


@cache
def _routes(*, demo: bool) -> tuple[BaseRoute, ...]:
    """Every route, flat: a nested router is searched anew for every request. Made ready once in a process."""
    routers = (*ROUTERS, demo_clock.router) if demo else ROUTERS
    routes = tuple(route for router in routers for route in router.routes)
    for route in routes:
        if isinstance(route, APIRoute):
            _answer_head(route)
            call_directly(route)
    return routes


def _answer_head(route: APIRoute) -> None:
    """Every page that is read by GET answers HEAD too (RFC 9110, 9.1); the server leaves the body out."""
    if route.methods and "GET" in route.methods:
        route.methods.add("HEAD")


def _say_now(now: datetime, settings: Settings, zone: str = "") -> str:
    return say_instant(now, find_zone(zone or settings.zone)).words
