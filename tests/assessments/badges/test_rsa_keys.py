import pytest
from joserfc.jwk import RSAKey

from assessments.badges.rsa_keys import RsaPublicKey
from tests.keys import shared_jwt_key


def test_thumbprint_and_jwk_agree_with_an_independent_reader() -> None:
    key = shared_jwt_key().public
    jwk = key.jwk("https://learn.example/issuer/keys/1")
    read = RSAKey.import_key({**jwk})
    assert read.thumbprint() == key.key_id
    assert jwk == {**read.as_dict(private=False), "kid": jwk["kid"], "alg": "RS256", "use": "sig"}


def test_known_thumbprint() -> None:
    """RFC 7638, section 3.1."""
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
        "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQv"
        "RL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnq"
        "DKgw"
    )
    read = RSAKey.import_key({"kty": "RSA", "n": modulus, "e": "AQAB"})
    numbers = read.public_key.public_numbers()
    assert RsaPublicKey(numbers.n, numbers.e).key_id == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize(("n", "e"), [(2**1023 + 1, 65537), (2**9000 + 1, 65537), (2**2047 + 1, 1), (2**2047 + 1, 4)])
def test_numbers_that_are_no_key_are_refused(n: int, e: int) -> None:
    with pytest.raises(ValueError, match="2048"):
        RsaPublicKey(n, e)
