// Breaks on demand, in ways that real pages do. Readable on purpose: its frames are what the dashboard shows.
"use strict";

const basket = { items: [{ name: "Tea", price: 4 }, { name: "Kettle" }], customer: null };

function priceOf(item) {
  return item.price.toFixed(2);
}

function totalOf(items) {
  return items.map(priceOf).join(" + ");
}

function checkout() {
  return totalOf(basket.items);
}

async function loadReviews() {
  throw new RangeError("page 99 of 3 was asked for");
}

function pay(card) {
  try {
    JSON.parse(card);
  } catch (error) {
    throw new Error("payment could not be prepared", { cause: error });
  }
}

const breaks = {
  typeError: checkout,
  rejectError: () => { loadReviews(); },
  rejectString: () => { Promise.reject("basket is out of date"); },
  captured: () => {
    ep("user", { id: "demo-1", email: "ann@example.com", name: "Ann" });
    ep("capture", new Error("voucher was refused"), { tags: { voucher: "SPRING" }, meta: { basket, tries: 3 } });
  },
  withCause: () => pay("{not a card"),
};

for (const button of document.querySelectorAll("[data-break]")) {
  button.addEventListener("click", () => {
    document.getElementById("last").textContent = `Broke: ${button.textContent} at ${new Date().toLocaleTimeString()}`;
    breaks[button.dataset.break]();
  });
}

let leaving = false;
document.querySelector("[data-break-leaving]").addEventListener("click", () => { leaving = true; });
addEventListener("pagehide", function saveDraft() {
  if (leaving) basket.customer.save();
});

ep("init", { release: "demo-1.0", environment: "demo" });
