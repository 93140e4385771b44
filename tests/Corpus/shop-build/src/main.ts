import { totalOf, type Item } from "./cart";

const items: Item[] = [{ name: "tea", price: null }];

function checkout(): void {
  console.log("total", totalOf(items));
}

checkout();
