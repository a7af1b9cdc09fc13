"""What can be wrong with one value: the stable short codes of `errors[]` and pydantic's names for them."""

from typing import Final

from chalicelib.problem_codes import Words

FIELD_CODES: Final[dict[str, Words]] = {
    "missing": Words("is required", "ist erforderlich"),
    "unknown_member": Words("is not a known member here", "ist hier nicht bekannt"),
    "unknown_type": Words("is not a known type; known: {known}", "ist kein bekannter Typ; bekannt: {known}"),
    "not_allowed": Words("must be one of {expected}", "muss eines von {expected} sein"),
    "wrong_format": Words("does not match {pattern}", "entspricht nicht {pattern}"),
    "too_long": Words("is longer than {max_length} characters", "ist länger als {max_length} Zeichen"),
    "too_short": Words("is shorter than {min_length} characters", "ist kürzer als {min_length} Zeichen"),
    "too_many_bytes": Words("has more than {max_bytes} bytes as UTF-8", "hat mehr als {max_bytes} Bytes in UTF-8"),
    "too_many": Words("has more than {max_length} entries", "hat mehr als {max_length} Einträge"),
    "too_few": Words("has fewer than {min_length} entries", "hat weniger als {min_length} Einträge"),
    "too_small": Words("is below {least}", "liegt unter {least}"),
    "too_big": Words("is above {most}", "liegt über {most}"),
    "not_a_string": Words("must be a string", "muss eine Zeichenkette sein"),
    "not_a_number": Words("must be a number", "muss eine Zahl sein"),
    "not_a_whole_number": Words("must be a whole number", "muss eine ganze Zahl sein"),
    "not_a_boolean": Words("must be true or false", "muss true oder false sein"),
    "not_an_object": Words("must be an object", "muss ein Objekt sein"),
    "not_a_list": Words("must be a list", "muss eine Liste sein"),
    "not_a_plain_value": Words(
        "must be a string, a number, true, false or null", "muss Zeichenkette, Zahl, true, false oder null sein"
    ),
    "not_a_date": Words("must be a day as 1990-12-31", "muss ein Tag wie 1990-12-31 sein"),
    "not_a_time": Words(
        "must be a time with offset as 2026-05-21T08:00:00Z", "muss eine Zeit mit Offset wie 2026-05-21T08:00:00Z sein"
    ),
    "not_an_email": Words("is not an e-mail address: {reason}", "ist keine E-Mail-Adresse: {reason}"),
    "not_a_uuid": Words("must be a UUID", "muss eine UUID sein"),
    "not_an_address": Words(
        "must be https:// with the name of a public host and without a password",
        "muss https:// mit dem Namen eines öffentlichen Rechners und ohne Kennwort sein",
    ),
    "not_an_ip": Words("must be an IPv4 or IPv6 address", "muss eine IPv4- oder IPv6-Adresse sein"),
    "not_a_name": Words("is not a name that matches {pattern}", "ist kein Name, der {pattern} entspricht"),
    "control_character": Words(
        "holds a NUL character, which cannot be kept", "enthält ein NUL-Zeichen, das nicht gespeichert werden kann"
    ),
    "not_here": Words("must not be given here: {reason}", "darf hier nicht stehen: {reason}"),
    "not_zero": Words("must not be 0", "darf nicht 0 sein"),
    "twice": Words("appears twice", "kommt doppelt vor"),
    "not_after": Words("must be after {earlier}", "muss nach {earlier} liegen"),
    "too_early": Words("must not be before {earlier}", "darf nicht vor {earlier} liegen"),
    "not_its_sha256": Words("is not the SHA-256 of {member}", "ist nicht der SHA-256 von {member}"),
    "too_deep": Words("is nested deeper than {most} levels", "ist tiefer als {most} Ebenen geschachtelt"),
    "one_needed": Words("one of {members} is needed", "eines von {members} ist nötig"),
    "one_of": Words("exactly one of {members} is needed", "genau eines von {members} ist nötig"),
    "invalid": Words("is not valid", "ist ungültig"),
}

# https://docs.pydantic.dev/latest/errors/validation_errors/ ; a custom error's type is one of FIELD_CODES already.
PYDANTIC: Final[dict[str, str]] = {
    "missing": "missing",
    "extra_forbidden": "unknown_member",
    "literal_error": "not_allowed",
    "string_pattern_mismatch": "wrong_format",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_type": "not_a_string",
    "string_unicode": "not_a_string",
    "too_long": "too_many",
    "too_short": "too_few",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_big",
    "less_than_equal": "too_big",
    "int_type": "not_a_whole_number",
    "int_from_float": "not_a_whole_number",
    "int_parsing": "not_a_whole_number",
    "int_parsing_size": "not_a_whole_number",
    "float_type": "not_a_number",
    "float_parsing": "not_a_number",
    "finite_number": "not_a_number",
    "bool_type": "not_a_boolean",
    "bool_parsing": "not_a_boolean",
    "dict_type": "not_an_object",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "list_type": "not_a_list",
    "tuple_type": "not_a_list",
    "date_type": "not_a_date",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "datetime_type": "not_a_time",
    "datetime_parsing": "not_a_time",
    "datetime_from_date_parsing": "not_a_time",
    "timezone_aware": "not_a_time",
    "uuid_type": "not_a_uuid",
    "uuid_parsing": "not_a_uuid",
}
