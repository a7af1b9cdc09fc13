"""Checks a draw offline: `python -m chalicelib.promotions.verify certificate.json labels.txt`. Standard library only;
docs/draws.md says what a certificate holds, so that anybody can write another verifier."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.promotions import order

FORMAT = "afterchat-draw/1"
Certificate = dict[str, Any]


class Invalid(Exception):
    """What does not fit, in words."""


def verify(certificate: Certificate, labels: bytes) -> list[str]:
    """What is proven, and what is not. Raises Invalid."""
    try:
        return _verified(certificate, labels)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"The certificate is not of the form {FORMAT}: {error!r}.") from None


def digest(certificate: Certificate) -> str:
    """SHA-256 of the certificate without its digest, as JSON with sorted names, no blanks and no escaped letters."""
    content = {name: value for name, value in certificate.items() if name != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def randomness_of(certificate: Certificate) -> bytes:
    """The public value if one was named, else what tells this giveaway from all others."""
    public = certificate["randomness"]
    text = public["value"] if public else f"{certificate['experience']}/{certificate['giveaway']}"
    return str(text).encode()


def _verified(certificate: Certificate, labels: bytes) -> list[str]:
    _check(certificate["format"] == FORMAT, f"This verifier reads {FORMAT} only.")
    _check(certificate["digest"] == digest(certificate), "The certificate was changed: its digest is another one.")
    told = certificate["labels"]
    _check(hashlib.sha256(labels).hexdigest() == told["sha256"], "The list is not the one that was drawn from.")
    entrants = labels.decode().splitlines()
    _check(len(entrants) == told["count"], "The list has another number of labels.")
    _check(len(set(entrants)) == len(entrants), "A label is in the list twice.")
    _check(labels == "".join(f"{one}\n" for one in entrants).encode(), "The list is not one label a line.")
    code = bytes.fromhex(certificate["code"])
    _check_order(certificate, code, entrants)
    return list(_findings(certificate, code))


def _check_order(certificate: Certificate, code: bytes, entrants: list[str]) -> None:
    """Everybody up to the last one drawn was drawn or skipped with a reason, in this order."""
    drawn, skipped = certificate["drawn"], certificate["skipped"]
    expected = order.first(order.key_of(code, randomness_of(certificate)), entrants, len(drawn) + len(skipped))
    left_out = {one["label"] for one in skipped}
    _check(len(left_out) == len(skipped), "A label was skipped twice.")
    _check(all(one["reason"] for one in skipped), "A label was skipped without a reason.")
    first = [(place.hex(), label) for place, label in expected if label not in left_out]
    _check(len(first) == len(drawn), "A label was skipped that was not next.")
    _check(first == [(one["position"], one["label"]) for one in drawn], "Somebody was drawn who was not next.")
    _check_places(certificate)


def _check_places(certificate: Certificate) -> None:
    """Winners fill the slots in order; each later one replaces somebody who was in that slot then."""
    holders: dict[int, str] = {}
    alternates = 0
    for one in certificate["drawn"]:
        if one["slot"] is None:
            alternates += 1
            continue
        _check(alternates == 0, "An alternate was passed over.")
        present = holders.get(one["slot"])
        fits = present == one["replaces"] if present else one["replaces"] is None and one["slot"] == len(holders) + 1
        _check(fits, "A slot was filled out of order.")
        _check(not present or bool(one["reason"]), "Somebody was replaced without a reason.")
        holders[one["slot"]] = one["label"]


def _findings(certificate: Certificate, code: bytes) -> Iterator[str]:
    count, drawn = certificate["labels"]["count"], len(certificate["drawn"])
    yield f"The order of all {count} labels follows from the code; the {drawn} drawn are the first of it."
    committed = certificate["commitment"]
    if committed is None:
        yield "Nobody committed to the code beforehand: the order can be verified, its fairness cannot."
        return
    fits = order.hashed(code, committed["number"]).hex() == committed["sha256"]
    _check(fits, "The code is not the one that was committed to.")
    yield f"The code was fixed by the commitment of {committed['committed_at']}: {committed['sha256']}."
    if public := certificate["randomness"]:
        yield f"Chance came from “{public['source']}”, named at {public['named_at']}: compare “{public['value']}”."


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Invalid(otherwise)


def main() -> int:
    import argparse  # which the service, as it imports the rest, is spared

    parser = argparse.ArgumentParser(prog="verify", description=__doc__)
    parser.add_argument("certificate", type=Path)
    parser.add_argument("labels", type=Path)
    wanted = parser.parse_args()
    try:
        findings = verify(json.loads(wanted.certificate.read_bytes()), wanted.labels.read_bytes())
    except (Invalid, ValueError) as error:
        sys.stderr.write(f"INVALID. {error}\n")
        return 1
    sys.stdout.write("\n".join(["VALID.", *findings]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
