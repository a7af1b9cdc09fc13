"""What packages and their links say, in English and German; Sie-form, short sentences."""

from typing import Any, Final

from chalicelib.problem_codes import Words
from chalicelib.titles import Locale

WORDS: Final[dict[str, Words]] = {
    # the access package
    "access": Words("Access under Article 15 GDPR", "Auskunft nach Artikel 15 DSGVO"),
    "your_data": Words("Your data", "Ihre Daten"),
    "your_data_at": Words("Your data at {controller}", "Ihre Daten bei {controller}"),
    "for": Words("For", "Für"),
    "made_at": Words("Made on", "Erstellt am"),
    "zone": Words("All times are in the time zone {zone}.", "Alle Zeiten gelten in der Zeitzone {zone}."),
    "machines": Words(
        "The file data.json beside this page has the same data for programs, with all ids.",
        "Die Datei data.json neben dieser Seite enthält dieselben Daten für Programme, mit allen Kennungen.",
    ),
    # what Article 15(1) asks for beside the data
    "about": Words("About the use of your data", "Zur Verarbeitung Ihrer Daten"),
    "controller": Words("Controller", "Verantwortlicher"),
    "contact": Words("Contact", "Kontakt"),
    "dpo": Words("Data protection officer", "Datenschutzbeauftragte/r"),
    "authority": Words("Supervisory authority", "Aufsichtsbehörde"),
    "not_told": Words("not stated", "nicht angegeben"),
    "categories": Words("Categories of data", "Kategorien von Daten"),
    "purpose": Words("Purpose", "Zweck"),
    "holds": Words("Holds", "Enthält"),
    "kept": Words("Kept until", "Aufbewahrt bis"),
    "retention": Words("Retention", "Aufbewahrung"),
    "each_has": Words(
        "The parts below say for each kind of data what it is for and how long it is kept; each entry says on which day"
        " it will be deleted.",
        "Die Abschnitte unten nennen für jede Art von Daten Zweck und Dauer der Speicherung; bei jedem Eintrag steht,"
        " an welchem Tag er gelöscht wird.",
    ),
    "recipients": Words("Recipients", "Empfänger"),
    "source": Words("Source of the data", "Herkunft der Daten"),
    "source_says": Words(
        "What you entered, chose, said or uploaded in chats; what the chats and this service recorded as you used them,"
        " such as times, entries, prizes, codes and points.",
        "Was Sie in Chats eingegeben, gewählt, gesagt oder hochgeladen haben; was die Chats und dieser Dienst dabei"
        " aufgezeichnet haben, etwa Zeiten, Teilnahmen, Gewinne, Codes und Punkte.",
    ),
    "rights": Words("Your rights", "Ihre Rechte"),
    "also": Words("Kept besides", "Außerdem gespeichert"),
    "proof_of_consent": Words("Proof of consent", "Nachweis von Einwilligungen"),
    "overview": Words("What is stored", "Was gespeichert ist"),
    "kind": Words("Kind of data", "Art der Daten"),
    "entries": Words("Entries", "Einträge"),
    "customers": Words("Your profile", "Ihr Profil"),
    "log": Words("Technical log", "Technisches Protokoll"),
    "none": Words("nothing stored", "nichts gespeichert"),
    "gone": Words("Will be deleted on", "Wird gelöscht am"),
    "instances": Words("Chats", "Chats"),
    "used_chats": Words(
        "You signed in to these process instances:", "In diesen Prozessinstanzen waren Sie angemeldet:"
    ),
    "proofs": Words("Proofs of consent", "Nachweise von Einwilligungen"),
    "open_file": Words("Open the file", "Datei öffnen"),
    "yes": Words("yes", "ja"),
    "no": Words("no", "nein"),
    # why a file's content is not in a package
    "checking": Words(
        "The content is not in the package: it had not been checked yet.",
        "Der Inhalt liegt nicht bei: Er war noch nicht geprüft.",
    ),
    "refused": Words(
        "There is no content: it was refused when it was uploaded and is not kept.",
        "Es gibt keinen Inhalt: Er wurde beim Hochladen abgelehnt und nicht behalten.",
    ),
    "missing": Words(
        "The content is not in the package: it was no longer stored.",
        "Der Inhalt liegt nicht bei: Er war nicht mehr gespeichert.",
    ),
    # what is stored beside the columns
    "text": Words("Wording", "Wortlaut"),
    "ip": Words("Network (shortened IP address)", "Netz (gekürzte IP-Adresse)"),
    "identity": Words("E-mail as compared", "E-Mail in Vergleichsform"),
    "process_instance": Words("Process instance", "Prozessinstanz"),
    # the page of the one-time link
    "link_title": Words("Your data is ready", "Ihre Daten liegen bereit"),
    "link_says": Words(
        "Here you can download your data as a ZIP file ({size}).",
        "Hier können Sie Ihre Daten als ZIP-Datei herunterladen ({size}).",
    ),
    "link_once": Words(
        "This works once, until {until}. Please keep the file in a safe place: it holds your personal data.",
        "Das geht einmal, bis zum {until}. Bitte bewahren Sie die Datei sicher auf: Sie enthält Ihre persönlichen"
        " Daten.",
    ),
    "download": Words("Download", "Herunterladen"),
    "used_title": Words("This link has been used", "Dieser Link wurde schon benutzt"),
    "used_says": Words(
        "The data was downloaded with it on {when}, and a link works only once. If that was not you, or the download"
        " failed, please tell us: we will send you a new link.",
        "Die Daten wurden damit am {when} heruntergeladen, und jeder Link gilt nur einmal. Wenn Sie das nicht waren"
        " oder der Download misslungen ist, sagen Sie uns bitte Bescheid: Sie erhalten einen neuen Link.",
    ),
    "replaced_title": Words("There is a newer link", "Es gibt einen neueren Link"),
    "replaced_says": Words(
        "You were sent a new link to your data; this one no longer works.",
        "Sie haben einen neuen Link zu Ihren Daten erhalten; dieser gilt nicht mehr.",
    ),
    "expired_title": Words("This link has expired", "Dieser Link ist abgelaufen"),
    "expired_says": Words(
        "The file was kept for 30 days and has been deleted.",
        "Die Datei wurde 30 Tage aufbewahrt und ist gelöscht.",
    ),
    "unknown_title": Words("This link is not complete", "Dieser Link ist nicht vollständig"),
    "unknown_says": Words(
        "Please copy the whole address from the message that you received.",
        "Bitte kopieren Sie die ganze Adresse aus der Nachricht, die Sie erhalten haben.",
    ),
    "ask": Words("Questions? {contact}", "Fragen? {contact}"),
    "ask_controller": Words(
        "If you have questions, please ask the company that sent you this link.",
        "Bei Fragen wenden Sie sich bitte an das Unternehmen, von dem Sie diesen Link haben.",
    ),
}

# States and sources as they are stored, in German; in English they speak for themselves.
GERMAN_STATES: Final[dict[str, str]] = {
    "requested": "angefragt",
    "granted": "erteilt",
    "declined": "abgelehnt",
    "withdrawn": "widerrufen",
    "drawn": "gezogen",
    "notified": "benachrichtigt",
    "accepted": "angenommen",
    "disqualified": "disqualifiziert",
    "replaced": "ersetzt",
    "issued": "ausgegeben",
    "redeemed": "eingelöst",
    "checking": "in Prüfung",
    "ready": "vorhanden",
    "refused": "abgelehnt",
    "collect": "Chat",
    "code": "Code",
    "reward": "Prämie",
    "reversal": "Storno",
    "single": "einfach",
    "double": "zweifach (Double-Opt-in)",
    "experience": "Experience",
    "tenant": "alle Experiences",
}
# Names of fields that every chat writes alike; others are told as they are.
FIELD_NAMES: Final[dict[str, Words]] = {
    "firstname": Words("First name", "Vorname"),
    "lastname": Words("Last name", "Nachname"),
    "gender": Words("Gender", "Geschlecht"),
    "birthdate": Words("Date of birth", "Geburtsdatum"),
    "phone": Words("Phone", "Telefon"),
    "street": Words("Street", "Straße"),
    "house_number": Words("House number", "Hausnummer"),
    "postal_code": Words("Postal code", "Postleitzahl"),
    "city": Words("City", "Ort"),
    "country": Words("Country", "Land"),
}
GERMAN_ZONES: Final[dict[str, str]] = {"CET": "MEZ", "CEST": "MESZ"}
STATE_COLUMNS: Final = ("status", "state", "source", "method", "scope")


def say(name: str, locale: Locale, **values: Any) -> str:
    text = say_in(WORDS[name], locale)
    return text.format_map(values) if values else text


def field(name: str, locale: Locale) -> str:
    known = FIELD_NAMES.get(name)
    return say_in(known, locale) if known else name


def say_in(words: Words, locale: Locale) -> str:
    return words.de if locale == "de" else words.en


def state(text: str, locale: Locale) -> str:
    return GERMAN_STATES.get(text, text) if locale == "de" else text
