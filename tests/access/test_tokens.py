"""Which tokens get in: those of the issuer, for us and of this hour; forged, foreign and stale ones do not."""

import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access import Caller, authenticate, require
from chalicelib.problems import Problem
from chalicelib.roles import ANY_ROLE
from tests.access.forging import (
    EC_KEY,
    ISSUER,
    NOW,
    OTHER_RSA_KEY,
    RSA_KEY,
    RSA_PEM,
    claims,
    ec_jwk,
    encoded,
    enter,
    handmade,
    no_key,
    publish,
    refused,
    rsa_jwk,
    signed,
    signed_raw,
)

# Tokens that are good


def test_a_token_of_the_issuer_says_tenant_subject_name_and_roles() -> None:
    caller = enter(signed(claims(name="Anna", **{"cognito:groups": ["viewer", "editor", "unheard-of"]})))
    assert caller == Caller("acme", "user-1", "Anna", frozenset({"viewer", "editor"}))


def test_an_elliptic_curve_key_signs_as_well() -> None:
    assert enter(signed(key=EC_KEY, alg="ES256", kid="ec")).tenant == "acme"


def test_the_scheme_is_read_in_any_case() -> None:
    assert authenticate(f"bEARER  {signed()}", no_key).tenant == "acme"


@pytest.mark.parametrize("groups", ["reader editor", "reader,editor", " reader, editor ", ["reader", "editor", 7, {}]])
def test_roles_come_as_a_list_or_as_words(groups: Any) -> None:
    assert enter(signed(claims(**{"cognito:groups": groups}))).roles == {"reader", "editor"}


@pytest.mark.parametrize("groups", [None, 7, {"owner": True}, "Owner", ["owners", "OWNER"]])
def test_a_token_without_known_roles_may_do_nothing(groups: Any) -> None:
    caller = enter(signed(claims(**{"cognito:groups": groups})))
    assert caller.verbs == []
    with pytest.raises(Problem):
        require(caller, ANY_ROLE)


def test_an_audience_in_a_list_counts() -> None:
    assert enter(signed(claims(aud=["someone-else", "afterchat"]))).tenant == "acme"


def test_a_cognito_access_token_names_its_audience_client_id() -> None:
    assert enter(signed(claims(aud=None, client_id="client-7", token_use="access"))).tenant == "acme"


def test_the_claims_of_another_issuer_can_be_configured(jwks: Path, trust: Callable[..., None]) -> None:
    trust(jwks.as_uri(), tenant_claim="org", roles_claim="roles")
    caller = enter(signed(claims(org="globex", roles="owner")))
    assert caller == Caller("globex", "user-1", "user-1", frozenset({"owner"}))


def test_a_claim_that_says_for_which_service_a_token_is_can_stand_for_the_audience(
    jwks: Path, trust: Callable[..., None]
) -> None:
    trust(jwks.as_uri(), audience_claim="service")
    assert enter(signed(claims(aud="any client", service="afterchat"))).tenant == "acme"
    with pytest.raises(Problem, match="audience"):
        enter(signed(claims(aud="afterchat")))


def test_an_issuers_clock_may_be_half_a_minute_ahead() -> None:
    ahead = int(NOW.timestamp()) + 30
    assert enter(signed(claims(nbf=ahead, iat=ahead))).tenant == "acme"


# Tokens that are forged


def test_an_unsigned_token_is_refused() -> None:
    for alg in ("none", "None", ""):
        assert "algorithm" in refused(handmade({"alg": alg, "kid": "rsa"}, lambda _: b""))


@pytest.mark.parametrize("secret", [RSA_PEM, RSA_PEM.strip(), json.dumps(rsa_jwk()).encode(), rsa_jwk()["n"].encode()])
def test_a_token_signed_with_the_public_key_as_hmac_secret_is_refused(secret: bytes) -> None:
    forged = handmade({"alg": "HS256", "kid": "rsa"}, lambda body: hmac.digest(secret, body, hashlib.sha256))
    assert "algorithm" in refused(forged)


def test_a_secret_that_the_issuer_publishes_by_mistake_signs_nothing(jwks: Path) -> None:
    secret = b"0123456789abcdef0123456789abcdef"
    publish(jwks, {"kty": "oct", "k": encoded(secret).decode(), "kid": "oct", "alg": "HS256"})
    assert "no key" in refused(signed(key=secret, alg="HS256", kid="oct"))


@pytest.mark.parametrize("alg", ["RS384", "RS512", "PS256"])
def test_other_algorithms_of_the_right_key_are_refused(alg: str) -> None:
    assert "algorithm" in refused(signed(alg=alg))


def test_the_algorithm_must_fit_the_key() -> None:
    assert "algorithm" in refused(signed(alg="RS256", kid="ec"))
    assert "algorithm" in refused(signed(key=EC_KEY, alg="ES256", kid="rsa"))


def test_another_key_under_the_same_kid_is_refused() -> None:
    assert "signature" in refused(signed(key=OTHER_RSA_KEY))


def test_a_changed_payload_is_refused() -> None:
    head, _, tail = signed().split(".")
    stolen = encoded(json.dumps(claims(**{"custom:tenant": "globex"})).encode()).decode()
    assert "signature" in refused(f"{head}.{stolen}.{tail}")


def test_an_unknown_or_missing_kid_is_refused() -> None:
    assert "no key" in refused(signed(kid="nobody"))
    assert "lacks kid" in refused(jwt.encode(claims(), RSA_KEY, algorithm="RS256"))
    assert refused(handmade({"alg": "RS256", "kid": 7}, lambda _: b"x"))


def test_a_key_in_the_header_is_not_looked_at() -> None:
    header: dict[str, Any] = {
        "jwk": rsa_jwk(OTHER_RSA_KEY),
        "jku": "https://evil.example/jwks.json",
        "x5u": "https://evil.example/x",
    }
    assert "signature" in refused(signed(key=OTHER_RSA_KEY, **header))
    assert "no key" in refused(signed(key=OTHER_RSA_KEY, kid="evil", **header))


def rsa_signature(body: bytes) -> bytes:
    return RSA_KEY.sign(body, padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], None])
def test_a_critical_header_is_refused(crit: Any) -> None:
    assert enter(handmade({"alg": "RS256", "kid": "rsa"}, rsa_signature))
    assert refused(handmade({"alg": "RS256", "kid": "rsa", "b64": True, "crit": crit}, rsa_signature))


def test_weak_and_unfit_keys_of_the_issuer_sign_nothing(jwks: Path) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    wide = ec.generate_private_key(ec.SECP384R1())
    publish(
        jwks, rsa_jwk(weak, "weak"), ec_jwk(wide, "wide"), rsa_jwk(kid="box", use="enc"), rsa_jwk(kid="ps", alg="PS256")
    )
    for kid in ("weak", "wide", "box", "ps"):
        assert "no key" in refused(signed(kid=kid))


# Tokens that are not for us, or not now


@pytest.mark.parametrize("other", ["https://issuer.example/pool/", "https://issuer.example", [ISSUER], "", None])
def test_a_token_of_another_issuer_is_refused(other: Any) -> None:
    assert refused(signed_raw(claims(iss=other)))


@pytest.mark.parametrize("audience", ["other", ["other", "afterchat2"], [], "", {"afterchat": 1}, None])
def test_a_token_for_another_audience_is_refused(audience: Any) -> None:
    assert "audience" in refused(signed(claims(aud=audience)))


@pytest.mark.parametrize("audience", ["other", "", []])
def test_client_id_does_not_excuse_a_wrong_audience(audience: Any) -> None:
    assert "audience" in refused(signed(claims(aud=audience, client_id="client-7")))


def test_a_client_that_is_no_audience_is_refused() -> None:
    assert "audience" in refused(signed(claims(aud=None, client_id="client-8")))


def test_a_refresh_token_is_refused() -> None:
    assert "access token" in refused(signed(claims(token_use="refresh")))


def test_a_token_expires_to_the_second(clock: time_machine.Traveller) -> None:
    token = signed()
    clock.shift(3599)
    assert enter(token)
    clock.shift(1)
    assert "expired" in refused(token)
    clock.shift(86400)
    assert "expired" in refused(token)


def test_a_token_from_the_future_is_refused() -> None:
    future = int(NOW.timestamp()) + 31
    assert "not valid yet" in refused(signed(claims(nbf=future)))
    assert "not valid yet" in refused(signed(claims(iat=future)))


@pytest.mark.parametrize("claim", ["exp", "sub"])
def test_a_token_lacking_a_needed_claim_is_refused(claim: str) -> None:
    assert "lacks" in refused(signed(claims(**{claim: None})))


@pytest.mark.parametrize("end", ["soon", [], {}, float("inf"), float("nan")])
def test_an_expiry_that_is_no_time_is_refused(end: Any) -> None:
    assert refused(signed_raw(claims(exp=end)))


@pytest.mark.parametrize("tenant", [None, "", "acme#customers", "Acme", "a" * 65, "acme\n", "a.b", ["acme"], 7])
def test_a_token_without_a_proper_tenant_is_refused(tenant: Any) -> None:
    assert "tenant" in refused(signed(claims(**{"custom:tenant": tenant})))


# Things that are no token


@pytest.mark.parametrize(
    "garbage", ["x", "a.b.c", "..", "{}", "eyJ.eyJ.", "%00", "\udcff", "ä.ö.ü", "[" * 4000 + ".e30.e30"]
)
def test_garbage_is_refused(garbage: str) -> None:
    assert "well-formed" in refused(garbage)


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_anything(text: str) -> None:
    with pytest.raises(Problem) as caught:
        authenticate(text, no_key)
    assert caught.value.status == 401
    with pytest.raises(Problem):
        authenticate(f"Bearer ak_live_{text}", no_key)


def test_a_token_of_100_kilobytes_is_refused_unread() -> None:
    assert "8 KB" in refused(signed(claims(padding="x" * 100_000)))


@pytest.mark.parametrize("header", [None, "", "  "])
def test_who_sends_nothing_is_told_to_sign_in_without_an_error_code(header: str | None) -> None:
    with pytest.raises(Problem) as caught:
        authenticate(header, no_key)
    assert caught.value.headers["WWW-Authenticate"] == 'Bearer realm="afterchat"'


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "ak_live_abc"])
def test_another_scheme_is_refused(header: str) -> None:
    with pytest.raises(Problem) as caught:
        authenticate(header, no_key)
    assert "invalid_request" in caught.value.headers["WWW-Authenticate"]
