// The snippet stands in the page already.
export function start({ release, environment, user }) {
  const ep = globalThis.ep;
  ep("init", { release, environment });
  ep("user", user);
  ep("tags", { plan: "spring" });
  return {
    handled: (error, meta, fingerprint) => ep("capture", error, { meta, fingerprint: fingerprint && [fingerprint] }),
    message: (text) => ep("capture", text, { level: "warning" }),
    crumb: (message) => ep("breadcrumb", { category: "cart", message }),
  };
}
