// Everything works without this file. With it, what is shown follows the store, and buttons copy.
(() => {
  const box = document.querySelector<HTMLElement>("[data-live]");
  // A button copies the address that it names, or else the text beside it.
  const offerCopies = () => { for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) button.hidden = false; };
  offerCopies();
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (!button) return;
    const code = button.parentElement!.querySelector("pre");
    try {
      await navigator.clipboard.writeText(button.dataset.copy ? new URL(button.dataset.copy, location.href).href : code?.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      // Without https there is no clipboard: marked, it takes a key.
      if (code) {
        code.hidden = false;
        getSelection()?.selectAllChildren(code);
      }
      button.textContent = code ? "Press Ctrl+C" : "Copy it from the link";
    }
  });
  // A filter applies as it is chosen, and what says nothing stays out of the address.
  for (const filters of document.querySelectorAll<HTMLFormElement>("form.filters, form.scope")) {
    const fields = () => [...filters.elements] as HTMLInputElement[];
    filters.addEventListener("change", (event) => { if ((event.target as Element).matches("select")) filters.requestSubmit(); });
    filters.addEventListener("submit", () => {
      for (const field of fields()) field.disabled ||= field.value === "" || ["since:all", "sort:last", "class:all"].includes(`${field.name}:${field.value}`);
    });
    addEventListener("pageshow", () => { for (const field of fields()) field.disabled = false; });
  }
  if (!box) return;

  const every = Number(box.dataset.every || 0) * 1000;
  const issue = Number(box.dataset.issue || 0);
  const project = Number(box.dataset.project || 0);
  const sign = document.getElementById("live");
  let wanted = false, running = false, last = 0;

  const busy = () => {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && box.contains(selection.anchorNode);
  };

  // At most one request at a time and one a second, none while nobody looks or something is being marked.
  const refresh = async () => {
    wanted = true;
    if (running || document.hidden) return;
    running = true;
    while (wanted && !document.hidden) {
      await new Promise((go) => setTimeout(go, Math.max(0, last + 1000 - Date.now())));
      if (busy()) break;
      wanted = false;
      last = Date.now();
      try {
        const answer = await fetch(box.dataset.live!, { headers: { "X-Fragment": "1" } });
        if (answer.status === 401) return void location.reload();
        if (answer.ok) show(await answer.text());
        if (every && sign) sign.hidden = !answer.ok;
      } catch { /* the next change tries again */ }
    }
    running = false;
  };

  const show = (html: string) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = box.id && page.getElementById(box.id) || page.body;
    const open = [...box.querySelectorAll("details")].map((d) => d.open);
    const focus = document.activeElement && box.contains(document.activeElement) && document.activeElement.getAttribute("href");
    // Not the age, which always differs.
    const said = (row: Element) => [...row.querySelectorAll(".num, .badge")].map((cell) => cell.textContent).join();
    const before = new Map([...box.querySelectorAll<HTMLElement>("[data-issue]")].map((row) => [row.dataset.issue, said(row)] as const));
    const chosen = new Set([...box.querySelectorAll<HTMLInputElement>("input[type=checkbox]:checked")].map((one) => one.value));
    box.replaceChildren(...fresh.childNodes);
    offerCopies();
    for (const one of box.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) one.checked = chosen.has(one.value);
    box.querySelectorAll("details").forEach((d, i) => { if (open[i]) d.open = true; });
    if (focus) box.querySelector<HTMLElement>(`[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    for (const row of box.querySelectorAll<HTMLElement>("[data-issue]")) {
      if (before.size && before.get(row.dataset.issue) !== said(row)) row.classList.add("fresh");
    }
    box.dispatchEvent(new Event("shown", { bubbles: true }));
  };

  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  if (every) return void setInterval(refresh, every);
  // What counts the minutes moves on by itself.
  if (box.dataset.tick) setInterval(refresh, Number(box.dataset.tick) * 1000);

  const events = new EventSource("/live?" + (project ? `project=${project}` : "") + (issue ? `&issue=${issue}` : ""));
  events.onopen = () => { if (sign) sign.hidden = false; };
  events.onerror = () => { if (sign) sign.hidden = true; };
  // After a gap the page may have missed something.
  events.addEventListener("hello", () => { if (last) refresh(); last = last || 1; });
  events.addEventListener("changes", refresh);
})();
