"""A certificate proves its draw to anybody: what was changed is found, with all digests made anew, too."""

import hashlib
import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.promotions import order, verify

SECRET = b"a secret of the tests"
LABELS = [f"T7Q4-9KXM-{n:02d}" for n in range(40)]
LIST = "".join(f"{label}\n" for label in LABELS).encode()


def drawn(count: int = 3, alternates: int = 2, number: int = 1, public: str | None = None) -> dict[str, Any]:
    """Of a draw of so many slots; nobody was replaced."""
    code = order.code_of(SECRET, number)
    certificate: dict[str, Any] = {
        "format": verify.FORMAT,
        "draw": "d1",
        "experience": "summer",
        "giveaway": "bike",
        "cut_off": "2026-06-30T22:00:00.000Z",
        "commitment": {
            "sha256": order.commitment(SECRET).hex(),
            "committed_at": "2026-05-01T08:00:00Z",
            "number": number,
        },
        "code": code.hex(),
        "randomness": {"source": "lottery", "named_at": "2026-06-01T08:00:00Z", "value": public} if public else None,
        "labels": {"count": len(LABELS), "sha256": hashlib.sha256(LIST).hexdigest()},
        "skipped": [],
        "drawn": [],
    }
    key = order.key_of(code, verify.randomness_of(certificate))
    for place, (position, label) in enumerate(order.first(key, LABELS, count + alternates), 1):
        certificate["drawn"].append(
            {
                "label": label,
                "position": position.hex(),
                "slot": place if place <= count else None,
                "prize": "E-Bike" if place <= count else None,
                "replaces": None,
                "reason": None,
            }
        )
    return signed(certificate)


def signed(certificate: dict[str, Any]) -> dict[str, Any]:
    return {**certificate, "digest": verify.digest(certificate)}


def replaced(certificate: dict[str, Any]) -> dict[str, Any]:
    """The first alternate takes the slot of the second winner, who was disqualified."""
    changed = deepcopy(certificate)
    winner = changed["drawn"][1]
    changed["drawn"][3] |= {"slot": 2, "prize": winner["prize"], "replaces": winner["label"], "reason": "under age"}
    return signed(changed)


def skipped(certificate: dict[str, Any], place: int = 0) -> dict[str, Any]:
    """Somebody in the middle of the order was left out with a reason, and all behind moved up."""
    changed = deepcopy(certificate)
    left_out = changed["drawn"].pop(place)
    changed["skipped"].append({"label": left_out["label"], "reason": "drawn before"})
    for slot, one in enumerate(changed["drawn"], 1):
        one |= {"slot": slot if slot <= 3 else None}
    return signed(changed)


def test_an_untouched_certificate_is_valid_and_says_what_is_proven() -> None:
    findings = verify.verify(drawn(), LIST)
    assert "the 5 drawn are the first of it" in findings[0]
    assert order.commitment(SECRET).hex() in findings[1]


@pytest.mark.parametrize("number", [1, 2, order.CODES])
def test_later_draws_of_the_same_commitment_are_valid(number: int) -> None:
    verify.verify(drawn(number=number), LIST)


def test_public_randomness_is_named_for_everybody_to_compare() -> None:
    assert "4 8 15 16 23 42" in verify.verify(drawn(public="4 8 15 16 23 42"), LIST)[-1]


def test_a_disqualified_winner_is_replaced_by_the_next_in_order() -> None:
    verify.verify(replaced(drawn()), LIST)


def test_who_was_skipped_with_a_reason_moves_nobody_out_of_order() -> None:
    verify.verify(skipped(drawn()), LIST)


def test_a_draw_without_commitment_proves_its_order_and_says_that_its_fairness_is_not_proven() -> None:
    findings = verify.verify(signed({**drawn(), "commitment": None}), LIST)
    assert "fairness cannot" in findings[-1]


def values(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values in it."""
    if isinstance(content, dict | list):
        for name, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield from values(value, (*path, name))
    else:
        yield path


def changed(certificate: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copy = deepcopy(certificate)
    within: Any = copy
    for name in path[:-1]:
        within = within[name]
    within[path[-1]] = value
    return copy


@pytest.mark.parametrize("path", list(values(replaced(skipped(drawn(alternates=3), 1)))), ids=str)
def test_a_change_of_any_value_is_found(path: tuple[Any, ...]) -> None:
    certificate = replaced(skipped(drawn(alternates=3), 1))
    verify.verify(certificate, LIST)
    for value in (None, 7, "x", "T7Q4-9KXM-01", True):
        other = changed(certificate, path, value)
        if other != certificate:
            with pytest.raises(verify.Invalid):
                verify.verify(other, LIST)


@settings(max_examples=300)
@given(place=st.integers(0, len(LIST) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_of_the_list_is_found(place: int, byte: int) -> None:
    other = LIST[:place] + bytes([byte]) + LIST[place + 1 :]
    if other != LIST:
        with pytest.raises(verify.Invalid):
            verify.verify(drawn(), other)


def swap_winners(certificate: dict[str, Any]) -> None:
    first, second = certificate["drawn"][0], certificate["drawn"][1]
    for name in ("label", "position"):
        first[name], second[name] = second[name], first[name]


def give_to_a_friend(certificate: dict[str, Any]) -> None:
    certificate["drawn"][0]["label"] = next(one for one in LABELS if one not in str(certificate["drawn"]))


def give_to_a_friend_in_his_place(certificate: dict[str, Any]) -> None:
    key = order.key_of(bytes.fromhex(certificate["code"]), verify.randomness_of(certificate))
    give_to_a_friend(certificate)
    certificate["drawn"][0]["position"] = order.position(key, certificate["drawn"][0]["label"]).hex()


def skip_without_reason(certificate: dict[str, Any]) -> None:
    certificate |= skipped(certificate)
    certificate["skipped"][0]["reason"] = ""


def skip_somebody_who_was_not_next(certificate: dict[str, Any]) -> None:
    certificate["skipped"].append({"label": "nobody", "reason": "just so"})


def take_another_code(certificate: dict[str, Any]) -> None:
    """And draw again with it, rightly: a secret that suits the drawer better."""
    certificate["code"] = secrets.token_bytes(32).hex()
    key = order.key_of(bytes.fromhex(certificate["code"]), verify.randomness_of(certificate))
    for one, (position, label) in zip(certificate["drawn"], order.first(key, LABELS, 5), strict=True):
        one |= {"position": position.hex(), "label": label}


def pass_over_an_alternate(certificate: dict[str, Any]) -> None:
    winner = certificate["drawn"][0]
    certificate["drawn"][4] |= {"slot": 1, "replaces": winner["label"], "reason": "just so"}


def replace_without_reason(certificate: dict[str, Any]) -> None:
    certificate["drawn"][3] |= {"slot": 1, "replaces": certificate["drawn"][0]["label"]}


def replace_somebody_who_holds_no_slot(certificate: dict[str, Any]) -> None:
    certificate["drawn"][3] |= {"slot": 1, "replaces": certificate["drawn"][1]["label"], "reason": "just so"}


def drop_the_last(certificate: dict[str, Any]) -> None:
    certificate["labels"]["count"] -= 1


FORGERIES: list[Callable[[dict[str, Any]], None]] = [
    swap_winners,
    give_to_a_friend,
    give_to_a_friend_in_his_place,
    skip_without_reason,
    skip_somebody_who_was_not_next,
    take_another_code,
    pass_over_an_alternate,
    replace_without_reason,
    replace_somebody_who_holds_no_slot,
    drop_the_last,
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_found_though_its_digest_was_made_anew(forge: Callable[[dict[str, Any]], None]) -> None:
    certificate = deepcopy(drawn())
    forge(certificate)
    with pytest.raises(verify.Invalid):
        verify.verify(signed(certificate), LIST)


def test_a_list_with_somebody_added_or_twice_is_found_though_the_digests_were_made_anew() -> None:
    for entrants in ([*LABELS, LABELS[0]], [*LABELS, "another"]):
        content = "".join(f"{one}\n" for one in entrants).encode()
        labels = {"count": len(entrants), "sha256": hashlib.sha256(content).hexdigest()}
        certificate = signed({**drawn(), "labels": labels})
        if entrants[-1] == LABELS[0]:
            with pytest.raises(verify.Invalid, match="twice"):
                verify.verify(certificate, content)


@pytest.mark.parametrize("content", [{}, [], None, {"format": verify.FORMAT}, {**drawn(), "labels": None}], ids=str)
def test_what_is_no_certificate_is_invalid_and_no_crash(content: Any) -> None:
    with pytest.raises(verify.Invalid):
        verify.verify(content, LIST)


def run(directory: Path, certificate: Any, labels: bytes) -> subprocess.CompletedProcess[str]:
    (directory / "certificate.json").write_text(json.dumps(certificate))
    (directory / "labels.txt").write_bytes(labels)
    command = [sys.executable, "-I", "-S", "-c", PROGRAM, "certificate.json", "labels.txt"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True)


# Without site-packages (-I -S): the standard library and the two modules themselves.
ROOT = Path(verify.__file__).parents[2]
PROGRAM = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from chalicelib.promotions.verify import main; sys.exit(main())"
)


def test_the_command_needs_the_standard_library_only_and_says_valid_or_what_is_wrong(tmp_path: Path) -> None:
    valid = run(tmp_path, drawn(), LIST)
    assert (valid.returncode, valid.stdout.split("\n")[0], valid.stderr) == (0, "VALID.", "")
    invalid = run(tmp_path, drawn(), LIST[:-1] + b"x\n")
    assert invalid.returncode == 1
    assert invalid.stderr.startswith("INVALID. The list is not")
