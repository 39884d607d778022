"""The framework of skills that the demonstration's courses are aligned with: a part of O*NET's, from its file."""

from datetime import datetime

from assessments.competencies.importing import check_skills, in_pieces, keep_framework, keep_skills
from assessments.competencies.known import KNOWN
from assessments.competencies.table import read_skills
from fourweek.cli.seed.stage import Stage
from fourweek.cli.seed.worksheets import EXAMPLES
from fourweek.spreadsheets import decoded

SKILLS = EXAMPLES / "frameworks" / "onet-skills.csv"


def import_skills(author: str, stage: Stage, at: datetime) -> None:
    """An author imports the table, as the page does it."""
    me, db = stage.visitor(author, at), stage.house.db
    rows = read_skills(decoded(SKILLS.read_bytes()))
    plan = db.read_now(check_skills, me, "onet", rows)
    framework = db.write_now(keep_framework, me, KNOWN["onet"], plan)
    for piece in in_pieces(plan.coming):
        db.write_now(keep_skills, me, framework, piece)
