// Menus open by themselves (<details>); with this they also close by Escape, by a click elsewhere, and when another one opens.
"use strict";
(() => {
  const open = () => document.querySelectorAll("details.menu[open]");
  addEventListener("click", (event) => { for (const menu of open()) if (!menu.contains(event.target)) menu.open = false; });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
