"""Many processes that claim, redeem and spend at once against the running service, some of them killed: whatever is
there goes to one customer at most, and nothing is lost."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import urllib3

from local.data import ROOT
from tests.live.service import Service, eventually

pytestmark = pytest.mark.slow

POOL, PROCESSES = 2000, 32
STORM: dict[str, Any] = {
    "title": "Storm",
    "rewards": [{"id": "mug", "title": "Mug", "cost": 1, "stock": 5, "per_customer": 1}],
    "coupons": {"low_at": 100},
}

CSV = "codes.csv"
Answers = list[dict[str, Any]]


def call(type: str, who: str, key: str | None = None, **told: Any) -> dict[str, Any]:
    return {"type": type, "key": key, "body": {"experience": "storm", "customer_id": who, **told}}


def storm(service: Service, tenant: str, calls: list[dict[str, Any]], where: Path, processes: int) -> Answers:
    """The answers, in the order of the calls; of those who were killed {"killed": true}."""
    files = [(where / f"{place}.calls", where / f"{place}.results") for place in range(processes)]
    for place, (file, _) in enumerate(files):
        told = {
            "port": service.port,
            "token": service.token(tenant),
            "first": place * 7,
            "calls": calls[place::processes],
        }
        file.write_text(json.dumps(told))
    running = {pair: _start(pair) for pair in files}
    while running:
        for pair, process in list(running.items()):
            code = process.wait()
            assert code in (0, -9), code
            running.pop(pair)
            if code:
                running[pair] = _start(pair)
    found = [[json.loads(line) for line in results.read_text().splitlines()] for _, results in files]
    return [found[place % processes][place // processes] for place in range(len(calls))]


def _start(pair: tuple[Path, Path]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.live.storming", *map(str, pair)], cwd=ROOT)


def bring_in(service: Service, tenant: str, kind: str, lines: list[str]) -> None:
    """As the console does: an import, its upload, and its job."""
    asked = {"kind": kind, "experience": "storm", "dry_run": False, "file_name": CSV}
    started = service.request("POST", "/v1/imports", asked, tenant)
    fields = {**started["upload"]["fields"], "file": (CSV, "\n".join(lines).encode())}
    answer = urllib3.request("POST", started["upload"]["url"], fields=fields)
    assert answer.status < 300, answer.data
    eventually(lambda: service.job(started["job"], tenant)["state"] in ("done", "failed"), 240)
    assert service.job(started["job"], tenant)["result"]["added"] == len(lines)


def people(service: Service, tenant: str, count: int) -> list[str]:
    service.request("PUT", "/v1/experiences/storm", STORM, tenant)
    ids = []
    for start in range(0, count, 50):
        events = [
            {"type": "sign-ins", "email": f"guest{number}@example.com"}
            for number in range(start, min(start + 50, count))
        ]
        answer = service.request(
            "POST", "/v1/collect", {"experience": "storm", "events": events}, tenant, key=f"{start}"
        )
        ids += [result["customer_id"] for result in answer["results"]]
    return ids


def test_a_storm_of_claims(service: Service, tmp_path: Path) -> None:
    who = people(service, "storm-claims", POOL + 50)
    bring_in(service, "storm-claims", "coupons", [f"STORM-{number:05d}" for number in range(POOL)])
    calls = [call("coupon-claims", id) for id in who]
    answers = storm(service, "storm-claims", calls, tmp_path, PROCESSES)
    killed = [place for place, answer in enumerate(answers) if "killed" in answer]
    assert len(killed) > 20
    for place in killed:
        answers[place] = service.request("POST", "/v1/collect/coupon-claims", calls[place]["body"], "storm-claims")
    codes = Counter(answer["code"] for answer in answers if "code" in answer)
    outcomes = Counter(answer["outcome"] for answer in answers)
    assert len(codes) == POOL and set(codes.values()) == {1}, outcomes
    assert outcomes["none_left"] == 50
    rows = service.rows("coupons", "storm-claims")
    assert len({row["customer_id"] for row in rows if row["state"] == "issued"}) == len(rows) == POOL
    assert len(service.rows("log", "storm-claims", event="coupons_low")) == 1


def test_storms_for_the_last_ones(service: Service, tmp_path: Path) -> None:
    """64 for the last coupon, for one code and for five rewards; and one who spends twelve points from everywhere."""
    tenant = "storm-last"
    who = people(service, tenant, 64)
    bring_in(service, tenant, "coupons", ["LAST"])
    bring_in(service, tenant, "codes", ["LUCKY;1"])

    def storm_of(name: str, calls: list[dict[str, Any]]) -> None:
        folder = tmp_path / name
        folder.mkdir()
        storm(service, tenant, calls, folder, 16)

    storm_of("coupons", [call("coupon-claims", id) for id in who])
    storm_of("codes", [call("code-redemptions", id, code="LUCKY") for id in who])
    assert len(service.rows("coupons", tenant, state="issued")) == 1
    assert len(service.rows("codes", tenant, state="redeemed")) == 1
    storm_of("pay", [call("points", id, f"pay-{id}", amount=12, reason="x") for id in who])
    storm_of("rewards", [call("reward-redemptions", id, f"mug-{id}", reward="mug") for id in who])
    assert len(service.rows("redemptions", tenant)) == 5
    [winner] = [row["customer_id"] for row in service.rows("codes", tenant)]
    rich = next(
        id for id in who if id not in {row["customer_id"] for row in service.rows("redemptions", tenant)} | {winner}
    )
    storm_of("spend", [call("points", rich, f"spend-{place}", amount=-1, reason="x") for place in range(32)])
    rows = service.rows("transactions", tenant, customer_id=rich)
    assert sorted(row["balance_after"] for row in rows) == list(range(13))
    state = service.request("POST", "/v1/collect/state", {"experience": "storm", "customer_id": rich}, tenant)
    assert state["points"] == 0
