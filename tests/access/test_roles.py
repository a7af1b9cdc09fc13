"""Each role may do what its row says, and a refusal names the roles that would do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access import Caller, require
from chalicelib.problems import Problem
from chalicelib.roles import (
    ANY_READER,
    ANY_ROLE,
    COLLECTORS,
    EDITORS,
    ERASERS,
    EXPORTERS,
    OWNERS,
    ROLES,
    VERBS,
    VIEWERS,
)


def caller(*roles: str) -> Caller:
    return Caller("acme", "user-1", "Anna", frozenset(roles))


@pytest.mark.parametrize(
    ("roles", "may", "may_not", "masked"),
    [
        ("reader", "read", "search reveal export erase delete_one collect", True),
        ("viewer", "read search reveal", "export delete_one erase delete_all", False),
        (
            "editor",
            "read delete_one import draw experiences erase",
            "reveal search export delete_all keys package",
            True,
        ),
        ("exporter", "", "read export reveal collect", True),
        ("exporter viewer", "read reveal export", "delete_one erase", False),
        ("exporter reader", "read", "export", True),
        (
            "privacy",
            "read erase package rectify proofs receipts audit gdpr_settings",
            "reveal delete_one settings",
            True,
        ),
        ("collector", "collect", "read export erase settings", True),
        ("owner", " ".join(VERBS), "", False),
    ],
)
def test_each_role_may_what_its_row_says(roles: str, may: str, may_not: str, masked: bool) -> None:
    somebody = caller(*roles.split())
    assert set(may.split()) <= set(somebody.verbs)
    assert not set(may_not.split()) & set(somebody.verbs)
    assert somebody.masked is masked


def test_only_the_owner_deletes_all_and_changes_keys_webhooks_and_settings() -> None:
    for verb in ("delete_all", "keys", "webhooks", "settings"):
        assert VERBS[verb] == {"owner"}
    everybody_else = caller(*(role.name for role in ROLES if role.name != "owner"))
    assert not {"delete_all", "keys", "webhooks", "settings"} & set(everybody_else.verbs)


@pytest.mark.parametrize(
    ("allowed", "named"),
    [
        (ANY_READER, "reader / viewer / editor / privacy / owner"),
        (VIEWERS, "viewer / owner"),
        (EDITORS, "editor / owner"),
        (EXPORTERS, "viewer + exporter / owner"),
        (ERASERS, "editor / privacy / owner"),
        (OWNERS, "owner"),
        (COLLECTORS, "owner / collector"),
    ],
)
def test_a_refusal_names_the_roles_that_would_do(allowed: frozenset[str], named: str) -> None:
    with pytest.raises(Problem) as caught:
        require(caller(), allowed)
    assert (caught.value.status, caught.value.code) == (403, "role_missing")
    assert f"role {named}." in caught.value.detail


@given(st.sets(st.sampled_from(sorted(ANY_ROLE))), st.sampled_from(sorted(ANY_ROLE)))
def test_another_role_never_takes_anything_away(roles: set[str], more: str) -> None:
    assert set(caller(*roles).verbs) <= set(caller(*roles, more).verbs)
