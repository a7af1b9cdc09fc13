"""The pages that are made from the code say what the code says."""

import re
from pathlib import Path

from local import kinds_table, roles

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
