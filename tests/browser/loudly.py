"""A skipped browser walk is said in one line that cannot be overlooked."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped:
        terminalreporter.write_sep("!", f"THE BROWSER WALK WAS SKIPPED: {len(skipped)} tests", yellow=True, bold=True)
        terminalreporter.write_line(
            "No Chromium was found. Set FOURWEEK_CHROMIUM, or: python -m tests.browser.chromium --install"
        )
