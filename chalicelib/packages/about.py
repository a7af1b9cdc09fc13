"""The information of Article 15(1) GDPR in an access package, made of the tenant's privacy notice."""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.packages.markup import Html, element, pairs, text

Say = Callable[[str], Html]


def about(say: Say, notice: dict[str, Any]) -> Html:
    """Who is responsible, categories, recipients, rights, source; purposes and times are with each kind."""
    who = [(say(name), _or_not(say, notice[name])) for name in ("controller", "contact", "dpo", "authority")]
    also = (f"{one['what']}: {one['kept']}" for one in notice["also"])
    rights = (f"{right['article']}: {right['text']}" for right in notice["rights"])
    facts = [
        *who,
        (say("categories"), text(", ".join(kind["title"] for kind in notice["kinds"]))),
        (say("retention"), say("each_has")),
        (say("recipients"), _list(notice["recipients"])),
        (say("source"), say("source_says")),
        (say("rights"), _list(rights)),
        (say("proof_of_consent"), text(notice["proof"]["text"])),
        (say("also"), _list(also)),
    ]
    return element("section", element("h2", say("about")), element("div", pairs(facts), css="box"), css="about")


def promise(say: Say, kind: dict[str, Any]) -> Html:
    """What one kind is for, what it holds and how long it is kept."""
    told = {"purpose": kind["purpose"], "holds": ", ".join(kind["columns"]), "kept": kind["kept"]}
    return element("div", pairs([(say(name), text(words)) for name, words in told.items()]), css="promise")


def _or_not(say: Say, words: str | None) -> Html:
    return text(words) if words else element("span", say("not_told"), css="none")


def _list(items: Iterable[str]) -> Html:
    return element("ul", *(element("li", text(item)) for item in items))
