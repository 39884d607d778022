"""Numbers in memory that all processes share."""

import os

import pytest

from fourweek.metrics import Metrics

ENDS = ("0.005", "0.01", "0.05", "30.0", "+Inf")


def _lines(metrics: Metrics) -> dict[str, str]:
    return dict(line.rsplit(" ", 1) for line in metrics.lines() if not line.startswith("#"))


def _ask(metrics: Metrics, status: int, seconds: float, *, upload: bool = False) -> None:
    metrics.begin(upload=upload)
    metrics.end("/a", "GET", status, seconds, upload=upload)


def test_a_histogram_adds_up() -> None:
    metrics = Metrics(["/a"])
    for seconds in (0.001, 0.005, 0.03, 99.0):
        _ask(metrics, 200, seconds)
    lines = _lines(metrics)
    ends = [
        lines[f'fourweek_request_seconds_bucket{{le="{end}"}}'] for end in ("0.005", "0.01", "0.05", "30.0", "+Inf")
    ]
    assert ends == ["2", "2", "3", "3", "4"]
    assert lines["fourweek_request_seconds_sum"] == "99.036000"
    assert lines['fourweek_route_seconds_total{route="/a"}'] == "99.036000"


def test_what_has_begun_is_under_way_until_it_ends() -> None:
    metrics = Metrics(["/a"])
    metrics.begin(upload=True)
    assert (_lines(metrics)["fourweek_uploads_under_way"], _lines(metrics)["fourweek_requests_under_way"]) == ("1", "1")
    metrics.end("/a", "POST", 0, 1.0, upload=True)
    assert (_lines(metrics)["fourweek_uploads_under_way"], _lines(metrics)["fourweek_requests_under_way"]) == ("0", "0")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_forked_processes_are_added_up_and_one_that_died_leaves_nothing_under_way() -> None:
    metrics = Metrics(["/a"])
    for number in (1, 2, 2):
        child = os.fork()
        if child == 0:
            metrics.become(number)
            _ask(metrics, 200, 0.1)
            metrics.begin(upload=True)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    lines = _lines(metrics)
    assert lines['fourweek_requests_total{route="/a",status="2xx"}'] == "3"
    assert lines["fourweek_requests_under_way"] == "2"
