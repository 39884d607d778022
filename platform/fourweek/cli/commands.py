"""All commands. Beside `app.py` and `scans.py` the only part of the core that knows courses and assessments."""

import typer

from fourweek.cli import backup, badges, checks, courses, demo, doctor, evidence, keys, mail, people, serving, verify
from fourweek.cli.guide import Guide, dress

app = typer.Typer(
    name="fourweek",
    cls=Guide,
    help="Four-week courses: weekly modules, judged evidence, signed badges, CEU transcripts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
serving.add_to(app)
demo.add_to(app)
backup.add_to(app)
verify.add_to(app)
doctor.add_to(app)
app.add_typer(courses.app, name="course")
app.add_typer(people.app, name="person")
app.add_typer(evidence.app, name="evidence")
app.add_typer(badges.app, name="badges")
app.add_typer(keys.app, name="keys")
app.add_typer(mail.app, name="mail")
checks.add_to(app)
dress(app)
