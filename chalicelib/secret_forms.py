"""Secrets, tokens, bank accounts and payment cards in free text, known by the name before them, or by their form and
check digits. Every pattern is bounded, so that a text of any sort is read in linear time."""

import re
from typing import Final

SECRET: Final = "[secret]"

# Names with a prefix are meant, too: `X-Api-Key`, `db_password`, `clientSecret`. Counts of `tokens` are none.
_NAME: Final = (
    r"(?:pass(?:word|wd|phrase|code|wort)s?|kennwort|pwd|secrets?|token(?!s)|credentials?|authorization|(?:set-)?cookies?"
    r"|(?:api|access|private|subscription|signing|sealing|shared|account|encryption)[-_ ]?keys?"
    r"|signature|session[-_ ]?id|sessid|csrf|xsrf|otp|cvv|cvc)"
)
_SECRET_NAME: Final = re.compile(rf"{_NAME}$", re.IGNORECASE)
# the name, perhaps a closing quote; `=` or `:`; the value in quotes, or a scheme and a word
_NAMED: Final = re.compile(
    rf"""({_NAME}(?:\\?["'])?\s{{0,3}}(?:=>?|:|%3[ad])\s{{0,3}})"""
    r"""("(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|\\"(?:[^"\\\n]|\\[^"\n])*(?:\\")?"""
    r"""|(?:(?:bearer|basic|digest|negotiate|token|apikey)\s{1,3})?[^\s"'&,;<>{}\[\]]+)""",
    re.IGNORECASE,
)
# A line of a header: cookies and signatures have blanks, commas and semicolons of their own.
_HEADER: Final = re.compile(
    r"""\b((?:proxy-)?authorization|(?:set-)?cookie|[\w-]{0,40}signature)(\s{0,3}:\s{0,3})(?=[^\s"'\\\[])[^\r\n"']+""",
    re.IGNORECASE,
)
_FORMS: Final = (
    (
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        SECRET,
    ),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}"), "[token]"),  # JWS and JWE
    (re.compile(r"\b(bearer|basic)(\s{1,3})(?=[a-z.~+/-]*[\d=_])[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1\2{SECRET}"),
    # our keys, Stripe's, GitHub's, GitLab's, Slack's, Standard Webhooks', Google's, OpenAI's, SendGrid's
    (
        re.compile(
            r"\b(?:[a-z]{2}_(?:live|test)_\w{6,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{8,}"
            r"|whsec_[\w+/=-]{8,}|AIza[\w-]{30,}|ya29\.[\w.-]{10,}|sk-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})"
        ),
        "[token]",
    ),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b"), SECRET),  # ids of AWS credentials
    (re.compile(r"""(://)[^\s/?#@:"'<>]{0,256}:[^\s/?#@"'<>]{1,256}@"""), rf"\1{SECRET}@"),  # user:password@host
)
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[A-Za-z0-9]{11,30}"
    r"|(?:([ \u00a0\u202f-])[A-Za-z0-9]{4}(?:\1[A-Za-z0-9]{4}){1,6}(?:\1[A-Za-z0-9]{1,3})?))(?![A-Za-z0-9])"
)
# Of each country that has them, from the registry of ISO 13616.
_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_CARD: Final = re.compile(r"(?<![\w.-])(?:3[47]|[2456]\d)(?:[ -]?\d){12,17}(?![\w-])")


def is_secret_name(name: str) -> bool:
    """Whether what a member of that name holds is a secret."""
    return _SECRET_NAME.search(name) is not None


def without_secrets(text: str) -> str:
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    text = _NAMED.sub(_hidden, _HEADER.sub(rf"\1\2{SECRET}", text))
    return _CARD.sub(_card, _IBAN.sub(_iban, text))


def _hidden(found: re.Match[str]) -> str:
    """In the quotes that it had: JSON stays JSON."""
    value = found[2]
    quote = next((one for one in ('\\"', '"', "'") if value.startswith(one)), "")
    closed = len(value) > len(quote) and value.endswith(quote)
    return f"{found[1]}{quote}{SECRET}{quote if closed else ''}"


def _iban(found: re.Match[str]) -> str:
    """By its country's length and its check digits (ISO 7064, mod 97-10); in groups, short words may follow it."""
    text, between = found[0], found[1]
    length = _LENGTHS.get(text[:2].upper(), 0)
    end = length + (length - 1) // 4 if between else length
    number = re.sub("[^A-Z0-9]", "", text[:end].upper())
    if len(number) != length or not length or text[end : end + 1].isalnum():
        return text
    moved = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return "[iban]" + text[end:] if int(moved) % 97 == 1 else text


def _card(found: re.Match[str]) -> str:
    """By the digit of Luhn."""
    digits = [int(character) for character in found[0] if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return found[0] if (sum(digits[-1::-2]) + sum(doubled)) % 10 else "[card]"
