"""The application. The only place, beside the commands and the migrations, that knows courses and assessments."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from fourweek import assets, demo_clock, health, logs
from fourweek.accounts import routes as accounts
from fourweek.accounts.passwords import Passwords
from fourweek.database import Database
from fourweek.edge import House
from fourweek.middleware import Guard
from fourweek.pages import Pages, add_error_faces
from fourweek.settings import Settings
from fourweek.static_files import FingerprintedFiles
from fourweek.storage import LocalStore


def open_house(settings: Settings) -> House:
    """Database, store and password hashing of one process."""
    return House(
        settings=settings,
        db=Database(settings.database),
        store=LocalStore(settings.files),
        passwords=Passwords(settings.argon2_memory_kib, settings.argon2_rounds),
    )


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
    app.state.pages = Pages(_navigation(), str)
    for router in (health.router, accounts.router):
        app.include_router(router)
    if settings.demo:
        app.include_router(demo_clock.router)
    app.mount("/static", FingerprintedFiles(directory=assets.folder("static")), name="static")
    add_error_faces(app)
    app.add_middleware(Guard, settings=settings)
    return app


def _navigation() -> tuple:  # type: ignore[type-arg]
    return ()
