"""What was skipped for want of a browser or a store is said aloud, and so is how much was looked at for barriers."""

from typing import Any

ROUND = "round"
"""Under this name tests that look at pages note how many pages and states they tried, and what they found."""

NO_STORE = "THE S3 SERVER DID NOT START"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    every = terminalreporter.stats.get("skipped", [])
    skipped = [report for report in every if "browser" in report.keywords]
    stores = [report for report in every if NO_STORE in str(report.longrepr)]
    if stores:
        terminalreporter.write_sep("!", f"{NO_STORE}: {len(stores)} tests were skipped", yellow=True, bold=True)
    told = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    if rounds := [value for report in told for name, value in report.user_properties if name == ROUND]:
        pages, states, found = (sum(column) for column in zip(*rounds, strict=True))
        terminalreporter.write_line(f"Looked for barriers: {pages} pages in {states} states, {found} found.")
    if skipped:
        terminalreporter.write_sep("!", f"THE BROWSER WALK WAS SKIPPED: {len(skipped)} tests", yellow=True, bold=True)
        terminalreporter.write_line(
            "No Chromium was found. Set FOURWEEK_CHROMIUM, or: python -m tests.browser.chromium --install"
        )
