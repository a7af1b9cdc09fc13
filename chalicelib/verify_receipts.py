"""Checks a downloaded list of receipts offline: `python -m chalicelib.verify_receipts receipts.json [--head DIGEST]`.

Needs Python's standard library only, so that nobody has to trust the service that wrote them."""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FIRST = "0" * 64  # what the first receipt of all names as the one before
Receipt = dict[str, Any]


def digest(receipt: Receipt) -> str:
    """SHA-256 over the receipt without its own digest, as JSON in UTF-8 with sorted names and no blanks. The digest of
    the receipt before is one of its members, so no receipt can be changed, dropped or moved unnoticed."""
    covered = {name: value for name, value in receipt.items() if name != "digest"}
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fault(receipt: Receipt, number: int, previous: str | None) -> str | None:
    """What is wrong with a receipt that should be this number and follow the one with that digest (None: unknown)."""
    if receipt.get("number") != number:
        return f"expected receipt {number}, found {receipt.get('number')}: one is missing, moved or put in"
    if receipt.get("digest") != digest(receipt):
        return f"receipt {number} was changed"
    if previous is not None and receipt.get("previous") != previous:
        return f"receipt {number} does not follow the one before it"
    return None


def check(receipts: Iterable[Receipt], head: str | None = None) -> tuple[bool, str]:
    """Whether a list, newest or oldest first, is one unbroken chain, in words. `head` is the digest of the newest."""
    chain = list(receipts)
    if not chain:
        return head is None, "no receipts"
    if len(chain) > 1 and _number(chain[0]) > _number(chain[-1]):
        chain.reverse()
    number, previous = _number(chain[0]), FIRST if _number(chain[0]) == 1 else None
    for receipt in chain:
        if found := fault(receipt, number, previous):
            return False, found
        number, previous = number + 1, receipt["digest"]
    if head is not None and previous != head:
        return False, f"receipt {number - 1} is not the newest: the head is another"
    return True, f"{len(chain)} receipts, {_number(chain[0])} to {number - 1}, head {previous}"


def _number(receipt: Receipt) -> int:
    number = receipt.get("number")
    return number if isinstance(number, int) else 0


def _read(path: str) -> tuple[list[Receipt], str | None]:
    """A list of receipts, or what `GET /v1/receipts` answers, which names the head, too."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    if isinstance(document, list):
        return document, None
    newest = document["items"][:1]
    head = document.get("head")
    return document["items"], head["digest"] if head and newest and newest[0].get("number") == head["number"] else None


def main(arguments: list[str] | None = None) -> int:
    import argparse  # the service knows this module, too

    parser = argparse.ArgumentParser(prog="verify_receipts", description="Verify receipts offline.")
    parser.add_argument("file", help="a JSON list of receipts, or a page of GET /v1/receipts")
    parser.add_argument("--head", help="the digest of the newest receipt, noted elsewhere")
    told = parser.parse_args(arguments)
    receipts, head = _read(told.file)
    is_whole, words = check(receipts, told.head or head)
    sys.stdout.write(("unbroken: " if is_whole else "BROKEN: ") + words + "\n")
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
