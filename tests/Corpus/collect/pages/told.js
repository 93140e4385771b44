// An error as the snippet tells it.
const describe = (e) => e instanceof Error || e instanceof DOMException
  ? { type: e.name, message: e.message, stack: e.stack || undefined }
  : { type: e === null ? "null" : typeof e, message: String(e) };

function causes(e) {
  const found = [];
  const add = (of) => {
    if (of == null || found.length === 5) return;
    found.push(describe(of));
    add(of.cause);
  };
  add(e.cause);
  for (const one of e.errors ?? []) add(one);
  return found.length ? { causes: found } : {};
}

const told = (e) => ({ ...describe(e), mechanism: "capture", url: "https://shop.test/collect/page.html", ...(e && typeof e === "object" ? causes(e) : {}) });
