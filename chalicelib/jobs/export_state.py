"""What an export was asked for and how far it got, as the job's document keeps it."""

from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from chalicelib import clock
from chalicelib.exports import columns
from chalicelib.jobs.leftovers import folder
from chalicelib.kinds import KINDS, Kind
from chalicelib.store import alive, jobs
from chalicelib.store.jobs import Job
from chalicelib.store.tenancy import Store

Phase = Literal["read", "tail", "merge", "write", "check"]


@dataclass(frozen=True)
class Asked:
    """`filters` as a list's query has them: ids and times, nothing that a person typed."""

    kind: str
    experience: str | None = None
    format: str = "csv"
    separator: str = ","
    bom: bool = True
    layout: str = "values"
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def of(self) -> Kind:
        return KINDS[self.kind]

    @property
    def by_instance(self) -> bool:
        return self.layout == "instances"

    @property
    def with_ids(self) -> bool:
        """Tables are for people: no column of theirs shows the id."""
        return self.format == "jsonl" or self.by_instance

    @property
    def in_parts(self) -> bool:
        """Whether the file can be made part by part; the others are made in one go."""
        return self.format != "xlsx" and not self.by_instance


@dataclass(frozen=True)
class Reached:
    """`holders` says whose chunks count: [first chunk, version of the job that its worker held] each, so that a worker
    who was thought dead cannot slip in a chunk of its own. `seen` are the horizons under which all was read."""

    as_of: int
    seen: list[int]
    zone: str
    phase: Phase = "read"
    after: str | None = None  # sort key of the last row read
    rows: int = 0
    chunks: int = 0
    first: int = 0  # chunks before it were merged into later ones
    holders: list[list[int]] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)  # that occur in maps, by column
    settled_at: int = 0  # from when on indexes show where customers moved to
    upload: str = ""
    parts: list[str] = field(default_factory=list)
    next: int = 0  # chunk to be written
    written: int = 0  # rows
    lines: int = 0  # of the finished file

    def holder(self, chunk: int) -> int:
        return next(holder for first, holder in reversed(self.holders) if first <= chunk)

    def with_names(self, found: dict[str, set[str]]) -> "Reached":
        """Raises Failed."""
        names = {column: sorted(found[column].union(self.names.get(column, ()))) for column in found}
        if sum(map(len, names.values())) > columns.MOST_NAMES:
            raise jobs.Failed("too_many_columns")
        return replace(self, names=names)


def asked_of(job: Job) -> Asked:
    known = Asked.__dataclass_fields__
    return Asked(**{name: value for name, value in job.work.items() if name in known})


def reached_of(job: Job) -> Reached:
    return Reached(**job.checkpoint)


def at(job: Job, reached: Reached) -> Job:
    """The job that far: rows are counted when they are read and when they are written, so twice."""
    total = None if reached.phase in ("read", "tail") else 2 * reached.rows
    return jobs.advanced(replace(job, checkpoint=asdict(reached)), reached.rows + reached.written, total)


def seen(cleared: alive.Horizons, kind: Kind) -> list[int]:
    """Changes when something was cleared or erased that the kind's rows are, or name."""
    return [cleared.latest.get(kind.name, 0), cleared.latest.get("customers", 0), cleared.erased_at]


def begun(store: Store, job: Job) -> Job:
    """At the start, and again when horizons moved: what is alive from now on counts."""
    as_of = clock.now_ms()
    cleared = alive.horizons(store)
    return at(job, Reached(as_of, seen(cleared, asked_of(job).of), cleared.time_zone))


def run_of(store: Store, job: Job, reached: Reached) -> str:
    """Where the objects of this run lie; one that began anew has others."""
    return f"{folder(store, job)}{reached.as_of}/"


def chunk_key(store: Store, job: Job, reached: Reached, number: int) -> str:
    return f"{run_of(store, job, reached)}{number:06}-{reached.holder(number)}"


def file_key(store: Store, job: Job, reached: Reached) -> str:
    return f"{run_of(store, job, reached)}file"
