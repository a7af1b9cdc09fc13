"""`python -m local.roles > docs/roles.md`: which role may call which route, from the declarations beside the routes."""

import app  # noqa: F401 (declares the routes)
from chalicelib.roles import ROLES, expanded
from chalicelib.routes import PUBLIC, ROUTES, Route

HEAD = """# Roles

Each route declares beside its function who may call it; this page is made of those declarations by
`python -m local.roles > docs/roles.md`. A caller has the roles that the verified token names, and what they imply.
A named key is a `collector`, or an `exporter`, which counts as `viewer` and `exporter`.
"""


def document() -> str:
    return "\n".join([HEAD, *_roles(), "", "## Routes", "", *_matrix(), "", *_notes(), ""])


def _roles() -> list[str]:
    return ["| role | may |", "|---|---|", *(f"| `{role.name}` | {role.may} |" for role in ROLES)]


def _matrix() -> list[str]:
    names = [role.name for role in ROLES]
    lines = [_line("route", names), "|---|" + ":-:|" * len(names)]
    routes = sorted(ROUTES.values(), key=lambda route: (route.path, route.method))
    return lines + [_line(f"`{route.method} {route.path}`", _marks(route, names)) for route in routes]


def _line(first: str, cells: list[str]) -> str:
    return f"| {first} | " + " | ".join(cells) + " |"


def _marks(route: Route, names: list[str]) -> list[str]:
    if route.roles is PUBLIC:
        return ["public"] + [""] * (len(names) - 1)
    return ["✓" if route.roles & expanded([name]) else "" for name in names]


def _notes() -> list[str]:
    return [
        "`exporter` counts together with `viewer` only, as `viewer`. `DELETE /v1/records/{kind}/{id}` deletes a",
        "customer for `privacy`, too, and other records for `editor` and `owner` only. By `PUT /v1/settings` the role",
        "`privacy` changes `consent_proof_months`, `receipt_months` and `privacy`, and only `owner` the rest.",
        "",
        "Without `viewer` rows are masked on the server (`masked` is true), and a person is found by the whole address",
        "only. A named key that is bound to an experience reaches that experience only.",
    ]


if __name__ == "__main__":
    print(document(), end="")
