"""The certificate that verifies itself in the browser, without a sign-in: the service's own files and anybody's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from chalicelib.promotions import verify
from tests.console.raffle import close_with_entries, draw, winners
from tests.console.reader import Reader

pytestmark = pytest.mark.slow


def verdict(reader: Reader) -> Locator:
    return reader.page.locator(".verdict")


def step(reader: Reader, name: str) -> Locator:
    return reader.page.locator(f"[data-step={name}]")


def looked_up(reader: Reader, ticket: str) -> Locator:
    reader.page.get_by_label("Ticket").fill(ticket)
    reader.page.get_by_role("button", name="Look it up").click()
    return reader.page.locator(".ticket-answer")


def bring(reader: Reader, *files: Path) -> None:
    reader.page.locator("input[type=file]").set_input_files(list(files))


def saved(reader: Reader, button: str, directory: Path) -> Path:
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name=button).click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_anybody_sees_each_step_of_the_check_without_signing_in_and_nobody_else_is_asked(reader: Reader) -> None:
    tickets = close_with_entries(reader.service, reader.tenant)
    id = draw(reader.service, reader.tenant)
    held = winners(reader.service, reader.tenant)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.go(f"/certificate/{id}")
    reader.page.reload()  # as somebody comes who was sent the address
    expect(verdict(reader)).to_contain_text("This draw is valid")
    expect(verdict(reader)).to_contain_text("all 6 tickets")
    for name in ("promise", "list", "order", "places", "unchanged"):
        expect(step(reader, name)).to_have_attribute("data-finding", "holds")
    promised = reader.service.request("GET", "/v1/experiences/summer", tenant=reader.tenant)["commitments"]["bike"]
    expect(step(reader, "promise")).to_contain_text(promised["sha256"])
    expect(step(reader, "chance")).to_contain_text("No public value was named")
    expect(reader.page.locator(".cert-drawn li")).to_have_count(3)
    assert reader.violations() == []
    expect(looked_up(reader, held[1]["ticket"])).to_contain_text("Drawn: slot 1 (E-Bike).")
    expect(looked_up(reader, held[1]["ticket"].lower().replace("-", ""))).to_contain_text("it stands at place 1.")
    others = set(tickets) - set(reader.page.locator(".cert-drawn code").all_inner_texts())
    expect(looked_up(reader, others.pop())).to_contain_text("In the draw, but not drawn.")
    expect(looked_up(reader, "T7Q4-9KXM-2FHW")).to_contain_text("No such ticket was in this draw.")
    assert reader.violations() == []
    ours = (f"127.0.0.1:{reader.service.port}/", f"127.0.0.1:{reader.service.cloud_port}/")
    assert [url for url in asked if not any(part in url for part in ours)] == []
    assert all("Authorization" not in url for url in asked)


def test_a_redraw_is_told_and_still_verifies(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    id = draw(reader.service, reader.tenant)
    old = winners(reader.service, reader.tenant)[1]
    body = {"winner": old["id"], "reason": "under age"}
    reader.service.request("POST", f"/v1/draws/{id}/redraws", body, reader.tenant)
    reader.go(f"/certificate/{id}")
    expect(verdict(reader)).to_contain_text("This draw is valid")
    expect(step(reader, "places")).to_contain_text("One was replaced later")
    expect(looked_up(reader, old["ticket"])).to_contain_text("then replaced: disqualified")
    expect(reader.page.locator("main")).not_to_contain_text("under age")


def test_a_waiting_draw_shows_its_fixed_list_and_public_randomness_is_for_the_reader_to_compare(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    named = {"source": "Lotto of 4 July"}
    body = {"giveaway": "bike", "count": 1, "public_randomness": named}
    started = reader.service.request("POST", "/v1/experiences/summer/draws", body, reader.tenant)
    reader.service.ended(started["job"], reader.tenant)
    reader.go(f"/certificate/{started['draw']}")
    expect(verdict(reader)).to_contain_text("not finished yet")
    expect(step(reader, "list")).to_have_attribute("data-finding", "holds")
    expect(step(reader, "chance")).to_contain_text("Its value is not known yet.")
    assert reader.violations() == []
    path = f"/v1/draws/{started['draw']}/reveal"
    told = reader.service.request("POST", path, {"value": "4 8 15"}, reader.tenant)
    reader.service.ended(told["job"], reader.tenant)
    reader.page.reload()
    expect(verdict(reader)).to_contain_text("This draw is valid")
    expect(step(reader, "chance")).to_have_attribute("data-finding", "yours")
    expect(step(reader, "chance")).to_contain_text("could not check this value")
    expect(step(reader, "chance")).to_contain_text("4 8 15")
    assert reader.violations() == []


def signed(certificate: dict[str, Any]) -> dict[str, Any]:
    return {**certificate, "digest": verify.digest(certificate)}


def a_changed_prize(certificate: dict[str, Any]) -> dict[str, Any]:
    certificate["drawn"][0]["prize"] = "A trip to the moon"
    return certificate


def another_winner(certificate: dict[str, Any]) -> dict[str, Any]:
    first, second = certificate["drawn"][:2]
    first["label"], second["label"] = second["label"], first["label"]
    return signed(certificate)


def another_code(certificate: dict[str, Any]) -> dict[str, Any]:
    return signed({**certificate, "code": "00" * 32})


def a_silent_replacement(certificate: dict[str, Any]) -> dict[str, Any]:
    certificate["drawn"][2] |= {"slot": 1, "replaces": certificate["drawn"][0]["label"]}
    return signed(certificate)


Forgery = Callable[[dict[str, Any]], dict[str, Any]]
FORGERIES: dict[Forgery, tuple[str, str]] = {
    a_changed_prize: ("unchanged", "The certificate was changed."),
    another_winner: ("order", "Somebody was drawn who was not next."),
    another_code: ("promise", "The code is not the one that was committed to."),
    a_silent_replacement: ("places", "Somebody was replaced without a reason."),
}


def test_forged_files_are_refused_at_the_step_that_finds_them(reader: Reader, tmp_path: Path) -> None:
    close_with_entries(reader.service, reader.tenant)
    id = draw(reader.service, reader.tenant)
    reader.go(f"/certificate/{id}")
    expect(verdict(reader)).to_contain_text("This draw is valid")
    certificate = saved(reader, "Certificate", tmp_path)
    labels = saved(reader, "List of tickets", tmp_path)
    original = certificate.read_text()
    assert verify.verify(json.loads(original), labels.read_bytes())
    bring(reader, certificate, labels)
    expect(reader.page.get_by_text("These are your own files")).to_be_visible()
    expect(verdict(reader)).to_contain_text("This draw is valid")
    for forge, (name, why) in FORGERIES.items():
        certificate.write_text(json.dumps(forge(json.loads(original))))
        bring(reader, certificate)
        expect(verdict(reader)).to_contain_text("This certificate is not valid")
        expect(step(reader, name)).to_have_attribute("data-finding", "fails")
        expect(step(reader, name)).to_contain_text(why)
    assert reader.violations() == []
    certificate.write_text(original)
    labels.write_bytes(labels.read_bytes() + b"ONE-MORE-HERE\n")
    bring(reader, certificate, labels)
    expect(step(reader, "list")).to_contain_text("The list is not the one that was drawn from.")
    certificate.write_text("{}")
    bring(reader, certificate)
    expect(reader.page.get_by_role("alert")).to_contain_text("no certificate of a draw")
    reader.page.get_by_role("button", name="Show what is published").click()
    expect(verdict(reader)).to_contain_text("This draw is valid")


def test_ones_own_files_are_checked_where_the_service_knows_no_such_draw(reader: Reader, tmp_path: Path) -> None:
    close_with_entries(reader.service, reader.tenant)
    id = draw(reader.service, reader.tenant)
    certificate = tmp_path / "mine.json"
    certificate.write_text(json.dumps(reader.service.request("GET", f"/v1/draws/{id}/certificate")))
    reader.go("/certificate/nothing")
    expect(reader.page.get_by_role("alert")).to_be_visible()
    assert reader.violations() == []
    bring(reader, certificate)
    expect(verdict(reader)).to_contain_text("Not everything could be checked")
    expect(verdict(reader)).to_contain_text("labels.txt")
    reader.complaints = [one for one in reader.complaints if "404" not in one]


def test_the_certificate_in_german_in_the_dark_on_a_phone(reader: Reader) -> None:
    close_with_entries(reader.service, reader.tenant)
    id = draw(reader.service, reader.tenant)
    reader.visit("de", color_scheme="dark", viewport={"width": 390, "height": 844}, has_touch=True)
    reader.go(f"/certificate/{id}")
    expect(verdict(reader)).to_contain_text("Diese Ziehung ist gültig")
    expect(step(reader, "promise")).to_contain_text("Was vorab versprochen war")
    reader.page.get_by_label("Los", exact=True).fill("T7Q4")
    reader.page.get_by_role("button", name="Nachsehen").click()
    expect(reader.page.locator(".ticket-answer")).to_contain_text("Dieses Los war nicht in der Ziehung.")
    assert reader.violations() == []
    width = reader.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
