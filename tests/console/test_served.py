"""How the service hands out the console: what may run on the page, what is kept, and that nothing else is read."""

import gzip
import re
from pathlib import Path

import pytest

from chalicelib.tabs import console
from tests.world import World

PAGE = '<meta property="csp-nonce" nonce="CSP-NONCE" /><script type="module" src="./assets/index-a1.js"></script>'
FIRST_LOAD = 300_000  # bytes, compressed


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets/index-a1.js").write_text("go();")
    (tmp_path / "assets/secret.txt").write_text("no part of the console")
    monkeypatch.setattr(console, "BUILT", tmp_path)
    console._asset.cache_clear()
    return tmp_path


def test_the_page_is_never_kept_and_lets_in_nothing_foreign(world: World, built: Path) -> None:
    first, second = (world.request("GET", "/", anonymous=True) for _ in range(2))
    assert first.status == 200
    assert first.headers["Cache-Control"] == "no-cache"
    rules = dict(rule.split(" ", 1) for rule in first.headers["Content-Security-Policy"].split("; "))
    assert (rules["default-src"], rules["script-src"]) == ("'none'", "'self'")
    assert (rules["frame-ancestors"], rules["base-uri"], rules["form-action"]) == ("'none'",) * 3
    [nonce] = re.findall(r'nonce="([\w-]{20,})"', first.text)
    assert rules["style-src"] == f"'self' 'nonce-{nonce}'"
    assert nonce not in second.text


def test_the_policy_names_the_buckets_the_issuer_and_its_sign_in_pages(
    world: World, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.settings import settings
    from tests.conftest import forget_settings

    monkeypatch.setenv("AFTERCHAT_ISSUER", "https://issuer.example/pool")
    monkeypatch.setenv("AFTERCHAT_SIGN_IN_URL", "https://sign-in.example/oauth2")
    monkeypatch.delenv("AFTERCHAT_ENDPOINT", raising=False)
    forget_settings()
    rules = world.request("GET", "/", anonymous=True).headers["Content-Security-Policy"]
    [connect] = re.findall(r"connect-src ([^;]*)", rules)
    files, exports = settings().files_bucket, settings().exports_bucket
    assert set(connect.split()) == {
        "'self'",
        "https://issuer.example",
        "https://sign-in.example",
        f"https://{files}.s3.eu-central-1.amazonaws.com",
        f"https://{exports}.s3.eu-central-1.amazonaws.com",
    }


def test_parts_are_kept_for_ever_and_are_text(world: World, built: Path) -> None:
    part = world.request("GET", "/assets/index-a1.js", anonymous=True)
    assert (part.status, part.text) == (200, "go();")
    assert part.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert part.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert part.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["missing.js", "secret.txt", "..%2Findex.html", "..%2F..%2Fapp.py", "index-a1.js.map"])
def test_nothing_but_parts_is_read(world: World, built: Path, name: str) -> None:
    world.request("GET", f"/assets/{name}", anonymous=True).problem(404, "not_found")


def test_without_a_built_console_there_is_none(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "BUILT", tmp_path)
    world.request("GET", "/", anonymous=True).problem(404, "not_found")


@pytest.mark.slow
def test_the_first_load_of_a_list_stays_within_its_budget() -> None:
    from local.console import BUILT, build

    build()
    page = (BUILT / "index.html").read_text()
    named = re.findall(r'(?:src|href)="\./(assets/[^"]+\.(?:js|css))"', page)
    language = list((BUILT / "assets").glob("de-*.js"))
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in [BUILT / one for one in named] + language}
    assert sum(sizes.values()) <= FIRST_LOAD, sizes
    assert all(path.suffix in console.TYPES for path in BUILT.rglob("*") if path.is_file())
