"""A draw: read the entrants, fix their list and take the next code of the commitment, wait for public randomness if
some was named, then order, pick and record the winners. Each step ends in the draw's document, so any step can be
begun again."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import clock, cursors
from chalicelib.jobs import queue
from chalicelib.promotions import commitments, drawing, draws, entrants, order, turns
from chalicelib.promotions.draws import Changed, Draw
from chalicelib.promotions.labels import label
from chalicelib.store import idempotency, jobs
from chalicelib.store.failures import accepted
from chalicelib.store.horizons import Contended, unchanged
from chalicelib.store.idempotency import Call
from chalicelib.store.jobs import Failed, Job, Taken
from chalicelib.store.tenancy import Store, Transaction

TURN_MS = 130_000  # longer than the function may run
SETTLE_MS = 1_000  # until an index shows what was written last
ATTEMPTS = 8


def start(store: Store, draw: Draw, by: str, role: str, not_before: int, call: Call | None = None) -> tuple[Job, Draw]:
    """The job knows the whole draw, so that the document can be written by whoever comes first. With `call`, one draw
    is made of it, however often it comes."""
    asked = {"experience": draw.experience, "number": draw.number, "draw": draws.document(draw)}
    job = jobs.new("draw", by, {**asked, "not_before": not_before}, role)
    if call is None:
        return _announced(store, jobs.save(store, job))
    if _made(store, job, call):
        return _announced(store, job)
    started = started_by(store, call)
    if started is None:
        raise Contended(draw.number)
    return started


def started_by(store: Store, call: Call) -> tuple[Job, Draw] | None:
    """What the same call started before. Raises KeyReused."""
    done = idempotency.recall(store, call)
    job = jobs.read(store, done["job"]) if done else None
    return _announced(store, job) if job else None


def _made(store: Store, job: Job, call: Call) -> bool:
    """False if the same call came at the same time and was quicker."""
    transaction = Transaction()
    transaction.put(jobs.item(store, replace(job, version=1)), unchanged(0))
    idempotency.remember(store, transaction, call, "started", job=job.id)
    return accepted(lambda: store.write(transaction))


def _announced(store: Store, job: Job) -> tuple[Job, Draw]:
    found = _draw(store, job)
    queue.announce(store.tenant, job.id, job.work["not_before"])
    return job, found


def go_on(store: Store, draw: Draw, by: str, role: str) -> Job:
    """After the public randomness is known."""
    job = jobs.create(store, "draw", by, {"experience": draw.experience, "number": draw.number}, role)
    queue.announce(store.tenant, job.id)
    return job


def work(store: Store, job: Job, is_late: Callable[[], bool]) -> Job:
    """One slice."""
    if clock.now_ms() < job.work.get("not_before", 0):
        return replace(job, not_before=job.work["not_before"])
    try:
        draw = _draw(store, job)
        if draw.state == "reading":
            job, draw = _read(store, job, draw, is_late)
        if draw.state == "drawing":
            job, draw = _picked(store, job, draw, is_late)
    except Changed:
        raise Taken(job.id) from None
    return _ended(store, job, draw) if draw.state in ("waiting", *draws.FINAL) else job


def _draw(store: Store, job: Job) -> Draw:
    """The draw as it is; a test draw lies in its job alone."""
    told = job.work.get("draw")
    if told and told["dry_run"]:
        return replace(draws.of_document(job.checkpoint.get("draw", told)), job=job.id)
    found = draws.read(store, job.work["experience"], job.work["number"])
    return found or draws.save(store, replace(draws.of_document(told or {}), job=job.id))


def _keep(store: Store, job: Job, draw: Draw) -> tuple[Job, Draw]:
    if not draw.dry_run:
        return job, draws.save(store, draw)
    return jobs.save(store, replace(job, checkpoint={**job.checkpoint, "draw": draws.document(draw)})), draw


def _read(store: Store, job: Job, draw: Draw, is_late: Callable[[], bool]) -> tuple[Job, Draw]:
    number = job.checkpoint.get("files", 0)
    pages = entrants.pages(store, draw, job.checkpoint.get("after", ""))
    count, last = entrants.keep(store, draw, number, pages, is_late)
    job = replace(job, done=job.done + count)
    if last:
        return replace(job, checkpoint={**job.checkpoint, "files": number + 1, "after": last}), draw
    draw = replace(draw, files=number + 1)
    total, digest = entrants.publish(store, draw)
    job = replace(job, done=total, total=total)
    draw = replace(draw, labels={"count": total, "sha256": digest, "fixed_at": clock.now_ms()})
    return _fixed(store, job, draw)


def _fixed(store: Store, job: Job, draw: Draw) -> tuple[Job, Draw]:
    """The list stands; only now a code is taken, so that no later draw's code tells of an earlier one's order while
    its list is still open."""
    draw = replace(draw, state="waiting" if draw.randomness else "drawing")
    if draw.dry_run:
        return _keep(store, job, _with_code(store, draw, secrets.token_bytes(32)))
    for _ in range(ATTEMPTS):
        committed = commitments.read(store, draw.experience, draw.giveaway)
        if committed is None or committed.used >= order.CODES:
            return _keep(store, job, _with_code(store, draw, secrets.token_bytes(32)))
        number = committed.used + 1
        code = committed.code(store, draw.experience, draw.giveaway, number)
        told = {"sha256": committed.sha256, "committed_at": committed.committed_at, "number": number}
        transaction = Transaction()
        commitments.take(store, transaction, draw.experience, draw.giveaway, committed.used)
        saved = draws.add(store, transaction, _with_code(store, replace(draw, commitment=told), code))
        if accepted(lambda: store.write(transaction)):  # noqa: B023
            return job, saved
        there = draws.read(store, draw.experience, draw.number)
        if there and there.version != draw.version:
            return job, there
    raise Contended(draw.number)


def _with_code(store: Store, draw: Draw, code: bytes) -> Draw:
    return replace(draw, code=cursors.seal(code.hex(), *drawing.code_purpose(store, draw)))


def _picked(store: Store, job: Job, draw: Draw, is_late: Callable[[], bool]) -> tuple[Job, Draw]:
    if draw.order is None:
        job, draw = _keep(store, job, drawing.ordered(store, draw))
    if draw.dry_run:
        return job, _tried(store, draw)
    try:
        if not turns.take(store, draw.number, TURN_MS):
            draw = drawing.undecided(draw)
    except turns.Busy as busy:
        return replace(job, not_before=busy.until), draw
    job, draw = _won(store, job, draw, is_late)
    if draw.state in draws.FINAL:
        turns.leave(store, draw.number, SETTLE_MS)
    return job, draw


def _tried(store: Store, draw: Draw) -> Draw:
    draw = drawing.chosen(drawing.opened(store, draw, lambda draw: draw), draw)
    return replace(draw, state="failed" if _is_too_few(draw) else "done")


def _won(store: Store, job: Job, draw: Draw, is_late: Callable[[], bool]) -> tuple[Job, Draw]:
    work = drawing.opened(store, draw, lambda draw: draws.save(store, draw))
    draw = drawing.chosen(work, replace(draw, drawn_at=draw.drawn_at or clock.now_ms()))
    if not draw.recorded and _is_too_few(draw):
        return job, draws.save(store, replace(draw, state="failed", error="too_few_entrants"))
    draw = drawing.recorded(work, draws.save(store, draw), is_late)
    whole = draw.recorded >= min(draw.count, len(draw.drawn))
    return job, draws.save(store, replace(draw, state="done") if whole else draw)


def _is_too_few(draw: Draw) -> bool:
    return len(draw.drawn) < (1 if draw.allow_fewer else draw.count)


def _ended(store: Store, job: Job, draw: Draw) -> Job:
    if draw.dry_run:
        entrants.discard(store, draw)
    if draw.state == "failed":
        raise Failed(draw.error or "too_few_entrants")
    return replace(job, state="done", checkpoint={}, result=_result(store, draw))


def _result(store: Store, draw: Draw) -> dict[str, Any]:
    counted: dict[str, Any] = {"entrants": (draw.labels or {})["count"], "skipped": len(draw.skipped)}
    if not draw.dry_run:
        id = draws.id_of(store, draw.experience, draw.number)
        return {"draw": id, "state": draw.state, **counted, "drawn": draw.recorded}
    slots = [{"slot": p.slot, "prize": draw.prize(p.slot), "ticket": label(p.at)} for p in draw.drawn if p.slot]
    alternates = [label(place.at) for place in draw.drawn if place.slot is None]
    return {"draw": None, "dry_run": True, **counted, "drawn": slots, "alternates": alternates}
