// Times are written in UTC by the server; this puts them into the reader's own zone and language: ages keep up, the exact time is in the hint.
(() => {
  const day: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "numeric" };
  const exact = new Intl.DateTimeFormat(undefined, { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const hint = new Intl.DateTimeFormat(undefined, { weekday: "short", ...day, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
  const units: [below: number, size: number, name: string][] = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [60 * 86400, 86400, "d"], [730 * 86400, 30.4 * 86400, "mo"], [Infinity, 365.25 * 86400, "y"]];

  // The words of Said.Ago.
  const ago = (seconds: number) => {
    if (seconds < -5) return "in the future";
    if (seconds < 5) return "now";
    const [, size, name] = units.find(([below]) => seconds < below)!;
    return `${Math.floor(seconds / size)} ${name} ago`;
  };

  const tell = (time: HTMLTimeElement, isNew: boolean) => {
    const at = new Date(time.dateTime);
    if (isNaN(at.getTime())) return;
    if (isNew) time.title = hint.format(at);
    const words = time.classList.contains("exact") ? exact.format(at) : ago((Date.now() - at.getTime()) / 1000);
    if (time.textContent !== words) time.textContent = words;
  };

  const tellAll = (under: ParentNode, isNew: boolean) => { for (const time of under.querySelectorAll<HTMLTimeElement>("time[datetime]")) tell(time, isNew); };

  tellAll(document, true);
  setInterval(() => { if (!document.hidden) tellAll(document, false); }, 10_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tellAll(document, false); });
  // What live.js and others put in.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof Element) { if (node instanceof HTMLTimeElement && node.dateTime) tell(node, true); else tellAll(node, true); }
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
