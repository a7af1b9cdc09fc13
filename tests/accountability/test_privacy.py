"""The privacy notice: every fact from the table of kinds and the settings, in German and in English."""

from typing import Any

import pytest

from chalicelib import privacy
from chalicelib.jobs import export, package
from chalicelib.kinds import KINDS, policy_version
from chalicelib.privacy_texts import PURPOSES
from chalicelib.store import audit, tenants, wire
from chalicelib.store.metering import metered
from chalicelib.store.tenancy import Store
from chalicelib.store.tenants import TenantSettings
from tests import faults
from tests.accountability.conftest import ACME
from tests.world import World

TEXTS = {
    "de": {
        "controller": "Fahrrad GmbH, Dresden",
        "contact": "datenschutz@fahrrad.example",
        "dpo": "Frau Weiß",
        "authority": "Die Sächsische Datenschutzbeauftragte",
        "purposes": {"files": "Fotos für den Wettbewerb"},
    },
    "en": {"controller": "Fahrrad GmbH, Dresden, Germany", "purposes": {"files": "Photos for the contest"}},
}


def notice(world: World, **options: Any) -> Any:
    return world.get("/v1/kinds", roles=("collector",), **options).ok()["notice"]


def put(world: World, body: Any, role: str = "privacy", **options: Any) -> Any:
    return world.request("PUT", "/v1/settings", body, roles=(role,), **options)


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_kind_says_what_how_long_and_from_when(world: World, locale: str) -> None:
    told = notice(world, query={"locale": locale})
    assert [kind["name"] for kind in told["kinds"]] == list(KINDS)
    for one in told["kinds"]:
        kind = KINDS[one["name"]]
        assert str(kind.days) in one["kept"] and one["purpose"]
        assert len(one["columns"]) == len(kind.columns) and all(one["columns"])
    assert (told["locale"], told["policy"]) == (locale, policy_version())
    articles = [right["article"] for right in told["rights"]]
    assert {f"Art. {number}" for number in range(15, 23)} <= set(articles)
    assert any("Amazon" in recipient for recipient in told["recipients"])
    assert all(item["what"] and item["kept"] for item in told["also"])


def test_each_kind_has_a_purpose_in_both_languages() -> None:
    assert set(PURPOSES) == set(KINDS)
    assert all(words.en and words.de for words in PURPOSES.values())


def test_the_language_is_that_of_the_reader(world: World) -> None:
    assert notice(world)["locale"] == "en"
    german = world.get("/v1/kinds", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert german.ok()["notice"]["kinds"][0]["title"] == "Kunden"
    assert german.headers["Content-Language"] == "de"
    assert notice(world, headers={"Accept-Language": "de"}, query={"locale": "en"})["locale"] == "en"
    world.get("/v1/kinds", query={"locale": "fr"}).problem(422, "validation")
    world.get("/v1/kinds", query={"colour": "red"}).problem(422, "filter_unknown")


def test_the_tenants_own_words_are_told(world: World) -> None:
    assert put(world, {"privacy": TEXTS}).ok()["privacy"]["de"]["dpo"] == "Frau Weiß"
    german = notice(world, query={"locale": "de"})
    assert (german["controller"], german["dpo"]) == (TEXTS["de"]["controller"], "Frau Weiß")
    by_name = {kind["name"]: kind["purpose"] for kind in german["kinds"]}
    assert (by_name["files"], by_name["codes"]) == ("Fotos für den Wettbewerb", PURPOSES["codes"].de)
    english = notice(world, query={"locale": "en"})
    assert english["controller"] == "Fahrrad GmbH, Dresden, Germany"
    assert english["dpo"] == "Frau Weiß", "better in the other language than not at all"
    assert notice(world, tenant="other")["controller"] is None


def test_the_notice_says_how_long_consents_can_be_proved(world: World) -> None:
    off = notice(world, query={"locale": "en"})["proof"]
    assert off["months"] == 0 and "deleted with the customer" in off["text"]
    put(world, {"consent_proof_months": 36}).ok()
    for locale in ("de", "en"):
        on = notice(world, query={"locale": locale})["proof"]
        assert on["months"] == 36 and "36" in on["text"]


def test_what_is_kept_besides_is_what_the_code_does() -> None:
    told = [item["kept"] for item in privacy.also_kept(TenantSettings(receipt_months=7), "en")]
    assert told[0] == "7 months"
    assert told[1] == f"{audit.KEPT_DAYS} days"
    assert told[2] == f"{export.KEPT_S // 3600} hours"
    assert told[3].startswith(f"{package.DAYS} days")


# -- settings --


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"consent_proof_months": 121}, "/consent_proof_months"),
        ({"consent_proof_months": -1}, "/consent_proof_months"),
        ({"consent_proof_months": "12"}, "/consent_proof_months"),
        ({"consent_proof_months": True}, "/consent_proof_months"),
        ({"receipt_months": 0}, "/receipt_months"),
        ({"receipt_months": 121}, "/receipt_months"),
        ({"privacy": {"fr": {}}}, "/privacy/fr"),
        ({"privacy": {"de": {"owner": "x"}}}, "/privacy/de/owner"),
        ({"privacy": {"de": {"contact": "x" * 1001}}}, "/privacy/de/contact"),
        ({"privacy": {"de": {"contact": ""}}}, "/privacy/de/contact"),
        ({"privacy": {"de": {"purposes": {"cats": "x"}}}}, "/privacy/de/purposes/cats"),
        ({"privacy": {"de": {"purposes": {"files": 5}}}}, "/privacy/de/purposes/files"),
        ({"privacy": []}, "/privacy"),
    ],
)
def test_wrong_settings_are_named_and_change_nothing(world: World, body: Any, pointer: str) -> None:
    put(world, {"privacy": TEXTS, "receipt_months": 12}).ok()
    problem = put(world, body).problem(422, "validation")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    kept = world.get("/v1/settings").ok()
    assert (kept["receipt_months"], kept["privacy"]["de"]["dpo"]) == (12, "Frau Weiß")


def test_privacy_changes_data_protection_and_nothing_else(world: World) -> None:
    put(world, {"time_zone": "Europe/Paris", "locale": "en"}, "owner").ok()
    refused = put(world, {"receipt_months": 12})  # what is left out would get its default
    assert "owner" in refused.problem(403, "role_missing")["detail"]
    same = {"time_zone": "Europe/Paris", "locale": "en"}
    put(world, {**same, "receipt_months": 12, "consent_proof_months": 6, "privacy": TEXTS}).ok()
    put(world, {**same, "locale": "de", "receipt_months": 12}).problem(403, "role_missing")
    kept = world.get("/v1/settings").ok()
    assert (kept["time_zone"], kept["locale"], kept["receipt_months"]) == ("Europe/Paris", "en", 12)
    for role in ("reader", "viewer", "editor", "exporter", "collector"):
        put(world, same, role).problem(403, "role_missing")


def test_long_texts_leave_the_document_of_each_request_small(world: World) -> None:
    purposes = dict.fromkeys(KINDS, "ä" * 300)
    texts = {locale: {"controller": "x" * 1000, "purposes": purposes} for locale in ("de", "en")}
    put(world, {"privacy": texts, "consent_proof_months": 12, "receipt_months": 12}).ok()
    row = ACME.get("Control", ACME.key("tenant"), "tenant")
    assert len(str(row)) < 500
    with metered(wire.client()) as units:
        world.get("/v1/me").ok()
    assert units.read == 1
    assert world.get("/v1/settings").ok()["privacy"]["de"]["purposes"] == purposes


def test_trouble_at_each_call_of_saving_ends_with_what_was_sent(world: World) -> None:
    numbers = iter(range(10_000))
    told = TenantSettings(receipt_months=12, privacy={"de": {"contact": "x", "purposes": {}}})

    def check(store: Store) -> None:
        assert tenants.read(store) == told

    faults.everywhere(
        lambda: Store(f"t{next(numbers)}"),
        lambda store: tenants.save(store, told, tenants.PROTECTION),
        check,
    )
