"""`./dev token`: prints a token of the local issuer, for curl."""

import argparse
import re

from local import data, issuer

ROLES = ("reader", "viewer", "editor", "exporter", "privacy", "owner", "collector")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev token", description=__doc__)
    parser.add_argument("--tenant", required=True, type=_tenant)
    parser.add_argument("--role", required=True, action="append", choices=ROLES, help="may be given more than once")
    parser.add_argument("--subject", default="developer")
    data.add_argument(parser)
    wanted = parser.parse_args()
    print(issuer.token(wanted.data, wanted.tenant, wanted.role, wanted.subject))


def _tenant(text: str) -> str:
    if not re.fullmatch("[a-z0-9-]{1,64}", text):
        raise argparse.ArgumentTypeError("a tenant is 1 to 64 of a-z, 0-9 and -")
    return text


if __name__ == "__main__":
    main()
