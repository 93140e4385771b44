export function totalOf(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price.amount;
  }
  return sum;
}
