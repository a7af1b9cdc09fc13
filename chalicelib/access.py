"""Who calls and what they may do: a token of the OIDC issuer or a named key becomes a `Caller`."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.credentials import bearer
from chalicelib.named_keys import PREFIX, FindKey, verified_key
from chalicelib.problems import Problem
from chalicelib.roles import VERBS, expanded, named

# The one role of a named key says all it may do.
KEY_ROLES: Final = {"collector": frozenset({"collector"}), "exporter": frozenset({"viewer", "exporter"})}


@dataclass(frozen=True)
class Caller:
    tenant: str
    subject: str
    name: str
    roles: frozenset[str]  # as given, without what they imply
    experience: str | None = None  # a restricted key reaches this experience only
    collect_rate: int | None = None  # of a key that has a limit of its own

    @cached_property
    def _expanded(self) -> frozenset[str]:
        return expanded(self.roles)

    def can(self, role: str) -> bool:
        return role in self._expanded

    def can_any(self, allowed: frozenset[str]) -> bool:
        return not allowed.isdisjoint(self._expanded)

    @property
    def acting(self) -> str:
        """The roles as receipts and the audit log name them."""
        return ", ".join(sorted(self.roles))

    @property
    def masked(self) -> bool:
        """Whether personal data must be masked for this caller."""
        return not self.can("viewer")

    @property
    def verbs(self) -> list[str]:
        """What `GET /v1/me` answers as `can`, in the order of the table of verbs."""
        return [verb for verb, allowed in VERBS.items() if self.can_any(allowed)]


def authenticate(authorization: str | None, find_key: FindKey) -> Caller:
    """The caller whom an Authorization header proves. Raises 401, or 503 while the issuer's keys cannot be had."""
    credential = bearer(authorization)
    if credential.startswith(PREFIX):
        return _key_caller(credential, find_key)
    from chalicelib.tokens import verified  # needs cryptography, 60 ms of a cold start that the Collect API is spared

    token = verified(credential)
    return Caller(token.tenant, token.subject, token.name, token.roles)


def require(caller: Caller, allowed: frozenset[str]) -> None:
    """Raises 403 `role_missing`, naming the roles that would do, unless the caller has one of them."""
    if not caller.can_any(allowed):
        raise Problem.of("role_missing", role=named(allowed))


def require_experience(caller: Caller, experience: str | None) -> None:
    """Raises 403 for a restricted key that asks for another experience, or for all of them (None)."""
    if caller.experience is not None and experience != caller.experience:
        raise Problem.of("experience_not_allowed", experience=caller.experience)


def _key_caller(text: str, find_key: FindKey) -> Caller:
    tenant, key = verified_key(text, find_key)
    roles = KEY_ROLES.get(key.role, frozenset())
    return Caller(tenant, f"key:{key.id}", key.name, roles, key.experience, key.collect_rate)
