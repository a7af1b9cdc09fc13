"""An OpenID Connect issuer as the browser sees it: it signs in whoever comes, and holds them to PKCE (RFC 7636)."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import BrowserContext, Route

from local.issuer import ISSUER

ANYBODY = {"Access-Control-Allow-Origin": "*"}


@dataclass
class AnIssuer:
    """Stands where the service's own issuer says to be, which is where the page's policy lets it call."""

    token: str
    asked: dict[str, str] = field(default_factory=dict)
    traded: int = 0

    def serve(self, context: BrowserContext) -> None:
        config = {"issuer": ISSUER, "client": "console", "audiences": ["console"], "stage": "prod"}
        context.route("**/v1/config", lambda route: route.fulfill(json=config))
        context.route(f"{ISSUER}/.well-known/openid-configuration", self._discovery)
        context.route(f"{ISSUER}/authorize?*", self._authorize)
        context.route(f"{ISSUER}/token", self._trade)

    def _discovery(self, route: Route) -> None:
        ends = {"authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token"}
        route.fulfill(json=ends, headers=ANYBODY)

    def _authorize(self, route: Route) -> None:
        self.asked = _values(urlsplit(route.request.url).query)
        back = f"{self.asked['redirect_uri']}?{urlencode({'code': 'the-code', 'state': self.asked['state']})}"
        route.fulfill(body=f"<script>location.replace({json.dumps(back)})</script>", content_type="text/html")

    def _trade(self, route: Route) -> None:
        told = _values(route.request.post_data or "")
        digest = hashlib.sha256(told["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.asked["code_challenge"]
        assert (told["code"], told["redirect_uri"]) == ("the-code", self.asked["redirect_uri"])
        self.traded += 1
        route.fulfill(json={"access_token": "opaque", "id_token": self.token}, headers=ANYBODY)


def _values(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
