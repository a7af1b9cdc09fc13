"""The order of entrants, against the vectors of draft-thomson-elegy-vrs and against chance."""

import random

import pytest

from chalicelib.promotions import order

SECRET = b"totally not a bikeshed"
RANDOMNESS = b"1.2.3.4.5.6./1.2.3.4.5.6./1.2.3.4.5.6./"
HASHED = {
    8: "2f70f884997ce80771adbefbbbc6c71a1b921da71896c25ca0f64966bfd0c8ce",
    9: "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456",
    10: "950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488",
}
POSITIONS = {
    9: {
        "lavenderblush": "002ed527ae0a44a86c205d1cdba61826951a2ffb53c13729c3762eea04e21676",
        "blue": "03f710be2b61a6f9c3f89aa5ab553b81abb5fc9817865ac29b5b62dcfbaf431f",
        "darkgoldenrod": "08bab81380d7f0769cecf9969a8d9c04ad9156dfe03a6d6d0ed777734620d0e5",
        "mediumvioletred": "0c26494fa81f3aed8a9f66e77b73a1a9a2881762dee2e7f24858bfa8d78a5c4d",
    },
    8: {
        "aqua": "00d1c59a9f1b581060a9e732e91bc477ef7d916e9eb18e53cffe816502fbdeda",
        "darkgray": "02b514b0b1807bfe086db524f40962b2be272880c2bfeb55a7be136e8b5580a4",
        "cornflowerblue": "0337add95eac62a356b020a273a749935aa777faa226d733f41594ec88d35885",
    },
}


@pytest.mark.parametrize("times", HASHED)
def test_a_secret_is_hashed_as_in_the_draft(times: int) -> None:
    assert order.hashed(SECRET, times).hex() == HASHED[times]


@pytest.mark.parametrize("times", POSITIONS)
def test_labels_get_the_positions_of_the_draft(times: int) -> None:
    key = order.key_of(order.hashed(SECRET, times), RANDOMNESS)
    expected = POSITIONS[times]
    assert {label: order.position(key, label).hex() for label in expected} == expected
    assert [label for _, label in order.first(key, reversed(expected), 2)] == list(expected)[:2]


def test_the_code_of_each_draw_leads_to_that_of_the_draw_before_and_to_the_commitment() -> None:
    first, second = order.code_of(SECRET, 1), order.code_of(SECRET, 2)
    assert order.hashed(first, 1) == order.commitment(SECRET)
    assert order.hashed(second, 1) == first
    assert order.hashed(order.code_of(SECRET, order.CODES), order.CODES) == order.commitment(SECRET)


@pytest.mark.parametrize("number", [0, -1, order.CODES + 1])
def test_there_is_no_code_beyond_the_chain(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        order.code_of(SECRET, number)


def test_leaving_somebody_out_moves_nobody_else() -> None:
    labels = [f"label {n}" for n in range(100)]
    key = order.key_of(SECRET, RANDOMNESS)
    everybody = [label for _, label in order.first(key, labels, 100)]
    gone = set(random.Random(7).sample(labels, 30))
    staying = [label for label in labels if label not in gone]
    assert [label for _, label in order.first(key, staying, 70)] == [one for one in everybody if one not in gone]
