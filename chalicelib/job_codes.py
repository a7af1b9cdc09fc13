"""Why a job failed, in words for whoever started it: jobs keep the code, the words are chosen when it is read."""

from typing import Final

from chalicelib.problem_codes import Words

JOB_CODES: Final[dict[str, Words]] = {
    "gave_up": Words(
        "It failed each time it was tried, the last time with {cause}. Please start it again; if it fails "
        "again, give the id of this job to whoever runs Afterchat.",
        "Es ist bei jedem Versuch gescheitert, zuletzt mit {cause}. Bitte starten Sie es neu; "
        "scheitert es wieder, nennen Sie dem Betreiber von Afterchat die Id dieses Auftrags.",
    ),
    "interrupted": Words(
        "It was interrupted each time before it got any further. Please start it again, if you can for less at once; "
        "if it fails again, give the id of this job to whoever runs Afterchat.",
        "Es wurde jedes Mal unterbrochen, bevor es weiterkam. Bitte starten Sie es neu, möglichst für weniger auf "
        "einmal; scheitert es wieder, nennen Sie dem Betreiber von Afterchat die Id dieses Auftrags.",
    ),
    "not_taken": Words(
        "Nobody got to work on it in time. Please start it again.",
        "Es konnte nicht rechtzeitig bearbeitet werden. Bitte starten Sie es neu.",
    ),
    "too_many_rows": Words(
        "An Excel file holds at most 250,000 rows here, and there are more. Please choose CSV, or a shorter time.",
        "Eine Excel-Datei fasst hier höchstens 250.000 Zeilen, und es sind mehr. Bitte wählen Sie CSV oder einen "
        "kürzeren Zeitraum.",
    ),
    "too_many_columns": Words(
        "The free fields of these records have more than 1,000 different names, too many for columns of a table. "
        "Please choose JSONL, or a single experience.",
        "Die freien Felder dieser Einträge haben mehr als 1.000 verschiedene Namen, zu viele für Spalten einer "
        "Tabelle. Bitte wählen Sie JSONL oder eine einzelne Experience.",
    ),
    "too_few_entrants": Words(
        "Fewer entrants than asked for can win: entries are gone since, or belong to one person, or to earlier "
        "winners. Nobody was drawn. Please ask for fewer, or allow fewer.",
        "Weniger Teilnahmen als verlangt können gewinnen: Sie sind inzwischen gelöscht oder gehören derselben Person "
        "oder früheren Gewinnern. Niemand wurde gezogen. Bitte verlangen Sie weniger, oder lassen Sie weniger zu.",
    ),
    "customer_gone": Words(
        "The customer was deleted or expired before the package was whole, so there is none.",
        "Der Kunde wurde gelöscht oder ist abgelaufen, bevor das Paket vollständig war; es gibt daher keines.",
    ),
    "nothing_uploaded": Words(
        "No file was uploaded within an hour. Please start the import again.",
        "Innerhalb einer Stunde wurde keine Datei hochgeladen. Bitte starten Sie den Import neu.",
    ),
    "file_unreadable": Words(
        "The file is neither CSV nor a whole Excel file (.xlsx) without a password. Please save it as .xlsx or CSV.",
        "Die Datei ist weder CSV noch eine ganze Excel-Datei (.xlsx) ohne Kennwort. Bitte speichern Sie sie als .xlsx "
        "oder CSV.",
    ),
    "file_too_large": Words(
        "Unpacked, the Excel file is larger than a sheet of codes can be. Please save the codes alone, or as CSV.",
        "Ausgepackt ist die Excel-Datei größer, als ein Blatt mit Codes sein kann. Bitte speichern Sie nur die Codes, "
        "oder als CSV.",
    ),
    "file_replaced": Words(
        "Another file was uploaded while the first was read. Please start the import again.",
        "Während die erste Datei gelesen wurde, kam eine andere. Bitte starten Sie den Import neu.",
    ),
    "too_many_lines": Words(
        "A file may have five million lines. Please divide it.",
        "Eine Datei darf fünf Millionen Zeilen haben. Bitte teilen Sie sie auf.",
    ),
    "cleared_meanwhile": Words(
        "All such records were deleted while the import ran, and what it brought in with them. Please start it again.",
        "Während des Imports wurden alle solchen Einträge gelöscht, auch die importierten. Bitte starten Sie ihn neu.",
    ),
}
