"""The sentences of the privacy notice, English and German side by side. Numbers come from the table of kinds and the
settings; no fact is stated here that is stated there."""

from typing import Final

from chalicelib.problem_codes import Words

SINCE: Final[dict[str, Words]] = {
    "last activity": Words(
        "{days} days after the day of the last activity in a chat; each activity begins the time anew.",
        "{days} Tage nach dem Tag der letzten Aktivität im Chat; jede Aktivität lässt die Frist neu beginnen.",
    ),
    "creation": Words("{days} days after it was recorded.", "{days} Tage nach der Speicherung."),
}
FOLLOWS: Final = Words(
    "As long as the customer: {days} days after the day of the last activity in a chat.",
    "So lange wie der Kunde: {days} Tage nach dem Tag der letzten Aktivität im Chat.",
)
HOLDER: Final = Words(
    "Who had it is known only as long as the customer is kept; then it stays spent, without a name.",
    "Wem er gehörte, ist nur bekannt, solange der Kunde gespeichert ist; danach bleibt er verbraucht, ohne Namen.",
)
KEPT: Final = Words(
    "Then nobody sees it any more, at once, and it is deleted from storage, as a rule within a few days.",
    "Danach ist es sofort für niemanden mehr sichtbar und wird aus dem Speicher gelöscht, meist binnen weniger Tage.",
)
PROOF: Final[dict[bool, Words]] = {
    False: Words(
        "Consents can be proved only as long as the customer is kept: the proof is deleted with the customer.",
        "Einwilligungen sind nur nachweisbar, solange der Kunde gespeichert ist: Der Nachweis wird mit ihm gelöscht.",
    ),
    True: Words(
        "The proof of each consent (its type and status, the wording, the times, channel, language and method) is kept "
        "for {months} months under a keyed hash of the e-mail address, without the address itself, also after the "
        "customer was deleted (Art. 7(1), Art. 17(3)(e) GDPR).",
        "Der Nachweis jeder Einwilligung (Art und Stand, Wortlaut, Zeiten, Kanal, Sprache und Verfahren) wird {months} "
        "Monate lang unter einem verschlüsselten Fingerabdruck der E-Mail-Adresse aufbewahrt, ohne die Adresse selbst, "
        "auch nachdem der Kunde gelöscht wurde (Art. 7 Abs. 1, Art. 17 Abs. 3 Buchst. e DSGVO).",
    ),
}
ALSO: Final = (
    (
        Words(
            "Receipts of deletions: times, counts and a keyed hash of the e-mail address",
            "Löschbelege: Zeiten, Anzahlen und ein verschlüsselter Fingerabdruck der E-Mail-Adresse",
        ),
        Words("{months} months", "{months} Monate"),
    ),
    (
        Words(
            "Audit log of what the team did, customers only as keyed hashes",
            "Protokoll, was das Team getan hat, Kunden nur als verschlüsselte Fingerabdrücke",
        ),
        Words("{audit_days} days", "{audit_days} Tage"),
    ),
    (Words("Exported files", "Exportierte Dateien"), Words("24 hours", "24 Stunden")),
    (
        Words("Packages made on a person's request", "Datenpakete auf Anfrage einer Person"),
        Words("{package_days} days, also after an erasure", "{package_days} Tage, auch nach einer Löschung"),
    ),
    (
        Words(
            "Which events were passed on to other systems, and when, customers only by their id",
            "Welche Ereignisse wann an andere Systeme gemeldet wurden, Kunden nur mit ihrer Id",
        ),
        Words("{call_days} days", "{call_days} Tage"),
    ),
    (
        Words("Backups against loss, never shown", "Sicherungen gegen Verlust, nirgends einsehbar"),
        Words("35 days beyond the deletion", "35 Tage über die Löschung hinaus"),
    ),
)
PURPOSES: Final[dict[str, Words]] = {
    "customers": Words(
        "To recognise who signed in to a chat and to keep the points.",
        "Um wiederzuerkennen, wer sich im Chat angemeldet hat, und den Punktestand zu führen.",
    ),
    "consents": Words(
        "To know and prove what was agreed to.", "Um zu wissen und nachzuweisen, worin eingewilligt wurde."
    ),
    "participations": Words("To run the giveaway and draw winners.", "Um die Verlosung durchzuführen und zu ziehen."),
    "winners": Words(
        "To tell winners and hand over prizes.", "Um Gewinner zu benachrichtigen und Preise zu übergeben."
    ),
    "instant_win_participations": Words(
        "To run the instant win and keep to its limits.",
        "Um das Sofortgewinnspiel durchzuführen und seine Grenzen einzuhalten.",
    ),
    "instant_win_winners": Words("To hand over prizes.", "Um Preise zu übergeben."),
    "redemptions": Words("To hand over rewards for points.", "Um Prämien für Punkte zu übergeben."),
    "transactions": Words("To explain the balance of points.", "Um den Punktestand nachvollziehbar zu machen."),
    "variables": Words("To go on with a chat and evaluate it.", "Um einen Chat fortzuführen und auszuwerten."),
    "files": Words("To work on what was uploaded in a chat.", "Um zu bearbeiten, was im Chat hochgeladen wurde."),
    "coupons": Words("To give each coupon to one person only.", "Um jeden Coupon nur einer Person zu geben."),
    "codes": Words("To redeem each code once only.", "Um jeden Code nur einmal einzulösen."),
    "log": Words("To find and repair faults.", "Um Störungen zu finden und zu beheben."),
}
RIGHTS: Final = (
    (
        "Art. 15",
        Words("Ask what is kept about you, and get a copy.", "Auskunft, was über Sie gespeichert ist, mit Kopie."),
    ),
    ("Art. 16", Words("Have wrong data put right.", "Berichtigung falscher Daten.")),
    ("Art. 17", Words("Have your data erased.", "Löschung Ihrer Daten.")),
    ("Art. 18", Words("Have the use of your data restricted.", "Einschränkung der Verarbeitung.")),
    (
        "Art. 19",
        Words(
            "Those who received your data are told of corrections and erasures.",
            "Empfänger Ihrer Daten erfahren von Berichtigungen und Löschungen.",
        ),
    ),
    (
        "Art. 20",
        Words(
            "Get what you provided in a form that machines read.", "Ihre Angaben in maschinenlesbarer Form erhalten."
        ),
    ),
    (
        "Art. 21",
        Words(
            "Object to a use that rests on legitimate interests, and at any time to advertising.",
            "Widerspruch gegen eine Nutzung aus berechtigtem Interesse, und jederzeit gegen Werbung.",
        ),
    ),
    (
        "Art. 22",
        Words(
            "No decision with legal effect on you is made by a machine alone; draws and instant wins go by chance.",
            "Keine Entscheidung mit rechtlicher Wirkung trifft allein eine Maschine; Verlosungen und Sofortgewinne "
            "entscheidet der Zufall.",
        ),
    ),
    (
        "Art. 7(3)",
        Words(
            "Withdraw a consent at any time; what was done before stays lawful.",
            "Eine Einwilligung jederzeit widerrufen; was vorher geschah, bleibt rechtmäßig.",
        ),
    ),
    ("Art. 77", Words("Complain to a supervisory authority.", "Beschwerde bei einer Aufsichtsbehörde.")),
)
RECIPIENTS: Final = (
    Words(
        "Amazon Web Services, region {region}: runs the service and stores the data, as a processor.",
        "Amazon Web Services, Region {region}: betreibt den Dienst und speichert die Daten, als Auftragsverarbeiter.",
    ),
    Words(
        "The people of the controller whom it gave a role here, and the companies that run its chats.",
        "Die Menschen beim Verantwortlichen, die hier eine Rolle haben, und die Betreiber seiner Chats.",
    ),
)
TOLD_AT_ONCE: Final = Words(
    "{host}: the controller has it told automatically of what happens, with personal data.",
    "{host}: erfährt im Auftrag des Verantwortlichen automatisch, was geschieht, mit personenbezogenen Daten.",
)
