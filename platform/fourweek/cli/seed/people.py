"""The people of the demonstration, all invented. `demo.json` has what they are to look at in English; pages say it."""

from fourweek.accounts.models import Role
from fourweek.language import N_
from fourweek.light import dataclass

NEW_YORK, BERLIN, LAGOS = "America/New_York", "Europe/Berlin", "Africa/Lagos"
SINGAPORE, SAO_PAULO, KOLKATA = "Asia/Singapore", "America/Sao_Paulo", "Asia/Kolkata"
ATHENS, KYIV, SEOUL, TOKYO = "Europe/Athens", "Europe/Kyiv", "Asia/Seoul", "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class Cast:
    """One person. Who has `look_at`, one sentence about where to begin, can be tried by a visitor."""

    key: str
    name: str
    zone: str
    role: str = N_("learner")
    grant: Role | None = None
    look_at: str = ""

    @property
    def address(self) -> str:
        return f"{self.key}@harbour.example"

    @property
    def password(self) -> str:
        """Easy to type, and never used outside of a demonstration; "" for somebody who cannot be tried."""
        return f"{self.key}-harbour-2026" if self.look_at else ""


STAFF = (
    Cast(
        "marta", "Marta Lindqvist", "Europe/Stockholm", N_("author"), Role.AUTHOR, N_("Authoring: publish a package.")
    ),
    Cast("tom", "Tom Adeyemi", NEW_YORK, N_("grader"), Role.GRADER, N_("Grading: take the next submission.")),
    Cast(
        "ingrid",
        "Ingrid Sato",
        BERLIN,
        N_("grader"),
        Role.GRADER,
        N_("Grading: one is claimed, with a rating half done."),
    ),
    Cast(
        "rosa",
        "Rosa Delgado",
        NEW_YORK,
        N_("lead"),
        Role.LEAD,
        N_("Grading: a decision to post, an appeal. Cohorts: dates."),
    ),
    Cast(
        "henry",
        "Henry Whitfield",
        NEW_YORK,
        N_("registrar"),
        Role.REGISTRAR,
        N_("Records: Żaneta Wójcik's ledger; among the badges one revoked, one with a corrected name."),
    ),
    Cast(
        "miriam",
        "Miriam Osei",
        NEW_YORK,
        N_("registrar"),
        Role.REGISTRAR,
        N_("Records: what Henry Whitfield or a learner asked for, which she approves or refuses."),
    ),
    Cast(
        "noor",
        "Noor Siddiqui",
        BERLIN,
        N_("operator"),
        Role.OPERATOR,
        N_("Set up: what a school has left to do. People: who may do what, and the audit log."),
    ),
)
LEARNERS = (
    Cast("amara", "Amara Okafor", LAGOS, look_at=N_("Home: everything shown so far, week 3 begun as a draft.")),
    Cast("jonas", "Jonas Becker", BERLIN, look_at=N_("Week 2: handed in late, waiting for a grader.")),
    Cast("priya", "Priya Raghunathan", KOLKATA, look_at=N_("Week 2: an extension, and a draft to go on with.")),
    Cast("daniela", "Daniela Ferreira", SAO_PAULO, look_at=N_("Week 2: not yet, with a comment on every criterion.")),
    Cast("weiling", "Tan Wei Ling", SINGAPORE, look_at=N_("Week 2: returned as incomplete, no attempt used.")),
    Cast(
        "marcus",
        "Marcus Bell",
        NEW_YORK,
        look_at=N_("Home: nothing handed in so far, what is over, what can be done."),
    ),
    Cast(
        "zaneta",
        "Żaneta Wójcik",
        BERLIN,
        look_at=N_("Badges: one so far, and one course short of the series' own. Transcript."),
    ),
    Cast(
        "tunde",
        "Tunde Balogun",
        LAGOS,
        look_at=N_("Badges: one that is over. Transcript: two modules of a course that was not finished."),
    ),
    Cast("arjun", "Arjun Nair", KOLKATA, look_at=N_("Home: a cohort that starts next Monday.")),
    Cast("grace", "Grace Hollister", NEW_YORK),
    Cast("rafael", "Rafael Monteiro", SAO_PAULO),
    Cast("huimin", "Koh Hui Min", SINGAPORE),
    Cast("ananya", "Ananya Sengupta", KOLKATA),
    Cast(
        "kwame",
        "Kwame Mensah",
        LAGOS,
        look_at=N_("Badges, with initials alone: a series' own, one that ends soon, one with evidence that is shared."),
    ),
    Cast("lukas", "Lukas Brandt", BERLIN),
    Cast(
        "olivia",
        "Olivia Chambers",
        NEW_YORK,
        look_at=N_("Licences: two boards and credit from elsewhere. Transcript: four kinds of documents, one shared."),
    ),
    Cast("sofia", "Sofia Almeida", SAO_PAULO),
    Cast("leila", "Leila Haddad", BERLIN),
    Cast("emily", "Emily Tran", NEW_YORK),
    Cast("anh", "Nguyễn Thị Ánh", "Asia/Ho_Chi_Minh"),
    Cast("eleni", "Ελένη Παπαδοπούλου", ATHENS),
    Cast("mohammed", "محمد السيد", "Africa/Cairo"),
    Cast("hanako", "山田 花子", TOKYO),
    Cast("minjun", "김민준", SEOUL),
    Cast("minjun2", "Min-jun Kim", SEOUL),
    Cast("olena", "Олена Бойко", KYIV),
)
EVERYBODY = STAFF + LEARNERS
TRIED = tuple(person for person in EVERYBODY if person.look_at)
