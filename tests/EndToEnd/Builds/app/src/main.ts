import { dearestOf, totalOf, type Item } from "./cart";

class Checkout {
  constructor(private readonly items: Item[]) {}

  pay(): void {
    document.title = `to pay: ${totalOf(this.items)}`;
  }

  advise(): void {
    document.title = `dearest: ${dearestOf(this.items)?.name}`;
  }
}

const checkout = new Checkout([{ name: "tea", price: { cents: 300 } }, { name: "kettle" }]);
document.getElementById("pay")!.addEventListener("click", () => checkout.pay());
document.getElementById("advise")!.addEventListener("click", () => checkout.advise());
