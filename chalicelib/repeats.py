"""Requests that may come twice: the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from chalicelib.problems import Problem
from chalicelib.routes import Request
from chalicelib.store import idempotency
from chalicelib.store.idempotency import Call, Erased, KeyReused

_VISIBLE_ASCII: Final = re.compile(r"[!-~]{1,255}")


def call_of(request: Request, route: str) -> Call | None:
    """None if the request names no key: then each sending counts. Problem: idempotency_key_invalid."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _VISIBLE_ASCII.fullmatch(key):
        raise Problem.of("idempotency_key_invalid")
    return idempotency.call_of(request.store, key, route, request.body)


@contextmanager
def refusals() -> Iterator[None]:
    """What a key may be refused for, as problems."""
    try:
        yield
    except KeyReused:
        raise Problem.of("idempotency_key_reused") from None
    except Erased:
        raise Problem.of("erased") from None
