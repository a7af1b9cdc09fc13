"""`python -m local.kinds_table` prints the README's table of what is kept: each kind, its table and its promise."""

from chalicelib.kinds import KINDS, Kind

COUNTED = {
    "last activity": "the UTC day of the customer's last activity",
    "creation": "creation",
}


def document() -> str:
    head = ["| kind | table | kept | counted from |", "|---|---|--:|---|"]
    return "\n".join([*head, *map(_row, KINDS.values())]) + "\n"


def _row(kind: Kind) -> str:
    promise = kind.promise
    return f"| {kind.title} | {promise.table} | {promise.days} days | {COUNTED[promise.since]} |"


if __name__ == "__main__":
    print(document(), end="")
