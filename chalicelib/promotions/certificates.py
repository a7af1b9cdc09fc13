"""The certificate of a draw, as docs/draws.md describes it and verify.py checks it. No person is in it."""

from typing import Any

from chalicelib.clock import rfc3339
from chalicelib.promotions import draws, order, verify
from chalicelib.promotions.draws import Draw, Place
from chalicelib.promotions.labels import label
from chalicelib.store.tenancy import Store


def certificate(store: Store, draw: Draw, code: bytes | None) -> dict[str, Any]:
    """Without the code, as long as the draw is not done: what is fixed until then. The list of labels must be."""
    content: dict[str, Any] = {
        "format": verify.FORMAT,
        "draw": draws.id_of(store, draw.experience, draw.number),
        "experience": draw.experience,
        "giveaway": draw.giveaway,
        "cut_off": rfc3339(draw.until),
        "from": draw.asked.get("from"),
        "to": draw.asked.get("to"),
        "prizes": draw.prizes,
        "alternates": draw.alternates,
        "exclude": draw.exclude,
        "commitment": committed(draw),
        "randomness": named(draw),
        "labels": {**(draw.labels or {}), "fixed_at": rfc3339((draw.labels or {})["fixed_at"])},
        "code": code.hex() if code else None,
        "drawn_at": rfc3339(draw.drawn_at) if code else None,
        "skipped": [],
        "drawn": [],
    }
    if code:
        key = order.key_of(code, randomness_of(draw))
        content["skipped"] = [{"label": label(one["at"]), "reason": one["reason"]} for one in draw.skipped]
        content["drawn"] = [_drawn(draw, place, key) for place in draw.drawn]
    return {**content, "digest": verify.digest(content)}


def randomness_of(draw: Draw) -> bytes:
    names = {"experience": draw.experience, "giveaway": draw.giveaway}
    return verify.randomness_of({**names, "randomness": draw.randomness})


def committed(draw: Draw) -> dict[str, Any] | None:
    told = draw.commitment
    return {**told, "committed_at": rfc3339(told["committed_at"])} if told else None


def named(draw: Draw) -> dict[str, Any] | None:
    """The public randomness, if some was named; its value once it is known."""
    told = draw.randomness
    if told is None:
        return None
    revealed_at = rfc3339(told["revealed_at"]) if told.get("revealed_at") else None
    return {**told, "named_at": rfc3339(told["named_at"]), "value": told.get("value"), "revealed_at": revealed_at}


def _drawn(draw: Draw, place: Place, key: bytes) -> dict[str, Any]:
    own = label(place.at)
    return {
        "label": own,
        "position": order.position(key, own).hex(),
        "slot": place.slot,
        "prize": draw.prize(place.slot) if place.slot else None,
        "replaces": place.replaces,
        "reason": place.reason,
    }
