"""Labels: what an entry is called in a draw. It names nobody, and it is the entrant's own ticket."""

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another
PAIRS = [first + second for first in LETTERS for second in LETTERS]
RANDOM = 2**62 - 1  # the bits of a time-ordered id (UUIDv7) that say nothing of its time


def label(at: str) -> str:
    """`T7Q4-9KXM-2FHW`, from the random part of an entry's time-ordered id, so that a draw need not read the entry.
    30¹² of them: of a million entries two are alike once in a million draws (with ten letters once in a thousand)."""
    rest, a = divmod(int(at[16:], 16) & RANDOM, 900)
    rest, b = divmod(rest, 900)
    rest, c = divmod(rest, 900)
    rest, d = divmod(rest, 900)
    rest, e = divmod(rest, 900)
    return f"{PAIRS[a]}{PAIRS[b]}-{PAIRS[c]}{PAIRS[d]}-{PAIRS[e]}{PAIRS[rest % 900]}"
