"""The learner's pages, made for somebody who looks on."""

from sqlalchemy import Connection

from courses.announcements.pages import AnnouncementPage, AnnouncementsPage
from courses.announcements.queries import announcement_for, announcements_for
from courses.coursework import Coursework
from courses.learning.access import for_whom_open
from courses.learning.files import file_of
from courses.learning.lesson_page import LessonPage, lesson_for
from courses.learning.module_page import ModuleFacts, facts_for
from courses.learning.overview_page import OverviewPage, overview_for
from courses.learning.search_page import SearchPage, search_for
from courses.questions.access import Member, member_for
from courses.questions.pages import QuestionsPage, ThreadPage
from courses.questions.reading import questions_for, thread_for
from courses.viewing.access import look_on
from fourweek.accounts.access import Visitor
from fourweek.files import StoredFile

Whose = tuple[str, str, str]
"""Cohort, enrolment and instant, as they stand in an address."""


def overview_as(conn: Connection, visitor: Visitor, coursework: Coursework, whose: Whose) -> OverviewPage:
    seen = look_on(conn, visitor, *whose)
    return overview_for(conn, seen.found, seen.eyes, coursework)


def module_as(conn: Connection, visitor: Visitor, coursework: Coursework, whose: Whose, number: int) -> ModuleFacts:
    seen = look_on(conn, visitor, *whose)
    return facts_for(conn, seen.found, seen.eyes, coursework, number)


def lesson_as(conn: Connection, visitor: Visitor, whose: Whose, number: int, slug: str) -> LessonPage:
    """Raises NotFound for a lesson that its learner could not open at that instant."""
    seen = look_on(conn, visitor, *whose)
    now = seen.eyes.now.school
    return lesson_for(conn, for_whom_open(seen.found, number, now), number, slug, now)


def file_as(conn: Connection, visitor: Visitor, whose: Whose, number: int, path: str) -> StoredFile:
    seen = look_on(conn, visitor, *whose)
    return file_of(conn, for_whom_open(seen.found, number, seen.eyes.now.school), number, path)


def search_as(conn: Connection, visitor: Visitor, whose: Whose, typed: str, number: int) -> SearchPage:
    seen = look_on(conn, visitor, *whose)
    return search_for(conn, seen.found, seen.eyes.now.school, typed, number)


def announcements_as(conn: Connection, visitor: Visitor, whose: Whose, number: int) -> AnnouncementsPage:
    seen = look_on(conn, visitor, *whose)
    return announcements_for(conn, seen.found, seen.eyes, number)


def announcement_as(conn: Connection, visitor: Visitor, whose: Whose, announcement_id: str) -> AnnouncementPage:
    seen = look_on(conn, visitor, *whose)
    return announcement_for(conn, seen.found, seen.eyes, announcement_id)


def questions_as(
    conn: Connection, visitor: Visitor, whose: Whose, module_number: int, show: str, number: int
) -> QuestionsPage:
    """Raises NotFound for a module that was not open to its learner at that instant."""
    return questions_for(conn, _member(conn, visitor, whose, module_number), show, number)


def thread_as(
    conn: Connection, visitor: Visitor, whose: Whose, module_number: int, question_id: str, number: int
) -> ThreadPage:
    return thread_for(conn, _member(conn, visitor, whose, module_number), question_id, number)


def _member(conn: Connection, visitor: Visitor, whose: Whose, module_number: int) -> Member:
    seen = look_on(conn, visitor, *whose)
    found = for_whom_open(seen.found, module_number, seen.eyes.now.school)
    return member_for(found, seen.eyes, module_number)
