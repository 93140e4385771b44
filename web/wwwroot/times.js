// Times are written in UTC by the server; this puts them into the reader's own zone and language: ages keep up, the exact time is in the hint.
"use strict";
(() => {
  const day = { year: "numeric", month: "short", day: "numeric" };
  const exact = new Intl.DateTimeFormat(undefined, { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const hint = new Intl.DateTimeFormat(undefined, { weekday: "short", ...day, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
  const units = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [60 * 86400, 86400, "d"], [730 * 86400, 30.4 * 86400, "mo"], [Infinity, 365.25 * 86400, "y"]];

  // The words of Said.Ago.
  const ago = (seconds) => {
    if (seconds < -5) return "in the future";
    if (seconds < 5) return "now";
    const [, size, name] = units.find(([below]) => seconds < below);
    return `${Math.floor(seconds / size)} ${name} ago`;
  };

  const tell = (time, isNew) => {
    const at = new Date(time.dateTime);
    if (isNaN(at)) return;
    if (isNew) time.title = hint.format(at);
    const words = time.classList.contains("exact") ? exact.format(at) : ago((Date.now() - at) / 1000);
    if (time.textContent !== words) time.textContent = words;
  };

  const tellAll = (under, isNew) => { for (const time of under.querySelectorAll("time[datetime]")) tell(time, isNew); };

  tellAll(document, true);
  setInterval(() => { if (!document.hidden) tellAll(document, false); }, 10_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tellAll(document, false); });
  // What live.js and others put in.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) { if (node.matches("time[datetime]")) tell(node, true); else tellAll(node, true); }
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
