"""What an import was asked for and how far it got, as the job's document keeps it, and where its objects lie."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import orjson

from chalicelib.imports.entries import Entry, Spelling
from chalicelib.jobs.leftovers import folder
from chalicelib.kinds import KINDS, Kind
from chalicelib.promotions.batches import Batch
from chalicelib.settings import settings
from chalicelib.store import jobs, keys, objects
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store

CHUNK = 2000  # lines: what is written between two checkpoints
PREVIEW = 5
Phase = Literal["read", "compare", "write", "report", "clear"]


@dataclass(frozen=True)
class Asked:
    kind: str
    experience: str
    dry_run: bool = False
    separator: str | None = None
    encoding: str | None = None
    fold_case: bool = True
    ignore: str = " -"

    @property
    def of(self) -> Kind:
        return KINDS[self.kind]

    @property
    def spelling(self) -> Spelling:
        return Spelling(self.fold_case, self.ignore)


@dataclass(frozen=True)
class Reached:
    """`read`: up to `line` the file is in `chunks`. `write`: chunks before `next` are done; `decided` says which of the
    chunk's candidates are new (bits, as hex digits), so that whoever writes them again gives them the same numbers."""

    phase: Phase = "read"
    etag: str = ""
    found: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    chunks: int = 0
    lines: int = 0
    invalid: int = 0
    twice: int = 0
    preview: list[dict[str, Any]] = field(default_factory=list)
    rows_at: int = 0
    next: int = 0
    decided: str | None = None
    ordinal: int = 0
    added: int = 0
    already_there: int = 0


def asked_of(job: Job) -> Asked:
    known = Asked.__dataclass_fields__
    return Asked(**{name: value for name, value in job.work.items() if name in known})


def reached_of(job: Job) -> Reached:
    return Reached(**job.checkpoint)


def at(job: Job, reached: Reached) -> Job:
    """The job that far: what counts are lines that were written."""
    total = reached.lines if reached.phase in ("write", "report", "clear") else None
    done = min(reached.next * CHUNK, reached.lines)
    return jobs.advanced(replace(job, checkpoint=asdict(reached), attempts=0), done, total)


def result(reached: Reached) -> dict[str, Any]:
    counts = {name: getattr(reached, name) for name in ("lines", "added", "already_there")}
    return {
        **counts,
        "twice_in_file": reached.twice,
        "invalid": reached.invalid,
        "preview": reached.preview,
        **reached.found,
    }


def batch_of(job: Job) -> Batch:
    """Enough of it to open and to close it."""
    return Batch(job.id, job.work["kind"], job.work["experience"], "", job.by, job.created_at)


def position(rows_at: int, job_id: str, line: int) -> str:
    """Of the row that this line of this import brings in, whoever writes it however often. Rows of one import sort as
    their lines do; the end spreads them over the shards."""
    spread = (int(job_id[-8:], 16) + line * 2654435761) % 2**32
    return f"{keys.time_prefix(rows_at)}{line:012x}{spread:08x}"


def report_key(store: Store, job: Job) -> str:
    return f"{folder(store, job)}report.csv"


def put_chunk(store: Store, job: Job, number: int, entries: Iterable[Entry]) -> None:
    content = orjson.dumps([[e.line, e.code, e.key, e.points, e.win, e.reason] for e in entries])
    objects.put(settings().exports_bucket, f"{folder(store, job)}lines/{number:06}", content)


def chunk(store: Store, job: Job, number: int) -> list[Entry]:
    content = b"".join(objects.read(settings().exports_bucket, f"{folder(store, job)}lines/{number:06}"))
    return [Entry(*members) for members in orjson.loads(content)]


def put_part(store: Store, job: Job, name: str, content: bytes) -> None:
    objects.put(settings().exports_bucket, f"{folder(store, job)}{name}", content)


def part(store: Store, job: Job, name: str) -> bytes:
    return b"".join(objects.read(settings().exports_bucket, f"{folder(store, job)}{name}"))


def groups(count: int, size: int = 16) -> Iterator[range]:
    """Numbers of chunks that are fetched together."""
    return (range(start, min(start + size, count)) for start in range(0, count, size))
