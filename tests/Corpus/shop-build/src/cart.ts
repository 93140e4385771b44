export interface Item { name: string; price: { amount: number } | null }

export function totalOf(items: Item[]): number {
  let sum = 0;
  for (const item of items) {
    sum += item.price!.amount;
  }
  return sum;
}
