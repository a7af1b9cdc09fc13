// Owner: C2. The tray of running jobs, at the lower right of every page.
export default function Tray() {
  return null;
}
