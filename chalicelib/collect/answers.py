"""What the Collect API answers to each type of event, for the OpenAPI document: outcomes, and what is beside them."""

from typing import Any

from chalicelib.schemas import ANYTHING, FLAG, TEXT, TIME, WHOLE, Schema, maybe, members

KEPT: dict[str, Schema] = {"id": TEXT, "created_at": TIME, "expires_at": TIME}
PRIZE = maybe(members({"id": TEXT, "name": TEXT}))
WIN = members({"winner_id": TEXT, "prize": ANYTHING, "respond_by": maybe(TIME)})
STATUSES: Schema = {"type": "object", "additionalProperties": TEXT}
BRIEF = {"points": WHOLE, "consents": STATUSES, "wins": {"type": "array", "items": WIN}}
NAMES: Schema = {"type": "array", "items": TEXT}
UPLOAD = members({"url": TEXT, "fields": {"type": "object", "additionalProperties": TEXT}, "expires_at": TIME})

ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sign-ins": (
        "registered recognised",
        {"customer_id": TEXT, "registered_at": TIME, "state": members(BRIEF)},
    ),
    "consents": ("recorded unchanged", {"consent": TEXT, "status": TEXT, "text_sha256": maybe(TEXT)}),
    "variables": ("stored partly_stored not_stored unchanged", {"stored": NAMES, "not_stored": NAMES}),
    "participations": (
        "entered already_entered not_open closed",
        {"giveaway": TEXT, "ticket": TEXT, "next_entry_at": maybe(TIME), "draw_at": maybe(TEXT)},
    ),
    "instant-wins": (
        "won not_won already_played not_open closed",
        {"instant_win": TEXT, "ticket": TEXT, "prize": PRIZE, "next_try_at": maybe(TIME)},
    ),
    "coupon-claims": ("issued already_issued none_left", {"code": TEXT, "issued_at": TIME}),
    "code-redemptions": (
        "redeemed already_yours taken unknown slow_down",
        {"points": WHOLE, "win": FLAG, "balance": WHOLE, "retry_after_s": WHOLE},
    ),
    "points": ("booked reversed already_reversed insufficient", {"amount": maybe(WHOLE), "balance": WHOLE}),
    "reward-redemptions": ("redeemed insufficient out_of_stock limit_reached", {"cost": WHOLE, "balance": WHOLE}),
    "files": ("upload_ready ready refused", {"file_id": TEXT, "upload": maybe(UPLOAD)}),
    "log-entries": ("recorded", {}),
    "winner-answers": ("accepted declined too_late", {"respond_by": maybe(TIME)}),
    "erasures": ("started nothing_kept", {"job": maybe(TEXT), "receipt": maybe(TEXT)}),
    "state": (
        "state",
        {
            "customer_id": TEXT,
            "registered_at": TIME,
            **BRIEF,
            "giveaways": {"type": "object", "additionalProperties": members({"entered": FLAG})},
            "coupon": maybe(members({"code": TEXT})),
        },
    ),
}


def of(type: str) -> Schema:
    outcomes, own = ANSWERS[type]
    return members({"type": {"const": type}, "outcome": {"enum": outcomes.split()}}, KEPT | own)
