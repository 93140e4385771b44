// Breaks on demand, in ways that real pages do. Readable on purpose: its frames are what the dashboard shows.

type Item = { name: string; price?: number };

/** The snippet puts it into the page. */
declare function ep(method: string, ...rest: unknown[]): void;

const basket: { items: Item[]; customer: { save(): void } | null } = { items: [{ name: "Tea", price: 4 }, { name: "Kettle" }], customer: null };

function priceOf(item: Item) {
  return item.price!.toFixed(2);
}

function totalOf(items: Item[]) {
  return items.map(priceOf).join(" + ");
}

function checkout() {
  return totalOf(basket.items);
}

async function loadReviews() {
  throw new RangeError("page 99 of 3 was asked for");
}

function pay(card: string) {
  try {
    JSON.parse(card);
  } catch (error) {
    throw new Error("payment could not be prepared", { cause: error });
  }
}

const breaks: Record<string, () => void> = {
  typeError: checkout,
  rejectError: () => { loadReviews(); },
  rejectString: () => { Promise.reject("basket is out of date"); },
  captured: () => {
    ep("user", { id: "demo-1", email: "ann@example.com", name: "Ann" });
    ep("capture", new Error("voucher was refused"), { tags: { voucher: "SPRING" }, meta: { basket, tries: 3 } });
  },
  withCause: () => pay("{not a card"),
};

for (const button of document.querySelectorAll<HTMLElement>("[data-break]")) {
  button.addEventListener("click", () => {
    document.getElementById("last")!.textContent = `Broke: ${button.textContent} at ${new Date().toLocaleTimeString()}`;
    breaks[button.dataset.break!]!();
  });
}

let leaving = false;
document.querySelector("[data-break-leaving]")!.addEventListener("click", () => { leaving = true; });
addEventListener("pagehide", function saveDraft() {
  if (leaving) basket.customer!.save();
});

ep("init", { release: "demo-1.0", environment: "demo" });
