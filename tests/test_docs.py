"""The pages that are made from the code say what the code says."""

import re
from pathlib import Path
from typing import get_args

from chalicelib import metrics
from local import kinds_table, prices, roles

ROOT = Path(__file__).parents[1]


def test_the_page_of_roles_is_what_the_routes_declare() -> None:
    written = (ROOT / "docs/roles.md").read_text(encoding="utf-8")
    assert written == roles.document(), "python -m local.roles > docs/roles.md"


def test_the_readmes_table_of_what_is_kept_is_the_table_of_kinds() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"<!-- kinds -->\n(.*?)<!-- /kinds -->", readme, re.DOTALL)
    assert block.strip() == kinds_table.document().strip(), "python -m local.kinds_table"


def test_every_link_of_the_readme_leads_somewhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)", readme) if "://" not in target]
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_table_of_what_a_month_costs_is_computed() -> None:
    page = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    [block] = re.findall(r"<!-- prices -->\n(.*?)<!-- /prices -->", page, re.DOTALL)
    assert block == prices.document(), "python -m local.prices"


def test_prices_follow_from_the_units_of_the_costs_page() -> None:
    assert prices.units("participation") == (3, 4)
    assert prices.units("coupon: import · claim · asked again · none left", 1) == (3, 7)
    small, medium, large = (sum(cost(size) for cost in prices.PARTS.values()) / size.guests for size in prices.SIZES)
    assert small > medium > large > 0


def test_the_operators_page_tells_of_every_metric_of_ours() -> None:
    page = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    assert [name for name in get_args(metrics.Name) if f"| `{name}`" not in page] == []
