"""The roles as data, the sets of roles that routes declare, and what each may do (`GET /v1/me`, the docs)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Role:
    name: str
    may: str  # one sentence, for the docs
    implies: tuple[str, ...] = ()
    needs: str = ""  # without this role it counts for nothing


ROLES: Final = (
    Role("reader", "Sees all lists, masked, and finds a person only by the whole e-mail address."),
    Role("viewer", "Sees everything unmasked, searches by parts, opens files and the customer page.", ("reader",)),
    Role("editor", "Deletes one record, imports, draws, sets winner states and experiences; masked.", ("reader",)),
    Role("exporter", "Exports what it can view: only together with viewer.", needs="viewer"),
    Role(
        "privacy",
        "Erases, packages and corrects a person's data, sees receipts, proofs and audit, and sets their terms.",
        ("reader",),
    ),
    Role(
        "owner",
        "May do everything, and alone deletes all and changes keys, webhooks and other settings.",
        ("reader", "viewer", "editor", "exporter", "privacy", "collector"),
    ),
    Role("collector", "Sends data through the Collect API and nothing else."),
)
ROLE: Final = {role.name: role for role in ROLES}


def expanded(given: Iterable[str]) -> frozenset[str]:
    """What given roles come to: implied ones added, unknown ones and those without their need left out."""
    known = [ROLE[name] for name in given if name in ROLE]
    names = {role.name for role in known}.union(*(role.implies for role in known))
    return frozenset(name for name in names if not ROLE[name].needs or ROLE[name].needs in names)


def with_any(*names: str) -> frozenset[str]:
    """All roles that are, or imply, one of these."""
    return frozenset(role.name for role in ROLES if {role.name, *role.implies} & set(names))


ANY_ROLE: Final = frozenset(ROLE)
ANY_READER: Final = with_any("reader")
VIEWERS: Final = with_any("viewer")
EDITORS: Final = with_any("editor")
EXPORTERS: Final = with_any("exporter")
PRIVACY: Final = with_any("privacy")
ERASERS: Final = EDITORS | PRIVACY  # deleting one customer is an erasure
OWNERS: Final = with_any("owner")
COLLECTORS: Final = with_any("collector")

VERBS: Final[dict[str, frozenset[str]]] = {
    "read": ANY_READER,
    "search": VIEWERS,
    "reveal": VIEWERS,
    "delete_one": EDITORS,
    "import": EDITORS,
    "draw": EDITORS,
    "experiences": EDITORS,
    "export": EXPORTERS,
    "erase": ERASERS,
    "package": PRIVACY,
    "rectify": PRIVACY,
    "proofs": PRIVACY,
    "receipts": PRIVACY,
    "audit": PRIVACY,
    "gdpr_settings": PRIVACY,
    "delete_all": OWNERS,
    "settings": OWNERS,
    "keys": OWNERS,
    "webhooks": OWNERS,
    "collect": COLLECTORS,
}


def named(allowed: frozenset[str]) -> str:
    """These roles as an error answer names them, in the order of the table: `viewer + exporter / owner`."""
    fitting = (role for role in ROLES if role.name in allowed)
    return " / ".join(f"{role.needs} + {role.name}" if role.needs else role.name for role in fitting)
