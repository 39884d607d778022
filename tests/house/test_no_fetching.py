"""Who of us connects to other machines. What people type is never fetched: a learner's link is kept and shown."""

from tests.house.sources import CODE, imports, mentioning, name, python_files

CONNECTS = {
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "obstore",
    "authlib",
}
WITH_REASON = {
    "platform/fourweek/accounts/openid/provider.py": "the provider of sign-ins that the operator names",
    "platform/fourweek/cli/serving.py": "holds the port we answer on",
    "platform/fourweek/doctor/services.py": "what the mail server says against us; it connects to nothing itself",
    "platform/fourweek/jobs/worker.py": "the name of this machine",
    "platform/fourweek/mail.py": "the mail server that the operator names",
    "platform/fourweek/processes.py": "holds the port we answer on",
    "platform/fourweek/server.py": "holds the port we answer on",
    "platform/fourweek/storage/s3.py": "the store that the operator names",
    "platform/fourweek/webhooks/destinations.py": "the number of a webhook's host, which must be public",
    "platform/fourweek/webhooks/sending.py": "webhooks that registrars add: that number, no redirects, a limit on time",
}


def test_few_files_connect_to_anything() -> None:
    found = {
        name(path)
        for path in mentioning(python_files(*CODE), *CONNECTS)
        for _, module in imports(path)
        if _connects(module)
    }
    assert found == WITH_REASON.keys()


def _connects(module: str) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in CONNECTS)
