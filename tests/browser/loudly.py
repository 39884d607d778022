"""What was skipped for want of a browser or a store is said in one line that cannot be overlooked."""

from typing import Any

NO_STORE = "THE S3 SERVER DID NOT START"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    every = terminalreporter.stats.get("skipped", [])
    skipped = [report for report in every if "browser" in report.keywords]
    stores = [report for report in every if NO_STORE in str(report.longrepr)]
    if stores:
        terminalreporter.write_sep("!", f"{NO_STORE}: {len(stores)} tests were skipped", yellow=True, bold=True)
    if skipped:
        terminalreporter.write_sep("!", f"THE BROWSER WALK WAS SKIPPED: {len(skipped)} tests", yellow=True, bold=True)
        terminalreporter.write_line(
            "No Chromium was found. Set FOURWEEK_CHROMIUM, or: python -m tests.browser.chromium --install"
        )
