"""`./dev demo`: plays a campaign of 59 days against the running service, through its Collect API.

Coupons, codes, points, rewards, winners, instant wins and files have no Collect events yet: they are written by the
storage functions into the local cloud that `./dev run` started, so that its port must be right, too.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from local import cloud, data, issuer
from local.environment import prepare
from local.guests import CLUB, LONGEST, RAFFLE, WHEEL, Guest, guests
from local.service import Refused, Service

T = TypeVar("T")

THREADS = 12


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
    parser.add_argument("--cloud-port", type=int, default=4566, help="the port of its local cloud")
    parser.add_argument("--tenant", default="demo")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="another one makes other people")
    data.add_argument(parser)
    wanted = parser.parse_args()
    service = Service(wanted.url.rstrip("/"), THREADS)
    endpoint = cloud.endpoint(wanted.cloud_port)
    if not service.answers() or not cloud.answers(f"{endpoint}/_ministack/ready"):
        where = f"{service.url} and its local cloud at {endpoint}"
        print(f"Afterchat does not answer at {where}: start it with ./dev run, in another terminal.", file=sys.stderr)
        return 1
    service.token = issuer.token(wanted.data, wanted.tenant, ["owner", "collector"], "demo")
    try:
        play(service, wanted, endpoint)
    except Refused as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    return 0


def play(service: Service, wanted: argparse.Namespace, endpoint: str) -> None:
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
    os.environ.update(prepare(wanted.data, endpoint))
    _hand_out(wanted, people)
    _summary(service, wanted, time.monotonic() - started)


def _visit(service: Service, guest: Guest, run: str) -> str:
    """All calls of one guest in their order; the customer's id."""
    answers = [service.collect(call, f"demo-{run}-{call['process_instance']}") for call in guest.calls]
    return str(answers[-1]["customer_id"])


def _hand_out(wanted: argparse.Namespace, people: list[str]) -> None:
    from chalicelib.store.tenancy import Store
    from local.handouts import Handouts  # reads the environment that was just made

    store = Store(wanted.tenant)
    if store.get("Customers", store.key(f"c#{people[0]}"), "customer") is None:
        raise Refused("This local cloud is not the one of that service: name its port with --cloud-port.")
    handouts = Handouts(store, people, wanted.seed)
    for what, deeds in (
        ("Coupons and codes", handouts.imported()),
        ("Points, prizes, files", handouts.handed_out()),
        ("A draw", handouts.drawn()),
    ):
        _each(what, deeds, len(deeds), lambda deed: deed())


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
    opened, closes = ((now + days).isoformat(timespec="seconds") for days in (-LONGEST - timedelta(1), timedelta(14)))
    running = {"opens_at": opened, "closes_at": closes}
    bike = {"id": "bike", "title": "E-Bike", "rule": "once", "prizes": [{"name": "E-Bike"}], "respond_days": 14}
    mug = {"id": "daily-mug", "title": "Becher des Tages", "rule": "daily", "prizes": [{"name": "Becher", "count": 5}]}
    wheel = {"id": "wheel", "title": "Glücksrad", "rule": "once", "mode": "odds", "per_mille": 150}
    wheel |= {"prizes": [{"id": "cup", "name": "Tasse", "stock": 200}]}
    reward = {"id": "mug", "title": "Becher", "cost": 50, "stock": 500, "per_customer": 1}
    return {
        RAFFLE: {"title": "Sommerverlosung", "giveaways": [{**bike, **running}, {**mug, **running}]},
        WHEEL: {"title": "Glücksrad", "instant_wins": [{**wheel, **running}], "coupons": {"low_at": 50}},
        CLUB: {"title": "Treueclub", "rewards": [reward]},
    }


def _summary(service: Service, wanted: argparse.Namespace, seconds: float) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
