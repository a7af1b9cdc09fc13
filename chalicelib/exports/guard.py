"""What a spreadsheet would compute when it opens a CSV file: such text gets an apostrophe in front."""

import re

# https://owasp.org/www-community/attacks/CSV_Injection, and the full-width forms that Excel takes for the same.
TRIGGERS = "=+-@\uff1d\uff0b\uff0d\uff20"
HIDING = "\t\r\n"  # in front they hide a formula from the eye
SKIPPED = " \u00a0\u3000\ufeff"  # in front a spreadsheet may skip them
# Phone numbers, points and amounts: digits in groups, nothing to compute. A minus, slash or bracket between digits is.
DIGITS = r"(?:[0-9][0-9 .,]*(?: \([0-9]+\)[0-9 .,]*)?)?"
NUMBER = re.compile(rf"[+-]{DIGITS}")
# Texts of which `guarded` may make something else, among texts with a NUL before each.
SUSPECT = re.compile(rf"\0(?:[{HIDING}{SKIPPED}{TRIGGERS.replace('+-', '')}]|[+-](?!{DIGITS}(?:\0|\Z)))")


def guarded(text: str) -> str:
    """The text as a cell that nobody computes."""
    inner = text.lstrip(HIDING + SKIPPED)
    if text[:1] in tuple(HIDING) or (inner and inner[0] in TRIGGERS and not NUMBER.fullmatch(inner)):
        return "'" + text
    return text
