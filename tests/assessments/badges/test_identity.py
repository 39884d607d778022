from assessments.badges.identity import earned_by, identity_hash, identity_object, new_salt
from tests.assessments.badges import factory


def test_hash_is_that_of_the_specification_example() -> None:
    expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert identity_hash("a@example.com", "Kosher") == expected


def test_spelling_of_the_address_does_not_matter() -> None:
    assert identity_hash(" Ada@Engineer.Example ", "s") == identity_hash("ada@engineer.example", "s")


def test_identity_object_has_the_members_of_the_schema_and_no_address() -> None:
    found = identity_object("ada@engineer.example", "salt")
    assert set(found) == {"type", "hashed", "identityHash", "identityType", "salt"}
    assert "ada" not in str(found)


def test_salts_differ() -> None:
    assert len({new_salt() for _ in range(50)}) == 50


def test_earner_is_recognised_and_nobody_else() -> None:
    document = factory.document()
    assert earned_by(document, "ADA@engineer.example")
    assert not earned_by(document, "bob@engineer.example")


def test_odd_identities_match_nobody() -> None:
    for identifier in (
        None,
        "text",
        [1, {"hashed": True}],
        [{"hashed": False, "identityHash": "ada@engineer.example"}],
    ):
        assert not earned_by({"credentialSubject": {"identifier": identifier}}, "ada@engineer.example")
    assert not earned_by({}, "ada@engineer.example")
