"""`./dev restore`: a table as it was, beside the one in use, without what was removed on purpose since then."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import clock
from chalicelib.settings import settings
from local import stack
from local.restore import copies, documents, reapply, switching
from local.restore.stack import enter
from local.stages import Refused

TABLES = {
    "customers": "Customers",
    "activity": "Activity",
    "codes": "Codes",
    "log": "RuntimeLog",
    "control": "Control",
}
DEFAULTS: dict[str, Any] = {
    "ttl": "expires_at",
    "stream": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    "backups": True,
    "protected": True,
    "tags": [],
}


def run(database: Any, wanted: argparse.Namespace) -> None:
    """Raises Refused and reapply.Unfinished."""
    table = TABLES[wanted.table]
    source = settings().tables[table]
    target = wanted.restored or f"{source}-{wanted.to:%Y%m%dT%H%M%SZ}"
    if target == source and table == "Control":
        raise Refused("Control is not restored in place: see docs/operate.md.")
    copies.restore(database, source, target, wanted.to)
    if table == "Control":
        print(f"Brought back into {source}: {dict(documents.bring_back(target)) or 'nothing, all of it is there'}")
        return
    old = _old(database, table, source, target, wanted)
    with reapply.in_place_of(table, target):
        gone = reapply.reapply(table, clock.milliseconds(wanted.to), old)
    print(f"Taken out of {target}: {dict(gone) or 'nothing'}. A last pass found nothing more.")
    told = copies.settings_of(database, source) if copies.status(database, source) else DEFAULTS
    copies.settle(database, told, target, wanted.to)
    if target != source:
        _say_how_to_switch(database, wanted.stage, table, target)


def _old(database: Any, table: str, source: str, target: str, wanted: argparse.Namespace) -> str | None:
    """The table that tells which codes were given out since."""
    if table != "Codes" or target == source:
        return None
    if copies.status(database, source):
        return source
    if wanted.last_state:
        return None
    raise Refused(
        f"{source} is gone, so nobody can tell which coupons and codes were given out since: they would be given out "
        "again. If what was restored is its very last state, say so with --last-state."
    )


def _say_how_to_switch(database: Any, stage: str, table: str, target: str) -> None:
    stream = database.describe_table(TableName=target)["Table"].get("LatestStreamArn", "")
    told = switching.parameters(table, target, stream)
    print("To switch to it, as docs/operate.md says (Backup and restore), with the doors closed:")
    print(f"./dev deploy --stage {stage} " + " ".join(f"--parameter {name}={value}" for name, value in told.items()))


def _moment(text: str) -> datetime:
    try:
        to = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no time like 2026-11-20T10:00:00Z") from error
    if to.tzinfo is None or to > datetime.now(UTC):
        raise argparse.ArgumentTypeError("name a moment that is over, with its time zone: 2026-11-20T10:00:00Z")
    return to.astimezone(UTC)


def _arguments() -> argparse.ArgumentParser:
    parser = stack.arguments("restore", __doc__)
    parser.add_argument("--table", required=True, choices=TABLES)
    parser.add_argument("--to", required=True, type=_moment, help="2026-11-20T10:00:00Z")
    parser.add_argument("--restored", metavar="NAME", help="go on with this table, which was restored before")
    parser.add_argument("--last-state", action="store_true", help="nothing happened between --to and the table's end")
    return parser


def main(given: list[str] | None = None) -> int:
    wanted = _arguments().parse_args(given)
    target = stack.target(wanted)
    try:
        enter(target)
        run(target.client("dynamodb"), wanted)
    except (Refused, reapply.Unfinished, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
