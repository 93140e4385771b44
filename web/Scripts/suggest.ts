// What the server answers: where in the field what may come next belongs, and what it is.
type Suggested = { from: number; to: number; items: { text: string; says?: string }[] };

// The search field says what may come next. Without this it is a field like any other.
(() => {
  const box = document.querySelector<HTMLElement>("[data-suggest]");
  const field = box?.querySelector("input");
  if (!box || !field) return;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "What may come next");
  list.hidden = true;
  box.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]] as const) field.setAttribute(name, value);
  let found: Suggested | null = null, active = -1, asked = 0, timer = 0;

  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (index: number) => {
    const items = [...list.children];
    active = index < 0 ? items.length - 1 : index >= items.length ? 0 : index;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    items[active]?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[active]?.id || "");
  };
  const take = (index: number) => {
    if (!found) return;
    const text = found.items[index]!.text, whole = !text.endsWith(":");
    const rest = field.value.slice(found.to);
    field.value = field.value.slice(0, found.from) + text + (whole && !rest.startsWith(" ") ? " " : "") + rest;
    const caret = found.from + text.length + (whole ? 1 : 0);
    field.setSelectionRange(caret, caret);
    close();
    field.focus();
    ask();
  };
  const show = (answer: Suggested) => {
    found = answer;
    list.replaceChildren(...answer.items.map((item, i) => {
      const line = document.createElement("li");
      line.id = `suggestion-${i}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      const text = document.createElement("bdi");
      text.textContent = item.text;
      line.append(text);
      if (item.says) {
        const says = document.createElement("span");
        says.className = "muted";
        says.textContent = item.says;
        line.append(" ", says);
      }
      line.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
      return line;
    }));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = answer.items.length === 0 || document.activeElement !== field;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = () => {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const mine = ++asked;
      const query = new URLSearchParams({ q: field.value, at: String(field.selectionStart ?? field.value.length) });
      if (box.dataset.project) query.set("project", box.dataset.project);
      try {
        const answer = await fetch(`${box.dataset.suggest}?${query}`);
        if (answer.ok && mine === asked) show((await answer.json() as { data: Suggested }).data);
      } catch { /* the field works without */ }
    }, 80);
  };

  field.addEventListener("input", ask);
  field.addEventListener("focus", ask);
  field.addEventListener("click", ask);
  field.addEventListener("blur", () => { asked++; close(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return ask();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if ((event.key === "Enter" || event.key === "Tab") && !list.hidden && active >= 0) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
})();
