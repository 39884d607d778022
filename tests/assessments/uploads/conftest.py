"""The school of the evidence tests, whose files may be 12 MB each and 20 MB for a learner."""

import pytest

from fourweek.settings import Settings
from tests.assessments.evidence.conftest import school  # noqa: F401 a fixture

MB = 1024 * 1024
LIMIT, QUOTA = 12 * MB, 20 * MB


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"demo": True, "upload_limit": LIMIT, "learner_quota": QUOTA})
