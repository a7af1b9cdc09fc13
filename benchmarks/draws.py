"""What a draw's CPU costs an entrant, without network: 100,000 keys of the thin index from canned answers, listed,
published, ordered. An HMAC and a parsed key, each about the least that can be done, are what it is held against."""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import orjson

from benchmarks.ratio import Ratio, alternating
from chalicelib.promotions import entrants, order
from chalicelib.promotions.labels import label
from chalicelib.store import keys
from chalicelib.store.plain import plain_item

ENTRANTS = 100_000
PAGE = 4_000
WANTED = 60
MOST = 0.012  # milliseconds an entrant, on the machine that the bound was set on


def run() -> list[Ratio]:
    pages = list(_canned())
    key = order.key_of(b"code", b"randomness")
    times = alternating({"draw": lambda: draw(pages, key), "least": lambda: least(pages, key)}, rounds=3, times=1)
    return [
        Ratio("a draw of 100,000 entrants", times["draw"], "an HMAC and a parsed key each", times["least"], bound=4.0),
        Ratio("an entrant, in µs", times["draw"] * 1000 / ENTRANTS, "what it may cost", MOST * 1000, bound=1.0),
    ]


def draw(pages: list[bytes], key: bytes) -> list[str]:
    """What the job does between the answers of DynamoDB and S3."""
    files = [_file(page) for page in pages]
    digest = sha256()
    for file in files:
        digest.update("".join(f"{label(at)}\n" for at in _lines(file)).encode())
    return entrants.first((at for file in files for at in _lines(file)), key, WANTED)


def least(pages: list[bytes], key: bytes) -> int:
    count = 0
    for page in pages:
        for item in orjson.loads(page)["Items"]:
            hmac.digest(key, item["at"]["S"].encode(), "sha256")
            count += 1
    return count


def _file(page: bytes) -> bytes:
    """From an answer to lines of entries in their order."""
    rows = [plain_item(item) for item in orjson.loads(page)["Items"]]
    return "".join(f"{at}\n" for at in sorted(row["at"] for row in rows)).encode()


def _lines(file: bytes) -> Iterator[str]:
    return (line.decode() for line in file.split(b"\n")[:-1])


def _canned() -> Iterator[bytes]:
    for start in range(0, ENTRANTS, PAGE):
        ids = (keys.time_ordered_id(1_780_000_000_000 + n) for n in range(start, start + PAGE))
        items: list[dict[str, Any]] = [{"at": {"S": at}} for at in ids]
        yield orjson.dumps({"Items": items, "Count": PAGE, "ScannedCount": PAGE})
