"""What of the demo no chat reports yet: coupons, codes, points, rewards, winners, instant wins and files, written
through the storage functions straight into the local cloud."""

import hashlib
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from chalicelib import clock
from chalicelib.collect.participations import ticket
from chalicelib.kinds import KINDS
from chalicelib.promotions import codes, coupons, instant_wins, points, redemptions, winners
from chalicelib.promotions.instant_wins import Play
from chalicelib.promotions.points import Booking
from chalicelib.promotions.redemptions import Redemption
from chalicelib.promotions.winners import Place
from chalicelib.settings import settings
from chalicelib.store import alive, belongings, files, objects
from chalicelib.store.alive import Horizons
from chalicelib.store.files import Upload
from chalicelib.store.tenancy import Store
from local.guests import CLUB, WHEEL

Deed = Callable[[], object]
WEEK_MS = 7 * clock.DAY_MS
WINNERS = 12


@dataclass
class Handouts:
    """`people` are the customers' ids. All deeds of one list may be done at the same time."""

    store: Store
    people: list[str]
    seed: int
    chance: random.Random = field(init=False)
    cleared: Horizons = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.cleared = alive.horizons(self.store)

    def imported(self) -> list[Deed]:
        """Coupons and codes, uploaded six weeks ago."""
        added, scale = clock.now_ms() - 6 * WEEK_MS, max(1, len(self.people) // 5)
        free = [
            partial(coupons.add, self.store, WHEEL, self._coupon(n), "demo", n, added + n, self.cleared)
            for n in range(scale)
        ]
        return [*free, *(partial(self._add_code, n, added + n) for n in range(scale))]

    def handed_out(self) -> list[Deed]:
        """To some of the people, one after the other for each of them."""
        some = self.chance.sample(self.people, len(self.people) // 3)
        return [partial(self._do_all, list(self._for(place, who))) for place, who in enumerate(some)]

    def drawn(self) -> list[Deed]:
        """A dozen winners of the bike raffle."""
        tried = self.chance.sample(self.people, min(len(self.people), 40))
        return [partial(self._draw, tried)]

    def _for(self, place: int, who: str) -> Iterator[Deed]:
        yield partial(self._book, who, self.chance.choice((50, 100, 150)))
        if place % 2:
            yield partial(self._claim, place // 2, who)
            yield partial(self._redeem_code, place // 2, who)
        if place % 4 == 0:
            wanted = Redemption(CLUB, "mug", "Becher", 50, {"city": "Köln"}, f"demo-{self.seed}-mug")
            yield partial(redemptions.redeem, self.store, who, wanted, self.cleared)
        if place % 3:
            yield partial(self._play, who, "Tasse" if place % 7 == 0 else None)
        if place % 10 == 0:
            yield partial(self._upload, place, who)

    def _do_all(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            deed()

    def _coupon(self, n: int) -> str:
        return f"WHEEL-{self.seed}-{zlib.crc32(f'{self.seed} {n}'.encode()):08X}"

    def _code(self, n: int) -> str:
        return f"CLUB-{self.seed}-{zlib.crc32(f'code {self.seed} {n}'.encode()):08X}"

    def _add_code(self, n: int, added: int) -> None:
        key, win = codes.normalised(self._code(n)), n % 50 == 0
        codes.add(self.store, CLUB, self._code(n), key, "demo", added, self.cleared, points=10 + n % 3 * 20, win=win)

    def _book(self, who: str, amount: int) -> None:
        booking = Booking(amount, CLUB, "Welcome", "collect", unique=f"demo-{self.seed}-welcome")
        points.book(self.store, who, booking, self.cleared)

    def _claim(self, n: int, who: str) -> None:
        coupon = coupons.find(self.store, WHEEL, "demo", n)
        if coupon and coupon["data"]["state"] == "free":
            coupons.issue(self.store, coupon, who, self.cleared)

    def _redeem_code(self, n: int, who: str) -> None:
        code = codes.read(self.store, CLUB, codes.normalised(self._code(n)), self.cleared)
        if code:
            codes.redeem(self.store, code, who, self.cleared)

    def _play(self, who: str, prize: str | None) -> None:
        play = Play(WHEEL, "wheel", "once", ticket(), prize, respond_by=clock.now_ms() + 2 * WEEK_MS)
        instant_wins.play(self.store, who, play, self.cleared)

    def _upload(self, place: int, who: str) -> None:
        name, content_type, content = _picture(place) if place % 20 else _sound()
        mark = f"demo-{self.seed}-{place}"
        if any(row.get("idem") == mark for row in belongings.of_customer(self.store, files.KIND, who, self.cleared)):
            return
        digest = hashlib.sha256(content).hexdigest()
        upload = Upload(CLUB, name, content_type, len(content), digest, "upload", customer_id=who)
        row = files.add(self.store, upload, created_at=clock.now_ms() - place % 50 * clock.DAY_MS, idem=mark)
        key = row.data[files.OBJECT]
        objects.client().put_object(Bucket=settings().files_bucket, Key=key, Body=content, ContentType=content_type)
        stored = {"pk": row.pk, "sk": row.sk, "experience": CLUB}
        files.settle(self.store, stored, "ready", self.cleared, size=len(content), sha256=digest)

    def _draw(self, people: list[str]) -> None:
        """In the order of the people; who was drawn in an earlier run keeps the place."""
        slot = 0
        for who in people:
            entries = belongings.of_customer(self.store, KINDS["participations"], who, self.cleared)
            entry = next((row for row in entries if row["data"]["giveaway"] == "bike"), None)
            if entry and slot < WINNERS:
                place = Place(f"demo-{self.seed}", slot, "Helmet" if slot else "E-Bike", _in_two_weeks())
                drawn = entry["data"].get("drawn") or winners.record(self.store, entry, place, self.cleared).row
                slot += bool(drawn)


def _in_two_weeks() -> int:
    return clock.now_ms() + 2 * WEEK_MS


def _picture(n: int) -> tuple[str, str, bytes]:
    """A PNG of one colour, 16 by 16."""
    line = b"\x00" + bytes((n * 37 % 256, n * 91 % 256, 160)) * 16
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(line * 16)) + _chunk(b"IEND", b"")
    return f"Foto {n}.png", "image/png", b"\x89PNG\r\n\x1a\n" + head + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _sound() -> tuple[str, str, bytes]:
    """A tenth of a second of silence as WAV."""
    samples = b"\x80" * 800
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(samples),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        8000,
        8000,
        1,
        8,
        b"data",
        len(samples),
    )
    return "Sprachnachricht.wav", "audio/wav", head + samples
