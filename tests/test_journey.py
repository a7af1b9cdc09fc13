"""One guest from the first word to the last: collected, kept, seen, searched, forgotten."""

from tests.world import World

ANNA = "anna.schmidt@example.com"


def test_a_guest_is_collected_seen_searched_and_forgotten(world: World) -> None:
    events = (
        {"type": "sign-ins", "fields": {"firstname": "Anna", "lastname": "Schmidt"}, "locale": "de"},
        {"type": "consents", "consent": "newsletter", "status": "granted", "text": "Ja, ich möchte …"},
        {"type": "participations", "giveaway": "bike", "fields": {"street": "Hauptstr. 1", "postal_code": "01067"}},
        {"type": "variables", "variables": [{"name": "size", "value": "XL", "persist": True}]},
        {"type": "log-entries", "level": "error", "message": f"Mail to {ANNA} failed"},
    )
    answer = world.call(*events, key="chat-1", email=ANNA, process_instance="pi-1").ok()
    assert [result["outcome"] for result in answer["results"]] == [
        "registered",
        "recorded",
        "entered",
        "stored",
        "recorded",
    ]

    [customer] = world.rows("customers")
    assert customer["email"] == ANNA
    assert customer["fields"] == {"firstname": "Anna", "lastname": "Schmidt"}
    assert customer["consents"] == {"newsletter": "granted"}
    [consent] = world.rows("consents")
    assert (consent["email"], consent["current"]) == (ANNA, True)
    [entry] = world.rows("participations")
    assert entry["fields"]["postal_code"] == "01067"
    assert {row["name"] for row in world.rows("variables")} == {
        "email",
        "firstname",
        "lastname",
        "size",
        "consent_newsletter",
    }
    [line] = world.rows("log")
    assert line["message"] == "Mail to [email] failed"

    for text in ("anna", "schmidt", "example.com", ANNA, "schm"):
        assert [row["id"] for row in world.rows("customers", email=text)] == [customer["id"]], text
        assert [row["id"] for row in world.rows("consents", email=text)] == [consent["id"]], text
    page = world.get(f"/v1/customers/{customer['id']}").ok()
    assert len(page["variables"]["items"]) == 5

    world.request("DELETE", f"/v1/records/customers/{customer['id']}").ok()
    assert world.rows("customers") == world.rows("consents") == world.rows("customers", email="anna") == []
    assert world.rows("participations") == world.rows("variables") == []
