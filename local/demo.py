"""`./dev demo`: plays a campaign of 59 days against the running service, over HTTP alone: chats, uploads, imports,
prizes, and a draw that anybody can verify."""

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from local import data, issuer, uploads
from local.guests import CLUB, LONGEST, RAFFLE, WHEEL, Guest, guests
from local.handouts import Handouts
from local.service import Refused, Service

T = TypeVar("T")

THREADS = 12
ARRIVAL_SECONDS = 60


class Progress:
    """One line that grows on a terminal, else a line at every tenth."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done, self.shown = what, total, 0, 0
        self.started = time.monotonic()

    def step(self) -> None:
        self.done += 1
        share = self.done * 100 // self.total
        if sys.stdout.isatty() and share != self.shown:
            end = "\n" if self.done == self.total else ""
            print(f"\r{self.what:<22} {'█' * (share // 4):░<25} {share:3} %", end=end, flush=True)
        elif share // 10 != self.shown // 10:
            print(f"{self.what}: {self.done} of {self.total}", flush=True)
        self.shown = share


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev demo", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where Afterchat runs")
    parser.add_argument("--tenant", default="demo")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="another one makes other people")
    data.add_argument(parser)
    wanted = parser.parse_args()
    service = Service(wanted.url.rstrip("/"), THREADS)
    if not service.answers():
        print(
            f"Afterchat does not answer at {service.url}: start it with ./dev run, in another terminal.",
            file=sys.stderr,
        )
        return 1
    service.token = issuer.token(wanted.data, wanted.tenant, ["owner", "collector"], "demo")
    try:
        play(service, wanted)
    except Refused as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    return 0


def play(service: Service, wanted: argparse.Namespace) -> None:
    started = time.monotonic()
    now = datetime.now(UTC)
    for id, document in _experiences(now).items():
        service.put_experience(id, document)
    run = secrets.token_hex(4)
    people = _each(
        "Guests in their chats",
        guests(wanted.customers, wanted.seed, now),
        wanted.customers,
        lambda guest: _visit(service, guest, run),
    )
    _upload_files(service, people[::30], now, run)
    handouts = Handouts(service, people, wanted.seed, run)
    for what, deeds in (("Imports", handouts.imports()), ("Points and prizes", handouts.deeds())):
        _each(what, deeds, len(deeds), lambda deed: deed())
    [draw] = _each("A draw", [handouts.draw], 1, lambda deed: deed())
    _summary(service, wanted, draw, time.monotonic() - started)


def _visit(service: Service, guest: Guest, run: str) -> str:
    """All calls of one guest in their order; the customer's id."""
    answers = [service.collect(call, f"demo-{run}-{call['process_instance']}") for call in guest.calls]
    return str(answers[-1]["customer_id"])


def _upload_files(service: Service, people: list[str], now: datetime, run: str) -> None:
    """Each of these people uploads a picture or a recording, unless an earlier run did; returns when all are listed."""
    present = service.count("files")
    deeds = [partial(_upload, service, place, who, now, run) for place, who in enumerate(people)]
    sent = _each("Uploads", deeds, len(deeds), lambda deed: deed())
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while service.count("files") < present + sum(sent):
        if time.monotonic() > deadline:
            raise Refused("The uploads did not arrive: does the worker of ./dev run still run?")
        time.sleep(0.2)


def _upload(service: Service, place: int, who: str, now: datetime, run: str) -> bool:
    if service.has("files", who):
        return False
    content = uploads.picture(place) if place % 2 else uploads.sound()
    told = {"variable": "upload", "occurred_at": (now - timedelta(days=place % 50)).isoformat()}
    event = {**uploads.announcement(content), **told}
    call = {"experience": CLUB, "customer_id": who, "events": [event]}
    [result] = service.collect(call, f"demo-{run}-file-{place}")["results"]
    status, text = uploads.post(service.pool, result["upload"], content)
    if status >= 300:
        raise Refused(f"The bucket answered {status} to an upload: {text[:500]}")
    return True


def _each(what: str, arguments: Iterable[Any], total: int, call: Callable[[Any], T]) -> list[T]:
    """The results in order, from threads; the first trouble ends it all."""
    progress = Progress(what, total)
    with ThreadPoolExecutor(THREADS) as threads:
        calls = [threads.submit(call, argument) for argument in arguments]
        try:
            for done in as_completed(calls):
                done.result()
                progress.step()
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
    return [one.result() for one in calls]


def _experiences(now: datetime) -> dict[str, dict[str, Any]]:
    opened, closes = ((now + days).isoformat(timespec="seconds") for days in (-LONGEST, timedelta(14)))
    running = {"opens_at": opened, "closes_at": closes}
    bike = {"id": "bike", "title": "E-Bike", "rule": "once", "prizes": [{"name": "E-Bike"}], "respond_days": 14}
    mug = {"id": "daily-mug", "title": "Becher des Tages", "rule": "daily", "prizes": [{"name": "Becher", "count": 5}]}
    wheel = {"id": "wheel", "title": "Glücksrad", "rule": "once", "mode": "odds", "per_mille": 500}
    wheel |= {"prizes": [{"id": "cup", "name": "Tasse", "stock": 200}]}
    reward = {"id": "mug", "title": "Becher", "cost": 50, "stock": 500, "per_customer": 1}
    return {
        RAFFLE: {"title": "Sommerverlosung", "giveaways": [{**bike, **running}, {**mug, **running}]},
        WHEEL: {"title": "Glücksrad", "instant_wins": [{**wheel, **running}], "coupons": {"low_at": 50}},
        CLUB: {"title": "Treueclub", "rewards": [reward]},
    }


def _summary(service: Service, wanted: argparse.Namespace, draw: str, seconds: float) -> None:
    kinds = [kind["name"] for kind in service.kinds()]
    counts = dict(_each("Counting", kinds, len(kinds), lambda kind: (kind, service.count(kind))))
    counts = {kind: counts[kind] for kind in kinds}
    print()
    for kind, count in [*counts.items(), ("together", sum(counts.values()))]:
        print(f"{kind:<28}{count:>7}")
    where = "" if wanted.data == data.DEFAULT else f" --data {wanted.data}"
    print(f"\nPlayed in {seconds:.0f} seconds. Look at it:\n")
    print(f"  TOKEN=$(./dev token --tenant {wanted.tenant} --role owner{where})")
    print(f'  curl -H "Authorization: Bearer $TOKEN" "{service.url}/v1/records/participations?limit=3"')
    print(f'  curl -H "Authorization: Bearer $TOKEN" "{service.url}/v1/records/customers?email=anna"')
    print("\nVerify the draw, as anybody can:\n")
    print(f"  curl -so certificate.json {service.url}/v1/draws/{draw}/certificate")
    print(f"  curl -sLo labels.txt {service.url}/v1/draws/{draw}/labels")
    print("  python3 -m chalicelib.promotions.verify certificate.json labels.txt")


if __name__ == "__main__":
    sys.exit(main())
