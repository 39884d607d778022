"""Roles, and what they are for, in words; said with `_` where they are shown."""

from collections.abc import Mapping
from typing import Final

from fourweek.accounts.models import Role, ScopeKind
from fourweek.language import N_

ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.INSTRUCTOR: N_("Instructor"),
    Role.GRADER: N_("Grader"),
    Role.LEAD: N_("Lead"),
    Role.AUTHOR: N_("Author"),
    Role.REGISTRAR: N_("Registrar"),
    Role.OPERATOR: N_("Operator"),
}
FOR: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.COURSE: N_("for the course {name}"),
    ScopeKind.COHORT: N_("for the cohort {name}"),
    ScopeKind.SECTION: N_("for the section {name}"),
}
NOT_FOR: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.INSTITUTION: N_("The role {role} is not given for the whole institution."),
    ScopeKind.COURSE: N_("The role {role} is not given for one course."),
    ScopeKind.COHORT: N_("The role {role} is not given for one cohort."),
    ScopeKind.SECTION: N_("The role {role} is not given for one section."),
}
NO_SUCH: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.INSTITUTION: N_("There is no such institution."),
    ScopeKind.COURSE: N_("There is no such course."),
    ScopeKind.COHORT: N_("There is no such cohort."),
    ScopeKind.SECTION: N_("There is no such section."),
}
NONE_NAMED: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.INSTITUTION: N_("No institution here has this in its name."),
    ScopeKind.COURSE: N_("No course here has this in its name."),
    ScopeKind.COHORT: N_("No cohort here has this in its name."),
    ScopeKind.SECTION: N_("No section here has this in its name."),
}
WHICH: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.INSTITUTION: N_("Say which institution."),
    ScopeKind.COURSE: N_("Say which course."),
    ScopeKind.COHORT: N_("Say which cohort."),
    ScopeKind.SECTION: N_("Say which section."),
}
