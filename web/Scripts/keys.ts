// The list and the issue by keys alone. Every key presses a button or follows a link that is there without it.
(() => {
  const bulk = document.getElementById("bulk") as HTMLFormElement | null;
  const help = document.getElementById("keys") as HTMLDialogElement | null;
  const rows = () => [...document.querySelectorAll<HTMLElement>("table.issues tr[data-issue]")];
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>("input[form=bulk]")];
  const chosen = () => boxes().filter((box) => box.checked);
  const keep = (name: string, value: string | null) => { try { value === null ? sessionStorage.removeItem(name) : sessionStorage.setItem(name, value); } catch { /* full or off: nothing depends on it */ } };
  const kept = (name: string) => { try { return sessionStorage.getItem(name); } catch { return null; } };
  let current = -1, waitsForPlace = 0;

  // Where one is: the row whose link has the focus, or was looked at last.
  const at = () => {
    const row = document.activeElement?.closest<HTMLElement>("tr[data-issue]");
    return row ? rows().indexOf(row) : Math.min(current, rows().length - 1);
  };
  const go = (index: number) => {
    const all = rows();
    if (!all.length) return;
    current = Math.max(0, Math.min(index, all.length - 1));
    for (const row of all) row.classList.toggle("current", row === all[current]);
    const row = all[current]!;
    row.querySelector<HTMLElement>("a.title")!.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    keep("row", String(current));
  };
  document.addEventListener("focusin", () => { const index = at(); if (index >= 0) { current = index; for (const row of rows()) row.classList.toggle("current", rows()[index] === row); } });

  // The bar shows itself while something is chosen.
  const count = () => {
    if (!bulk) return;
    const number = chosen().length;
    bulk.classList.toggle("idle", number === 0);
    const said = bulk.querySelector<HTMLElement>("[data-chosen]")!;
    said.hidden = number === 0;
    said.textContent = `${number} chosen`;
    bulk.querySelector("[data-select-all]")!.textContent = number && number === boxes().length ? "Select none" : "Select all on this page";
  };
  let last: HTMLInputElement | null = null;
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const box = target.closest<HTMLInputElement>("input[form=bulk]");
    if (box && event.shiftKey && last) {
      const all = boxes(), [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b) as [number, number];
      if (from >= 0) for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    if (box) last = box;
    if (target.closest("[data-select-all]")) {
      event.preventDefault();
      const all = boxes(), every = chosen().length === all.length;
      for (const one of all) one.checked = !every;
      count();
    }
  });
  document.addEventListener("change", count);
  document.addEventListener("shown", () => { count(); if (current >= 0) rows()[Math.min(current, rows().length - 1)]?.classList.add("current"); });
  if (bulk) {
    bulk.classList.add("floating");
    count();
    // With nothing chosen there is nothing to send.
    bulk.addEventListener("submit", (event) => { if (!chosen().length) event.preventDefault(); });
    keep("list", JSON.stringify({ href: location.pathname + location.search.replace(/[?&]done=[^&]*/, ""), issues: rows().map((row) => row.querySelector("a.title")!.getAttribute("href")) }));
    const place = kept("row");
    if (place !== null && kept("returns")) go(Number(place));
    keep("returns", null);
  }

  // With nothing chosen a key means the row one is at.
  const act = (button: HTMLButtonElement) => {
    if (bulk && button.form) keep("returns", "1");
    if (!bulk || bulk !== button.form) return press(button);
    if (!chosen().length) {
      const box = rows()[at()]?.querySelector<HTMLInputElement>("input[form=bulk]");
      if (!box) return;
      box.checked = true;
      count();
    }
    keep("returns", "1");
    press(button);
  };
  const press = (what: HTMLElement) => {
    if (what.matches("select, textarea, input")) what.focus();
    else what.click();
  };
  const list = () => JSON.parse(kept("list") || "null") as { href: string; issues: string[] } | null;
  const step = (by: number) => {
    if (rows().length) return go(current < 0 && at() < 0 ? 0 : at() + by);
    const issues = list()?.issues ?? [];
    const index = issues.findIndex((href) => href.split("?")[0] === location.pathname);
    const next = index < 0 ? null : issues[index + by];
    if (next) { keep("row", String(index + by)); location.assign(next); }
  };
  const places: Record<string, string> = { i: "/issues", o: "/", p: "/projects", l: "/pipeline" };

  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.key === "Escape" && target.matches("input, select, textarea")) return void target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target.matches("input:not([type=checkbox]), select, textarea") || target.isContentEditable || help?.open) return;
    const key = event.key;
    if (waitsForPlace && Date.now() - waitsForPlace < 1500 && places[key]) {
      event.preventDefault();
      waitsForPlace = 0;
      const link = document.querySelector<HTMLElement>(`header a[href^="${places[key]}"]`);
      return void (link ? link.click() : location.assign(places[key]!));
    }
    waitsForPlace = 0;
    switch (key) {
      case "g": waitsForPlace = Date.now(); return;
      case "j": event.preventDefault(); return void step(1);
      case "k": event.preventDefault(); return void step(-1);
      case "?": event.preventDefault(); return void help?.showModal();
      case "/": { const search = document.getElementById("q") as HTMLInputElement | null; if (search) { event.preventDefault(); search.focus(); search.select(); } return; }
      case "x": { const box = rows()[at()]?.querySelector<HTMLInputElement>("input[form=bulk]"); if (box) { event.preventDefault(); box.checked = !box.checked; count(); } return; }
      case "Escape": for (const box of boxes()) box.checked = false; return void count();
      case "u": { if (!rows().length) { event.preventDefault(); keep("returns", "1"); location.assign(list()?.href || "/issues"); } return; }
    }
    const button = key.length === 1 && /^[a-z]$/.test(key) && document.querySelector<HTMLButtonElement>(`[data-key="${key}"]`);
    if (button) { event.preventDefault(); act(button); }
  });
})();
