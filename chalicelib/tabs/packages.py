"""Packages of one person's data (Art. 15 and 20 GDPR): asked for by the role privacy, fetched by a one-time link."""

import secrets
from typing import Any, Literal
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from chalicelib import clock, privacy
from chalicelib.bodies import parsed
from chalicelib.exports import MEDIA_TYPES
from chalicelib.packages import Purpose, links
from chalicelib.packages.links import Link
from chalicelib.problems import Problem, language
from chalicelib.roles import PRIVACY
from chalicelib.routes import PUBLIC, Answer, Request, Routes
from chalicelib.schemas import JOB, TEXT, TIME, maybe, members
from chalicelib.settings import settings
from chalicelib.store import alive, audit, jobs, objects, tenants
from chalicelib.store.jobs import Job, Taken
from chalicelib.tabs.customers import living, unrestricted
from chalicelib.tabs.jobs import file_name, shown
from chalicelib.titles import Locale

routes = Routes(__name__)

BY_LINK = "one-time link"  # who downloaded it, as far as the audit log can know
FORM = ("application/x-www-form-urlencoded", "application/json")  # no body at all counts as JSON
HTML = "text/html; charset=utf-8"
LINK = members({"link": TEXT, "link_used_at": maybe(TIME), "expires_at": TIME})
STATUS = {"open": 200, "used": 409, "replaced": 410, "expired": 410}


class PackageOrder(BaseModel):
    """access: everything, for people; portability: what the person provided, for programs."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    purpose: Purpose
    locale: Literal["de", "en"] | None = None


@routes.on("POST", "/v1/customers/{id}/packages", PRIVACY, body=PackageOrder, status=202, answer=JOB)
def order_package(request: Request, id: str) -> Answer:
    """Pack everything of one customer (access) or what the customer provided (portability) as a ZIP, by a job."""
    from chalicelib.jobs import package

    unrestricted(request)
    told, store = parsed(PackageOrder, request.body), request.store
    cleared = alive.horizons(store)
    person = living(store, id, cleared)
    locale: Any = told.locale or cleared.locale
    return Answer(shown(package.start(store, person, told.purpose, locale, request.caller), request), 202)


@routes.on("POST", "/v1/jobs/{id}/link", PRIVACY, answer=LINK)
def renew_link(request: Request, id: str) -> dict[str, Any]:
    """A new one-time link to a finished package; the one before leads nowhere from now on."""
    job = jobs.read(request.store, id)
    if job is None or job.type != "package" or not job.file or job.file_until <= clock.now_s():
        raise Problem.of("package_unknown")
    try:
        job = links.renew(request.store, job)
    except Taken:
        raise Problem.of("in_progress") from None
    return {**links.shown(request.store, job, request.base), "expires_at": clock.rfc3339_s(job.file_until)}


@routes.on("GET", "/v1/packages/{secret}", PUBLIC, media_type=HTML)
def link_page(request: Request, secret: str) -> Answer:
    """The page of a one-time link: it only has a button, for previews and scanners of mails open links, too."""
    link = links.read(secret)
    job = links.job_of(link) if link else None
    state = links.state_of(job, link) if link else None
    if link and job and state == "open":
        return _ready(link, job)
    return _refused(request, link, job, state)


@routes.on("POST", "/v1/packages/{secret}", PUBLIC, status=303, accepts=FORM)
def download_package(request: Request, secret: str) -> Answer:
    """Use the one-time link up: leads to the file, once."""
    link = links.read(secret)
    if link is None:
        return _refused(request, None, None, None)
    state, job = links.use(link, _visit(request))
    if state != "open" or job is None:
        return _refused(request, link, job, state)
    audit.note(link.store, BY_LINK, "package.downloaded", details={"job": job.id}, id=f"{job.id} {link.number}")
    return Answer(None, 303, {"Location": _url(job)})


def _url(job: Job) -> str:
    return objects.download_url(settings().exports_bucket, str(job.file), file_name(job), MEDIA_TYPES["zip"])


def _visit(request: Request) -> str:
    """What the page's form sends; whoever sends nothing visits once."""
    sent = parse_qs(request.body[:1000].decode(errors="replace")).get("visit", [""])[0]
    return sent or secrets.token_urlsafe(16)


def _ready(link: Link, job: Job) -> Answer:
    from chalicelib.packages import link_page as pages

    told: dict[str, Any] = job.result or {}
    visit = secrets.token_urlsafe(16)
    page = pages.ready(_visitor(link, job.work["locale"]), told["bytes"], job.file_until * 1000, visit)
    return Answer(page, 200, pages.headers(_url(job)))


def _refused(request: Request, link: Link | None, job: Job | None, state: str | None) -> Answer:
    from chalicelib.packages import link_page as pages

    locale: Any = job.work["locale"] if job else language(request.headers.get("accept-language"))
    visitor = _visitor(link, locale) if link else pages.Visitor(locale, ZoneInfo("UTC"))
    page = pages.refusal(state or "unknown", visitor, links.used_at(job) if job else None)
    return Answer(page, STATUS.get(state or "", 404), {"Content-Type": HTML, **pages.headers()})


def _visitor(link: Link, locale: Locale) -> Any:
    """Whom to ask is in the tenant's settings."""
    from chalicelib.packages.link_page import Visitor

    tenant = tenants.read(link.store)
    told = privacy.notice(tenant, locale)
    return Visitor(locale, ZoneInfo(tenant.time_zone), told["controller"], told["contact"])
