"""The page of an access package: for reading and printing, in one file without scripts, German or English."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from chalicelib.kinds import KINDS, Kind
from chalicelib.packages.about import about, promise
from chalicelib.packages.cards import Reader, card
from chalicelib.packages.contents import Contents, File
from chalicelib.packages.markup import COLOURS, Html, element, plain, style_hash, text
from chalicelib.packages.words import say

STYLE: Final = f"""{COLOURS}
main{{max-width:62rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}}
header{{margin-bottom:2rem}}
header p{{margin:.15rem 0;color:var(--soft)}}
.act{{font-size:.8rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--mark)}}
h1{{font-size:2rem;line-height:1.2;margin:.3rem 0 .8rem;overflow-wrap:anywhere}}
h2{{font-size:1.35rem;line-height:1.3;margin:2.6rem 0 .8rem;break-after:avoid}}
h3{{font-size:1rem;margin:0 0 .6rem;break-after:avoid}}
.about dl,.promise dl{{display:grid;grid-template-columns:minmax(8rem,12rem) 1fr;gap:.7rem 1.5rem}}
.about dl>div,.promise dl>div{{display:contents}}
.about dd,.promise dd{{white-space:pre-line}}
.about dt{{font-size:.85rem;padding-top:.1rem}}
.about ul{{margin:0;padding-left:1.1rem}}
.promise{{color:var(--soft);font-size:.88rem;margin:-.3rem 0 1rem}}
.promise dl{{gap:.15rem 1.5rem}}
.box,article{{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.25rem}}
article{{margin:.7rem 0;break-inside:avoid-page}}
article h3{{display:flex;flex-wrap:wrap;gap:.2rem 1rem;justify-content:space-between;font-variant-numeric:tabular-nums}}
article h3>span{{font-weight:400;color:var(--soft)}}
.count{{font-weight:400;color:var(--soft)}}
table{{border-collapse:collapse;width:100%}}
th{{text-align:left;font-size:.8rem;color:var(--soft);font-weight:600}}
th,td{{padding:.35rem .5rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}}
tr:last-child td{{border-bottom:0}}
td.n,th.n{{text-align:right;padding-right:0;font-variant-numeric:tabular-nums}}
dl{{margin:0}}
dl.grid{{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.6rem 1.5rem}}
.grid div.wide{{grid-column:1/-1}}
dt{{font-size:.78rem;color:var(--soft)}}
dd{{margin:0;overflow-wrap:anywhere;white-space:pre-wrap;font-variant-numeric:tabular-nums}}
dd dl{{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.4rem 1.5rem;
 border-left:3px solid var(--line);padding-left:.9rem;margin-top:.2rem;white-space:normal}}
.none{{color:#9aa5b1}}
.lack{{color:#8a4b00}}
.gone{{margin:.7rem 0 0;font-size:.85rem;color:var(--soft)}}
footer{{margin-top:3rem;color:var(--soft);font-size:.85rem}}
@page{{margin:18mm 15mm}}
@media print{{
 body{{background:#fff;font-size:10pt}}
 main{{max-width:none;padding:0}}
 .box,article{{border-radius:0}}
 a{{color:inherit}}
}}
"""
POLICY: Final = f"default-src 'none'; style-src {style_hash(STYLE)}; base-uri 'none'; form-action 'none'"


def page(
    contents: Contents, files: Iterable[File], reader: Reader, made_at: str, notice: dict[str, Any]
) -> Iterator[Html]:
    """`notice` is that of privacy.py, in the reader's language."""
    name = (notice["controller"] or "").partition("\n")[0]
    heading = say("your_data_at" if name else "your_data", reader.locale, controller=name)
    yield _head(reader, heading)
    yield _opening(contents, reader, heading, made_at)
    yield _overview(contents, reader)
    yield about(reader.say, notice)
    yield from _kinds(contents, {file.row["id"]: file for file in files}, reader, notice)
    yield _instances(contents, reader)
    yield from _proofs(contents, reader)
    yield Html(f"<footer><p>{reader.say('machines')}</p></footer></main></body></html>\n")


def _head(reader: Reader, heading: str) -> Html:
    return Html(
        f'<!doctype html>\n<html lang="{reader.locale}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{plain(heading)}</title><style>{STYLE}</style></head><body><main>"
    )


def _opening(contents: Contents, reader: Reader, heading: str, made_at: str) -> Html:
    lines = (
        element("p", reader.say("access"), css="act"),
        element("h1", text(heading)),
        element("p", reader.say("for"), Html(" "), text(contents.customer["email"])),
        element("p", reader.say("made_at"), Html(" "), reader.time(made_at)),
        element("p", reader.say("zone", zone=reader.zone.key)),
    )
    return element("header", *lines)


def _overview(contents: Contents, reader: Reader) -> Html:
    head = element("tr", element("th", reader.say("kind")), element("th", reader.say("entries"), css="n"))
    rows = (
        element("tr", element("td", _to_section(name, reader)), element("td", plain(len(rows)), css="n"))
        for name, rows in contents.records.items()
    )
    table = element("table", head, *rows)
    return element("section", element("h2", reader.say("overview")), element("div", table, css="box"))


def _to_section(name: str, reader: Reader) -> Html:
    return Html(f'<a href="#{name}">{reader.title(KINDS[name])}</a>')


def _kinds(contents: Contents, files: dict[str, File], reader: Reader, notice: dict[str, Any]) -> Iterator[Html]:
    told = {kind["name"]: kind for kind in notice["kinds"]}
    for name, rows in contents.records.items():
        kind = KINDS[name]
        yield _kind_heading(kind, len(rows), reader)
        yield promise(reader.say, told[name])
        for row in rows:
            yield card(kind, row, reader, files.get(row["id"]))
        yield Html("</section>")


def _kind_heading(kind: Kind, count: int, reader: Reader) -> Html:
    counted = element("span", plain(count or reader.say("none")), css="count")
    return Html(f'<section id="{kind.name}">{element("h2", reader.title(kind), Html(" "), counted)}')


def _instances(contents: Contents, reader: Reader) -> Html:
    if not contents.instances:
        return Html()
    items = (element("li", text(instance)) for instance in contents.instances)
    used = element("p", reader.say("used_chats"))
    return element("section", element("h2", reader.say("instances")), used, element("ul", *items))


def _proofs(contents: Contents, reader: Reader) -> Iterator[Html]:
    """Each with the titles of the consent of which it is a copy."""
    if contents.proofs:
        yield Html(f'<section id="proofs">{element("h2", reader.say("proofs"))}')
        for proof in contents.proofs:
            yield card(KINDS["consents"], proof, reader)
        yield Html("</section>")
