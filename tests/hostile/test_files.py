"""Hostile files through every field that takes one."""

from tests.hostile.files import corpus


def test_the_corpus_is_large_and_its_files_small_to_send() -> None:
    assert len(corpus()) >= 80
    assert len({name for name, _ in corpus()}) == len(corpus())
    assert max(len(data) for _, data in corpus()) < 20_000_000
