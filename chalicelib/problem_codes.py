"""Every problem code with its HTTP status and its words in English and German; what one finds when adding an error."""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """One text in the languages the service speaks; `{name}` is filled from the problem's values."""

    en: str
    de: str


class Code(NamedTuple):
    status: int
    title: Words
    detail: Words


CODES: Final[dict[str, Code]] = {
    # 400
    "malformed_json": Code(
        400,
        Words("The body is not JSON", "Der Inhalt ist kein JSON"),
        Words("The body could not be read: {reason}.", "Der Inhalt ist nicht lesbar: {reason}."),
    ),
    "idempotency_key_missing": Code(
        400,
        Words("Idempotency-Key is missing", "Idempotency-Key fehlt"),
        Words("Send the header Idempotency-Key with this call.", "Senden Sie den Header Idempotency-Key mit."),
    ),
    "idempotency_key_invalid": Code(
        400,
        Words("Idempotency-Key is not valid", "Idempotency-Key ist ungültig"),
        Words("The key is 1 to 255 visible ASCII characters.", "Der Schlüssel hat 1 bis 255 sichtbare ASCII-Zeichen."),
    ),
    # 401, 403
    "unauthenticated": Code(
        401,
        Words("Sign in first", "Bitte zuerst anmelden"),
        Words("A valid token or key is needed.", "Ein gültiges Token oder ein gültiger Schlüssel ist nötig."),
    ),
    "role_missing": Code(
        403,
        Words("A role is missing", "Eine Rolle fehlt"),
        Words("This needs the role {role}.", "Dafür ist die Rolle {role} nötig."),
    ),
    "experience_not_allowed": Code(
        403,
        Words("The key is for another experience", "Der Schlüssel gilt für eine andere Experience"),
        Words("This key may be used for {experience} only.", "Dieser Schlüssel gilt nur für {experience}."),
    ),
    # 404, 405, 410
    "not_found": Code(
        404,
        Words("Not found", "Nicht gefunden"),
        Words("Nothing is here, or no longer.", "Hier ist nichts, oder nichts mehr."),
    ),
    "kind_unknown": Code(
        404,
        Words("Unknown kind", "Unbekannte Art"),
        Words("There is no such kind of record; see /v1/kinds.", "Diese Art gibt es nicht; siehe /v1/kinds."),
    ),
    "record_unknown": Code(
        404,
        Words("Unknown record", "Unbekannter Eintrag"),
        Words("This record does not exist, or no longer.", "Diesen Eintrag gibt es nicht, oder nicht mehr."),
    ),
    "key_unknown": Code(
        404,
        Words("Unknown key", "Unbekannter Schlüssel"),
        Words("This key does not exist, or no longer.", "Diesen Schlüssel gibt es nicht, oder nicht mehr."),
    ),
    "webhook_unknown": Code(
        404,
        Words("Unknown webhook", "Unbekannter Webhook"),
        Words("This webhook does not exist, or no longer.", "Diesen Webhook gibt es nicht, oder nicht mehr."),
    ),
    "delivery_unknown": Code(
        404,
        Words("Unknown delivery", "Unbekannte Zustellung"),
        Words("Deliveries can be seen and sent again for 7 days.", "Zustellungen sind 7 Tage lang da."),
    ),
    "job_unknown": Code(
        404,
        Words("Unknown job", "Unbekannter Auftrag"),
        Words("This job does not exist, or no longer.", "Diesen Auftrag gibt es nicht, oder nicht mehr."),
    ),
    "draw_unknown": Code(
        404,
        Words("Unknown draw", "Unbekannte Ziehung"),
        Words("There is no such draw.", "Diese Ziehung gibt es nicht."),
    ),
    "trace_unknown": Code(
        404,
        Words("Unknown trace", "Unbekannter Trace"),
        Words(
            "Nothing is known of this trace, or no longer: the log is kept for 7 days.",
            "Von diesem Trace ist nichts bekannt, oder nichts mehr: Das Log wird 7 Tage aufbewahrt.",
        ),
    ),
    "receipt_unknown": Code(
        404,
        Words("Unknown receipt", "Unbekannter Beleg"),
        Words(
            "There is no such receipt, not yet or no longer.", "Diesen Beleg gibt es nicht, noch nicht oder nicht mehr."
        ),
    ),
    "package_unknown": Code(
        404,
        Words("No such package", "Kein solches Paket"),
        Words("This job made no package, or it is gone.", "Dieser Auftrag hat kein Paket, oder es ist gelöscht."),
    ),
    "job_file_unknown": Code(
        404,
        Words("The job has no file", "Der Auftrag hat keine Datei"),
        Words("It makes none, or is not finished yet.", "Er erzeugt keine oder ist noch nicht fertig."),
    ),
    "import_unknown": Code(
        404,
        Words("Unknown import", "Unbekannter Import"),
        Words("This import does not exist, or no longer.", "Diesen Import gibt es nicht, oder nicht mehr."),
    ),
    "experience_unknown": Code(
        404,
        Words("Unknown experience", "Unbekannte Experience"),
        Words("Create the experience first.", "Legen Sie die Experience zuerst an."),
    ),
    "giveaway_unknown": Code(
        404,
        Words("Unknown giveaway", "Unbekannte Verlosung"),
        Words("The experience has no such giveaway.", "Die Experience hat keine solche Verlosung."),
    ),
    "instant_win_unknown": Code(
        404,
        Words("Unknown instant win", "Unbekannter Sofortgewinn"),
        Words("The experience has no such instant win.", "Die Experience hat keinen solchen Sofortgewinn."),
    ),
    "reward_unknown": Code(
        404,
        Words("Unknown reward", "Unbekannte Prämie"),
        Words("The experience has no such reward.", "Die Experience hat keine solche Prämie."),
    ),
    "customer_unknown": Code(
        404,
        Words("Unknown customer", "Unbekannter Kunde"),
        Words("Send a sign-in first.", "Senden Sie zuerst eine Anmeldung (sign-in)."),
    ),
    "transaction_unknown": Code(
        404,
        Words("Unknown transaction", "Unbekannte Buchung"),
        Words("There is no such transaction, or no longer.", "Diese Buchung gibt es nicht, oder nicht mehr."),
    ),
    "method_not_allowed": Code(
        405,
        Words("Method not allowed", "Methode nicht erlaubt"),
        Words("This address does not answer that method.", "Diese Adresse kennt die Methode nicht."),
    ),
    "erased": Code(
        410,
        Words("Erased", "Gelöscht"),
        Words("What this call recorded was erased.", "Was dieser Aufruf gespeichert hatte, wurde gelöscht."),
    ),
    "job_file_gone": Code(
        410,
        Words("The file is gone", "Die Datei ist nicht mehr da"),
        Words(
            "Its time is over, or a person in it was erased; start the job again.",
            "Ihre Zeit ist abgelaufen, oder eine Person darin wurde gelöscht; starten Sie den Auftrag neu.",
        ),
    ),
    # 409, 412, 428
    "in_progress": Code(
        409,
        Words("Still in progress", "Noch in Arbeit"),
        Words("The same call is still running; send it again.", "Derselbe Aufruf läuft noch; senden Sie ihn erneut."),
    ),
    "customer_mismatch": Code(
        409,
        Words("Two different customers", "Zwei verschiedene Kunden"),
        Words("customer_id and email name different customers.", "customer_id und email nennen verschiedene Kunden."),
    ),
    "customer_erasing": Code(
        409,
        Words("The customer is being erased", "Der Kunde wird gerade gelöscht"),
        Words("Sign in again when that is done.", "Melden Sie den Kunden danach neu an."),
    ),
    "email_taken": Code(
        409,
        Words("The address belongs to another customer", "Die Adresse gehört einem anderen Kunden"),
        Words("Another customer has this e-mail address.", "Ein anderer Kunde hat diese E-Mail-Adresse."),
    ),
    "not_cancellable": Code(
        409,
        Words("This job cannot be cancelled", "Dieser Auftrag lässt sich nicht abbrechen"),
        Words(
            "What it deletes has been hidden since it was started.",
            "Was er löscht, ist seit seinem Start nicht mehr zu sehen.",
        ),
    ),
    "job_ended": Code(
        409,
        Words("The job has ended", "Der Auftrag ist beendet"),
        Words("There is nothing left to cancel.", "Es gibt nichts mehr abzubrechen."),
    ),
    "too_many_webhooks": Code(
        409,
        Words("Too many webhooks", "Zu viele Webhooks"),
        Words("A tenant has at most {most}. Please delete one.", "Es sind höchstens {most}. Bitte löschen Sie einen."),
    ),
    "webhook_disabled": Code(
        409,
        Words("The webhook is disabled", "Der Webhook ist abgeschaltet"),
        Words("Enable it first, by saving it again.", "Schalten Sie ihn erst ein, indem Sie ihn neu speichern."),
    ),
    "delivery_under_way": Code(
        409,
        Words("It is being delivered", "Die Zustellung läuft"),
        Words("Please try again in a minute.", "Bitte versuchen Sie es in einer Minute wieder."),
    ),
    "draw_unfinished": Code(
        409,
        Words("The draw is not finished", "Die Ziehung ist nicht fertig"),
        Words("Ask again when it is done.", "Fragen Sie wieder, wenn sie fertig ist."),
    ),
    "not_waiting": Code(
        409,
        Words("The draw waits for no value", "Die Ziehung wartet auf keinen Wert"),
        Words(
            "None was named, it was told already, or the list of labels is not fixed yet.",
            "Keiner wurde benannt, er ist schon bekannt, oder die Liste der Lose steht noch nicht fest.",
        ),
    ),
    "not_the_winner": Code(
        409,
        Words("Not the winner of a slot", "Kein Gewinner eines Platzes"),
        Words(
            "This record holds no slot of this draw, or no longer.",
            "Dieser Eintrag hat keinen Platz in dieser Ziehung, oder nicht mehr.",
        ),
    ),
    "state_conflict": Code(
        409,
        Words("The state does not allow that", "Der Zustand lässt das nicht zu"),
        Words("The winner is {state}.", "Der Gewinn ist im Zustand {state}."),
    ),
    "import_running": Code(
        409,
        Words("The import is still running", "Der Import läuft noch"),
        Words("Wait for its job to end, or cancel it first.", "Warten Sie, bis er endet, oder brechen Sie ihn ab."),
    ),
    "still_open": Code(
        409,
        Words("The giveaway is still open", "Die Verlosung läuft noch"),
        Words("Draw after it has closed.", "Ziehen Sie nach dem Ende."),
    ),
    "precondition_failed": Code(
        412,
        Words("Changed in the meantime", "Inzwischen geändert"),
        Words("Someone else saved this; read it again.", "Jemand anderes hat gespeichert; bitte neu lesen."),
    ),
    "precondition_missing": Code(
        428,
        Words("If-Match is missing", "If-Match fehlt"),
        Words("Send the ETag you read as If-Match.", "Senden Sie das gelesene ETag als If-Match."),
    ),
    # 413, 415
    "too_large": Code(
        413,
        Words("The body is too large", "Der Inhalt ist zu groß"),
        Words("At most {limit} bytes are taken.", "Höchstens {limit} Bytes werden angenommen."),
    ),
    "not_json": Code(
        415,
        Words("Not JSON", "Kein JSON"),
        Words("Send Content-Type: application/json.", "Senden Sie Content-Type: application/json."),
    ),
    # 422
    "validation": Code(
        422,
        Words("Some values are not valid", "Einige Angaben sind ungültig"),
        Words("See errors; nothing was recorded.", "Siehe errors; nichts wurde gespeichert."),
    ),
    "idempotency_key_reused": Code(
        422,
        Words("Idempotency-Key was used for another body", "Idempotency-Key gehört zu anderem Inhalt"),
        Words("Use a new key for a new body.", "Nehmen Sie für neuen Inhalt einen neuen Schlüssel."),
    ),
    "giveaway_ambiguous": Code(
        422,
        Words("Which giveaway?", "Welche Verlosung?"),
        Words("The experience has several; name one.", "Die Experience hat mehrere; nennen Sie eine."),
    ),
    "time_out_of_range": Code(
        422,
        Words("The time is out of range", "Der Zeitpunkt liegt außerhalb"),
        Words("A record of that time would never be seen.", "Ein Eintrag dieser Zeit wäre nie zu sehen."),
    ),
    "filter_unknown": Code(
        422,
        Words("Unknown filter", "Unbekannter Filter"),
        Words("This list has no filter {filter}.", "Diese Liste hat keinen Filter {filter}."),
    ),
    "cursor_invalid": Code(
        422,
        Words("The cursor is not valid", "Der Cursor ist ungültig"),
        Words("Take next from the same list and filter.", "Nehmen Sie next aus derselben Liste mit gleichem Filter."),
    ),
    "too_few_entrants": Code(
        422,
        Words("Too few entrants", "Zu wenige Teilnahmen"),
        Words("{alive} entrants are alive.", "{alive} Teilnahmen sind vorhanden."),
    ),
    # 429, 5xx
    "rate_limited": Code(
        429,
        Words("Too many calls", "Zu viele Aufrufe"),
        Words("Wait for Retry-After, then send it again.", "Warten Sie Retry-After ab und senden Sie erneut."),
    ),
    "internal": Code(
        500,
        Words("Something failed here", "Hier ist etwas schiefgegangen"),
        Words("Send it again; the trace id finds the cause.", "Senden Sie erneut; die Trace-Id führt zur Ursache."),
    ),
    "unavailable": Code(
        503,
        Words("Unavailable for a moment", "Kurz nicht verfügbar"),
        Words("Wait for Retry-After, then send it again.", "Warten Sie Retry-After ab und senden Sie erneut."),
    ),
}
