// Menus open by themselves (<details>); with this they also close by Escape, by a click elsewhere, and when another one opens.
(() => {
  const open = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  addEventListener("click", (event) => { for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false; });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
})();
