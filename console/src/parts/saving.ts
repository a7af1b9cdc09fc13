// Files for the reader: what was made here, and what lies at an address.
const FETCHED_WITHIN = 60_000; // milliseconds

/** Something that was made here. */
export function saveAs(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  saveFrom(url, name);
  setTimeout(() => URL.revokeObjectURL(url), FETCHED_WITHIN);
}

/** An attachment, so this page stays. */
export function saveFrom(url: string, name = ""): void {
  const link = Object.assign(document.createElement("a"), { href: url, download: name, rel: "noopener" });
  document.body.append(link);
  link.click();
  link.remove();
}
