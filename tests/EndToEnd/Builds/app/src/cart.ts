export interface Item {
  name: string;
  price?: { cents: number };
}

function centsOf(item: Item): number {
  return item.price!.cents;
}

export function totalOf(items: Item[]): number {
  let total = 0;
  for (const item of items) total += centsOf(item);
  return total;
}

export function dearestOf(items: Item[]): Item | undefined {
  return [...items].sort((a, b) => centsOf(b) - centsOf(a))[0];
}
