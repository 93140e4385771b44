function price(item) { return item.cost.amount; }
onmessage = () => {
  try { price({}); } catch (e) { postMessage({ name: e.name, message: e.message, stack: e.stack }); }
};
