"""Settings, read from `FOURWEEK_…` in the environment once per process."""

import re
import shlex
from datetime import date
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from fourweek.accounts.models import Role, ScopeKind
from fourweek.first_run import institution
from fourweek.language import LANGUAGES
from fourweek.letters.printing import names_ok
from fourweek.livery.checking import check_livery
from fourweek.zone_names import zone_names


class PaperSize(StrEnum):
    LETTER = "us-letter"
    A4 = "a4"


class CeuRule(StrEnum):
    """How the minutes of a course that do not fill a tenth of a CEU count: half up, or not at all."""

    NEAREST = "nearest"
    FLOOR = "floor"


class ApprovalSetting(BaseModel):
    """An accreditation of the institution as it was granted; `statement` is printed word for word.

    `courses` limits it to those course codes, each with the course's own number there or ""; empty means all courses.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: str
    number: str
    statement: str
    valid_from: date | None = None
    valid_to: date | None = None
    courses: dict[str, str] = Field(default_factory=dict)


class Settings(BaseSettings):
    """Everything an operator may set. Sizes are bytes, durations say their unit."""

    model_config = SettingsConfigDict(env_prefix="FOURWEEK_", frozen=True, hide_input_in_errors=True)

    home: Path = Field(default=Path("var"), description="Folder where the database, files, keys and mail live.")
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8400, ge=1, le=65535, description="Port the server listens on.")
    proxies: str = Field(
        default="127.0.0.1, ::1",
        description="Addresses or networks of our own proxies, set apart by commas: their X-Forwarded-For is believed.",
    )
    base_url: str = Field(default="", description="Public address, without a slash at its end; in every link we write.")
    database_url: str = Field(
        default="", description="postgresql+psycopg://…; empty means SQLite under the home folder."
    )
    store: str = Field(
        default="",
        description="Where files are kept: a folder or s3://bucket/prefix; empty means under the home folder.",
    )
    store_endpoint: str = Field(default="", description="Address of an S3-compatible store; empty means Amazon's.")
    store_region: str = Field(default="us-east-1", description="Region of the bucket.")
    store_key: str = Field(
        default="",
        description="Access key of the store; empty means what the machine's surroundings give (AWS_…).",
    )
    store_secret: SecretStr = Field(default=SecretStr(""), description="Secret of that access key.")
    institution: str = Field(default="Fourweek Institute", description="Name on pages, badges and transcripts.")
    institution_address: str = Field(
        default="", description="Postal address printed on transcripts; lines are set apart by semicolons."
    )
    institution_description: str = Field(default="", description="One sentence about the institution, on badges.")
    institution_email: str = Field(default="", description="Public mail address of the institution, on badges.")
    institution_colour: str = Field(
        default="#1f4e79",
        description="Colour of badges, links and buttons, as #rrggbb; pages darken or lighten it until it can be read.",
    )
    institution_accent: str = Field(
        default="",
        description="Second colour of badges and of the seal on pages, to be seen on the first; empty takes a lighter "
        "tone of the first.",
    )
    institution_logo: str = Field(
        default="",
        description="File of the logo at the head of pages, SVG or PNG; one twice as wide as high stands without the "
        "name; empty takes a sign of ours.",
    )
    badge_key: SecretStr = Field(
        default=SecretStr(""), description="Private Ed25519 key of badges, PEM (PKCS #8); empty keeps it in a file."
    )
    badge_jwt_key: SecretStr = Field(
        default=SecretStr(""), description="Private RSA key of badges as JWT, PEM (PKCS #8); empty keeps it in a file."
    )
    seal_key: SecretStr = Field(
        default=SecretStr(""),
        description="Private key of the seal on documents and its certificates, PEM; empty keeps one of our own.",
    )
    linkedin_organisation: str = Field(
        default="",
        max_length=100,
        description="Number of the institution's page at LinkedIn; empty names it by its name.",
    )
    approvals: tuple[ApprovalSetting, ...] = Field(
        default=(),
        description="Accreditations as a JSON list of body, number, statement and, if known, valid_from, valid_to and "
        "courses (course code to its number there).",
    )
    registrar_name: str = Field(default="The Registrar", description="Who signs transcripts.")
    registrar_contact: str = Field(default="", description="How a board, or an earner, reaches the registrar.")
    ceu_rule: CeuRule = Field(
        default=CeuRule.NEAREST,
        description="How CEU are rounded: nearest (30 minutes are a tenth) or floor; a course begun keeps its rule.",
    )
    paper: PaperSize = Field(default=PaperSize.LETTER, description="Sheet of transcripts: us-letter or a4.")
    zone: str = Field(default="UTC", description="The institution's IANA time zone.")
    language: str = Field(
        default="en", description="Language of pages and letters for whoever asks for none of ours: en, es or ar."
    )
    demo: bool = Field(
        default=False, description="Demonstration school: personas on the sign-in page, a clock to move."
    )
    smtp_url: str = Field(default="", description="smtp://user:password@host:port; empty writes mail to files.")
    mail_from: str = Field(default="", description="Sender of mail; empty derives one from the base address.")
    upload_limit: int = Field(default=2 * 1024**3, ge=1024, description="Largest uploaded file, bytes.")
    learner_quota: int = Field(
        default=10 * 1024**3,
        ge=1024,
        description="Most bytes of files one learner may have handed in and on their way.",
    )
    record_kept_years: int = Field(
        default=7,
        ge=1,
        le=100,
        description="How many full years after the year of the last change documents and papers of a record are kept.",
    )
    evidence_kept_days: int = Field(
        default=1095,
        ge=30,
        le=36500,
        description="How long evidence is kept after it was handed in, and a draft after it was last saved.",
    )
    privacy_version: str = Field(
        default="",
        max_length=40,
        description="Version of the privacy notice that people are asked to agree to, such as its date; empty asks "
        "nobody.",
    )
    terms_version: str = Field(
        default="",
        max_length=40,
        description="Version of the terms that people are asked to agree to (texts/terms.md in the home folder); empty "
        "asks nobody.",
    )
    derived_limit: int = Field(
        default=2 * 1024**3, ge=0, description="Most bytes of copies that were made of evidence for looking at."
    )
    scan_command: str = Field(
        default="",
        description="Command that is asked about each file people send, with the file's path after it: exit code 0 is "
        "clean, 1 found; empty asks nobody.",
    )
    scan_seconds: int = Field(default=60, ge=1, le=600, description="How long that command gets for one file.")
    package_limit: int = Field(default=200 * 1024 * 1024, ge=1024, description="Largest course package, bytes.")
    form_limit: int = Field(default=2 * 1024 * 1024, ge=1024, description="Largest form without files, bytes.")
    sign_up: bool = Field(
        default=False, description="Whether people may make an account of their own, by a letter to their address."
    )
    idle_hours: int = Field(default=12, ge=1, description="A sign-in ends after this long without use.")
    absolute_days: int = Field(default=14, ge=1, description="A sign-in ends after this long whatever happens.")
    second_factor_for: tuple[Role, ...] = Field(
        default=(),
        description='Roles that need a second factor at sign-in, as a JSON list such as ["registrar"].',
    )
    oidc_issuer: str = Field(
        default="", description="Address of a provider (OpenID Connect) that people may sign in with; empty means none."
    )
    oidc_client_id: str = Field(default="", description="What that provider calls this school.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret that the provider gave us; empty for a client without one."
    )
    oidc_name: str = Field(
        default="your institution", max_length=60, description="What the button calls the provider: Sign in with …."
    )
    oidc_role_claim: str = Field(
        default="",
        description="Claim that roles follow from, such as groups or realm_access.roles; empty means none do.",
    )
    oidc_roles: dict[str, str] = Field(
        default={},
        description="Value of that claim to role, as JSON: a role alone, or with what it is for (grader:cohort:ID).",
    )
    oidc_sign_up: bool = Field(
        default=False, description="Whether people whom the provider knows and we do not get an account here."
    )
    claim_minutes: int = Field(default=45, ge=1, description="A grader's lease on a submission.")
    undo_seconds: int = Field(default=0, ge=0, description="How long a posted decision waits before it counts.")
    tick_seconds: int = Field(default=30, ge=1, description="Pause between two ticks of the worker.")
    webhooks_inside: bool = Field(
        default=False,
        description="Webhooks may lead to private addresses and go without TLS; for tests and demonstrations alone.",
    )
    backup_passphrase: SecretStr = Field(
        default=SecretStr(""),
        description="Encrypts the keys in backups; empty asks for it on a terminal.",
    )
    upgrade_backups: str = Field(
        default="",
        description="Folder for a copy of the database before each upgrade; empty takes backups/ under the home folder "
        "for SQLite, and makes none of PostgreSQL.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Whoever sends it as a bearer token reads /metrics; empty leaves that to this machine alone.",
    )
    stop_seconds: int = Field(
        default=10,
        ge=1,
        le=3600,
        description="How long what is under way gets to finish when server or worker are told to stop.",
    )
    insecure: str = Field(
        default="",
        description="Unsafe settings that are meant, set apart by commas: http, address, demo, webhooks, passwords, "
        "proxies, mail.",
    )
    argon2_memory_kib: int = Field(default=19456, ge=8192, description="argon2id memory, KiB.")
    argon2_rounds: int = Field(default=2, ge=1, description="argon2id passes.")

    @model_validator(mode="after")
    def _checked(self) -> Self:
        institution.follow(self)
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            raise ValueError("FOURWEEK_BASE_URL must begin with http:// or https://")
        if self.database_url and not self.database_url.startswith(("sqlite:", "postgresql+psycopg:")):
            raise ValueError("FOURWEEK_DATABASE_URL must begin with postgresql+psycopg:// or sqlite:///")
        if "://" in self.store and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/.*)?", self.store):
            raise ValueError("FOURWEEK_STORE must be a folder or s3://bucket/prefix")
        if self.store_endpoint and not self.store_endpoint.startswith(("http://", "https://")):
            raise ValueError("FOURWEEK_STORE_ENDPOINT must begin with http:// or https://")
        if bool(self.store_key) != bool(self.store_secret.get_secret_value()):
            raise ValueError("FOURWEEK_STORE_KEY and FOURWEEK_STORE_SECRET are set together or not at all")
        check_livery(self.institution_colour, self.institution_accent, self.institution_logo)
        _check_proxies(self.proxies)
        _check_zone(self.zone)
        _check_language(self.language)
        if self.smtp_url and not re.match(r"smtps?://[^/]", self.smtp_url):
            raise ValueError("FOURWEEK_SMTP_URL must begin with smtp:// or smtps:// and name a server")
        _check_command(self.scan_command)
        _check_letters(self)
        _check_provider(self)
        return self

    @property
    def public_url(self) -> str:
        """Address in every link we write, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve() / 'fourweek.sqlite3'}"

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite inside the home folder."""
        return self.database.startswith("sqlite:")

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS."""
        return self.public_url.startswith("https://")

    @property
    def bucket(self) -> str:
        """Bucket and prefix, `name/prefix`; "" where files are kept in a folder."""
        return self.store.removeprefix("s3://") if self.store.startswith("s3://") else ""

    @property
    def files(self) -> Path:
        """The folder where files are kept, or spooled before they go to a bucket."""
        return Path(self.store) if self.store and not self.bucket else self.home / "files"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def backups(self) -> Path:
        """Copies made before upgrades, and a note of the last backup."""
        return self.home / "backups"

    @property
    def texts(self) -> Path:
        """The institution's own texts, Markdown: `privacy.md` and `terms.md`."""
        return self.home / "texts"

    @property
    def mail(self) -> Path:
        return self.home / "mail"


def _check_proxies(said: str) -> None:
    try:
        for part in filter(None, map(str.strip, said.split(","))):
            ip_network(part, strict=False)
    except ValueError as error:
        raise ValueError(f"FOURWEEK_PROXIES must be addresses or networks set apart by commas: {error}") from None


def _check_zone(name: str) -> None:
    if name not in zone_names():
        raise ValueError(f"FOURWEEK_ZONE: {name!r} is no IANA time zone, such as Europe/Lisbon")


def _check_language(code: str) -> None:
    if code not in LANGUAGES:
        raise ValueError(f"FOURWEEK_LANGUAGE must be one of {', '.join(LANGUAGES)}")


def _check_command(said: str) -> None:
    try:
        shlex.split(said)
    except ValueError as error:
        raise ValueError(f"FOURWEEK_SCAN_COMMAND cannot be read as a command line: {error}") from None


def what_is_wrong(error: ValidationError | SettingsError) -> list[str]:
    """A sentence for each setting that cannot be right, which it names; never the value of a secret."""
    if isinstance(error, SettingsError):
        field = re.search(r'field "(\w+)"', str(error))
        return [f"FOURWEEK_{field[1].upper() if field else '…'}: It must be JSON."]
    return [_sentence(one["loc"], one["msg"].removeprefix("Value error, ")) for one in error.errors()]


def _sentence(place: tuple[int | str, ...], words: str) -> str:
    if not place:
        return f"{words}."
    inside = "".join(f", {part}" for part in place[1:])
    return f"FOURWEEK_{str(place[0]).upper()}{inside}: {words}."


_ROLE_WORDS = re.compile(
    f"({'|'.join(Role)})(:({'|'.join(kind for kind in ScopeKind if kind is not ScopeKind.INSTITUTION)}):[0-9a-zA-Z]+)?"
)


def _check_provider(settings: Settings) -> None:
    """Raises ValueError for a sign-in provider that is named in part only, or whom others could pretend to be."""
    if not settings.oidc_issuer:
        return
    if not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])(:|/|$)", settings.oidc_issuer):
        raise ValueError("FOURWEEK_OIDC_ISSUER must begin with https:// (http:// on this machine alone)")
    if not settings.oidc_client_id:
        raise ValueError("FOURWEEK_OIDC_ISSUER needs FOURWEEK_OIDC_CLIENT_ID")
    for words in settings.oidc_roles.values():
        if not _ROLE_WORDS.fullmatch(words):
            raise ValueError(f"FOURWEEK_OIDC_ROLES: {words!r} is no role, nor role:course:ID, cohort or section")
    if settings.oidc_roles and not settings.oidc_role_claim:
        raise ValueError("FOURWEEK_OIDC_ROLES needs FOURWEEK_OIDC_ROLE_CLAIM")


def _check_letters(settings: Settings) -> None:
    """Raises ValueError for a text of every document that their fonts cannot print."""
    printed = {
        name: getattr(settings, name)
        for name in ("institution", "institution_address", "registrar_name", "registrar_contact")
    }
    printed["approvals"] = " ".join(f"{one.body} {one.number} {one.statement}" for one in settings.approvals)
    for name, text in printed.items():
        if unprintable := names_ok(text):
            raise ValueError(f"FOURWEEK_{name.upper()}: {unprintable}")
