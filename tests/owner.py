"""A tenant with something of everything, each free text of it a marker that is found again."""

import json
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.jobs import arrivals
from chalicelib.kinds import KINDS
from chalicelib.promotions import batches
from chalicelib.store import deliveries, jobs, receipts, webhooks
from chalicelib.store.deliveries import Delivery
from chalicelib.store.receipts import Receipt
from chalicelib.store.tenancy import Store
from chalicelib.store.webhooks import Target
from tests.erasure.markers import Markers
from tests.files.uploads import offer, put
from tests.seeds import ANNA, DATA, guest, plant
from tests.test_every_route import BODIES, Calls
from tests.world import EXPERIENCE, Reply, World

DRAWS = "GET /v1/experiences/{id}/draws"
WHO = {"tenant": "acme", "subject": "user-of-acme"}  # what the owner's token says
FREE = {"terms_version", "channel", "reason", "reward_title", "value", "name", "message", "event", "code", "prize"}
FREE |= {"text_version", "import_id"}


class Owner(Calls):
    """Tenant `acme` with something of everything; each text that is free is a marker."""

    def __init__(self, world: World) -> None:
        self.markers = Markers()
        self.email = f"{self.text('email')}@{self.text('domain')}.example"
        self.experience = self.text("experience")
        document = {**EXPERIENCE, "title": self.text("title")}
        world.request("PUT", f"/v1/experiences/{self.experience}", document).ok()
        seen = world.get("/v1/experiences/summer").headers["ETag"]
        world.request("PUT", "/v1/experiences/summer", document, headers={"If-Match": seen}).ok()
        notice = {"controller": self.text("controller"), "contact": self.text("contact")}
        told = {"consent_proof_months": 12, "privacy": {"de": notice, "en": notice}}
        world.request("PUT", "/v1/settings", told).ok()
        self.told: dict[str, dict[str, Any]] = {"PUT /v1/settings": told, "PUT /v1/experiences/{id}": document}
        super().__init__(world)
        self._replace_with_marked()
        self.records = {kind: plant(kind, self.customer, **self._columns(kind)).id for kind in DATA}
        self.record = self.records["coupons"]
        self.raffle = world.get(f"/v1/draws/{self.draw[0]}").ok()["experience"]
        self.cursors = [self._cursor(kind) for kind in ("coupons", "customers")]

    def text(self, where: str) -> str:
        return self.markers.text(where)

    def path(self, name: str) -> str:
        return super().path(name).replace("summer", self.raffle if name.startswith(DRAWS) else "summer")

    def body(self, name: str) -> Any:
        """As the owner sends it: about the customer whose address is a marker."""
        own = json.loads(json.dumps(BODIES.get(name)).replace(ANNA, self.email))
        own = {**own, **self.told[name]} if name in self.told else own
        return {**own, "winner": self.draw[1]} if name.endswith("/redraws") else own

    def send(self, name: str, **options: Any) -> Reply:
        return super().send(name, **{"body": self.body(name), **options})

    def ids(self) -> dict[str, str]:
        """Whatever the other tenant could come by."""
        draw, winner = self.draw
        named = {
            name: getattr(self, name) for name in ("customer", "key", "job", "receipt", "trace", "file", "webhook")
        }
        named |= {"draw": draw, "winner": winner, "delivery": self.delivery, "import": self.batch.id}
        named |= {"package": self.package.id, "waiting": self.waiting.id, "export": self.export}
        named |= {"experience": self.experience, "email": self.email, "idempotency": self.idempotency}
        named |= {f"cursor {place}": cursor for place, cursor in enumerate(self.cursors)}
        return named | {f"record {kind}": id for kind, id in self.records.items()}

    def needles(self) -> set[str]:
        return {*self.markers.where, *self.ids().values(), *WHO.values()}

    def _columns(self, kind: str) -> dict[str, Any]:
        """All its texts that are no word of ours, and its maps, with markers."""
        own: dict[str, Any] = {}
        for column in KINDS[kind].columns:
            value = DATA[kind].get(column.name)
            if column.type == "map" and column.name in DATA[kind]:
                own[column.name] = {"street": self.text(f"{kind}.{column.name}")}
            if isinstance(value, str) and column.name in FREE:
                marker = self.text(f"{kind}.{column.name}")
                own[column.name] = json.dumps(marker) if column.type == "json" else marker
        return own

    def _replace_with_marked(self) -> None:
        """What the calls of all routes are about, with markers where those have plain words."""
        world, store, now = self.world, Store("acme"), clock.now_ms()
        self.customer = guest(world, self.email, fields={"firstname": self.text("firstname")})
        self.key = world.request("POST", "/v1/keys", {"name": self.text("key"), "role": "collector"}).ok()["id"]
        self.idempotency = self.text("idempotency key")
        said = {"level": "error", "message": self.text("message"), "event": self.text("event")}
        self.trace = world.collect("log-entries", self.idempotency, **said).headers["X-Trace-Id"]
        consent = {"consent": "newsletter", "status": "granted", "text": self.text("wording")}
        world.collect("consents", email=self.email, **consent).ok()
        offered = offer(world, name=f"{self.text('file')}.png", email=self.email)
        arrivals.look(put(offered))
        self.file = offered["file_id"]
        self.receipt = receipts.issue(store, Receipt("a1" * 16, "delete_all", "owner", 1, 2, {"log": 1}))["id"]
        self.batch = batches.save(
            store, replace(self.batch, id="b2" * 16, version=0, file_name=f"{self.text('import')}.csv")
        )
        self.export = jobs.create(store, "export", self.text("by"), {}).id
        self.package = jobs.save(store, replace(self.package, by=self.text("by whom")))
        target = Target(f"https://{self.text('host')}.invalid/", ["customer.registered"], [], self.text("description"))
        self.webhook = webhooks.create(store, target, "tests").id
        self.delivery = self._failed(store, now)

    def _failed(self, store: Store, now: int) -> str:
        id = deliveries.id_of(store, self.webhook, now, "x")
        told = {"customer_id": self.customer}
        deliveries.add(store, Delivery(self.webhook, id, "customer.registered", now, told, state="failed"))
        return id

    def _cursor(self, kind: str) -> str:
        guest(self.world, f"{self.text('another')}@example.org")
        plant("coupons", self.customer)
        return str(self.world.get(f"/v1/records/{kind}", query={"limit": 1}).ok()["next"])
