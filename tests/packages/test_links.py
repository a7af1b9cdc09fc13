"""The one-time link: opened by whoever has it, used up by a press of the button, told in plain words afterwards."""

import re

import pytest
import time_machine

from chalicelib.clock import DAY_S
from chalicelib.packages import links
from chalicelib.store import audit, jobs
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store
from tests import faults
from tests.packages.packing import PRIVACY, clear, link_of, made
from tests.packages.reading import Page
from tests.pumping import stored
from tests.seeds import ANNA, guest
from tests.world import Reply, World

SETTINGS = {
    "locale": "de",
    "privacy": {"de": {"controller": "Muster GmbH\nDresden", "contact": "<b>dsb@muster.example</b>"}},
}


@pytest.fixture
def job(world: World, clock: time_machine.Traveller) -> Job:
    world.request("PUT", "/v1/settings", SETTINGS).ok()
    return made(world, clock, guest(world))


def press(world: World, link: str, visit: str = "") -> Reply:
    """What a browser sends when the button is pressed."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"visit={visit}".encode() if visit else b""
    return world.request("POST", link, body, headers=form, anonymous=True)


def visit(world: World, link: str) -> tuple[Reply, str]:
    reply = world.get(link, anonymous=True)
    [form] = [one["value"] for one in Page(reply.text).all("input")]
    return reply, str(form)


def test_opening_a_link_uses_nothing_up(world: World, job: Job) -> None:
    """Previews and scanners of mails do, as often as they like."""
    link = link_of(world, job)
    for _ in range(3):
        reply, _ = visit(world, link)
        assert reply.status == 200
    for told in ("Ihre Daten liegen bereit", "Muster GmbH", "bis zum 20.06.2026", "&lt;b&gt;dsb@muster.example"):
        assert told in reply.text
    assert ANNA not in reply.text
    assert stored(job.id).version == job.version


def test_the_page_says_nothing_to_others_and_runs_nothing(world: World, job: Job) -> None:
    headers = world.get(link_of(world, job), anonymous=True).headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    origin = re.match(r"https://[^/]+", press(world, link_of(world, job)).headers["Location"])
    assert origin
    assert rules["form-action"] == f"'self' {origin[0]}"
    assert "script" not in rules["style-src"]


def test_pressing_the_button_leads_to_the_file_once(world: World, job: Job, clock: time_machine.Traveller) -> None:
    link = link_of(world, job)
    _, first = visit(world, link)
    reply = press(world, link, first)
    assert (reply.status, reply.text) == (303, "")
    assert f"/p/acme/{job.id}/" in reply.headers["Location"]
    assert "X-Amz-Expires=300" in reply.headers["Location"]
    assert "access-2026-05-21.zip" in reply.headers["Location"]
    for second in ("", "another"):
        refused = press(world, link, second)
        assert refused.status == 409
        assert "Dieser Link wurde schon benutzt" in refused.text
        assert "21.05.2026, 10:30:00 MESZ" in refused.text
        assert "&lt;b&gt;dsb@muster.example" in refused.text
        assert "amazonaws" not in refused.text + str(refused.headers)
    assert world.get(link, anonymous=True).status == 409


def test_a_double_click_or_a_broken_download_is_no_second_use(
    world: World, job: Job, clock: time_machine.Traveller
) -> None:
    link = link_of(world, job)
    _, first = visit(world, link)
    assert [press(world, link, first).status for _ in range(3)] == [303, 303, 303]
    clock.shift(links.VISIT_MS / 1000 - 1)
    assert press(world, link, first).status == 303
    clock.shift(1)
    assert press(world, link, first).status == 409


def test_of_two_who_press_at_once_one_gets_it(world: World, job: Job) -> None:
    link, answers = link_of(world, job), []
    with faults.before("PutItem", lambda: answers.append(press(world, link, "first").status)):
        answers.append(press(world, link, "second").status)
    assert answers == [303, 409]


@pytest.mark.parametrize("kind", faults.KINDS)
def test_whatever_fails_while_it_is_used_the_same_page_can_be_pressed_again(
    world: World, job: Job, kind: faults.Kind
) -> None:
    for place in range(1, 6):
        link = renewed(world, job)
        _, token = visit(world, link)
        with faults.at(place, kind):
            assert press(world, link, token).status in (303, 503)
        assert press(world, link, token).status == 303
        assert press(world, link, "another").status == 409


def renewed(world: World, job: Job) -> str:
    link: str = world.request("POST", f"/v1/jobs/{job.id}/link", roles=PRIVACY).ok()["link"]
    return link[link.index("/v1/") :]


def test_a_link_can_be_renewed_and_the_one_before_is_over(world: World, job: Job) -> None:
    first = link_of(world, job)
    press(world, first)
    second = renewed(world, job)
    assert second != first
    for reply in (world.get(first, anonymous=True), press(world, first)):
        assert reply.status == 410
        assert "Es gibt einen neueren Link" in reply.text
    assert press(world, second).status == 303
    assert link_of(world, job) == second


def test_a_link_ends_with_the_package_after_30_days(world: World, job: Job, clock: time_machine.Traveller) -> None:
    link = link_of(world, job)
    clock.shift(30 * DAY_S - 1)
    assert world.get(link, anonymous=True).status == 200
    clock.shift(1)
    for reply in (world.get(link, anonymous=True), press(world, link)):
        assert reply.status == 410
        assert "Dieser Link ist abgelaufen" in reply.text or "This link has expired" in reply.text
    world.request("POST", f"/v1/jobs/{job.id}/link", roles=PRIVACY).problem(404, "package_unknown")


def test_no_link_can_be_made_up(world: World, job: Job) -> None:
    link = link_of(world, job)
    secret = link.rsplit("/", 1)[1]
    made_up = [
        secret[:-1],
        secret + "A",
        secret.swapcase(),
        "x",
        "%00",
        job.id,
        "ä",
        "a%2Fb",
        secret[:20] + secret[40:],
    ]
    for other in made_up:
        for reply in (world.get(f"/v1/packages/{other}", anonymous=True), press(world, f"/v1/packages/{other}")):
            assert reply.status == 404, other
            assert reply.headers["Content-Type"].startswith(("text/html", "application/problem"))
    assert (
        "Dieser Link ist nicht" in world.get("/v1/packages/x", anonymous=True, headers={"Accept-Language": "de"}).text
    )
    assert press(world, link).status == 303


def test_the_link_is_shown_to_the_role_privacy_only(world: World, job: Job) -> None:
    roles: tuple[str, ...]
    for roles in (("privacy",), ("owner",)):
        result = world.get(f"/v1/jobs/{job.id}", roles=roles).ok()["result"]
        assert result["link_used_at"] is None
        assert "/v1/packages/" in result["link"]
    for roles in (("reader",), ("viewer",), ("editor",), ("viewer", "exporter")):
        assert "link" not in world.get(f"/v1/jobs/{job.id}", roles=roles).ok()["result"]
        assert "/v1/packages/" not in world.get("/v1/jobs", roles=roles).text
    press(world, link_of(world, job))
    assert world.get(f"/v1/jobs/{job.id}", roles=PRIVACY).ok()["result"]["link_used_at"] == "2026-05-21T08:30:00.000Z"


def test_the_link_names_the_address_at_which_the_service_was_reached(world: World, job: Job) -> None:
    headers = {"Host": "api.example.com", "X-Forwarded-Proto": "https"}
    link = world.get(f"/v1/jobs/{job.id}", roles=PRIVACY, headers=headers).ok()["result"]["link"]
    assert link.startswith("https://api.example.com/v1/packages/")


def test_other_jobs_and_tenants_have_no_link(world: World, job: Job) -> None:
    world.request("POST", f"/v1/jobs/{job.id}/link", roles=PRIVACY, tenant="other").problem(404, "package_unknown")
    for id in (clear(world, "log"), "0" * 32, "x"):
        world.request("POST", f"/v1/jobs/{id}/link", roles=PRIVACY).problem(404, "package_unknown")


def test_nothing_secret_is_stored(world: World, job: Job) -> None:
    secret = link_of(world, job).rsplit("/", 1)[1]
    _, token = visit(world, link_of(world, job))
    press(world, link_of(world, job), token)
    kept = str(jobs.read(Store("acme"), job.id))
    assert secret not in kept
    assert token not in kept


def test_a_download_by_link_is_noted_once_a_use(world: World, job: Job) -> None:
    link = link_of(world, job)
    _, token = visit(world, link)
    for _ in range(2):
        press(world, link, token)
    rows, _ = audit.page(Store("acme"), 0, 2**47, None, 50)
    noted = [(row["data"]["action"], row["data"]["by"]) for row in rows if "package" in row["data"]["action"]]
    assert sorted(noted) == [("package.created", "user-of-acme"), ("package.downloaded", "one-time link")]
