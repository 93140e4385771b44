// The snippet stands in the page already.
export function start({ release, environment, user }) {
  const ep = globalThis.ep;
  ep("init", { release, environment });
  ep("user", user);
  ep("tags", { plan: "spring" });
  return {
    // The agent is loaded after the page; breadcrumbs begin with it.
    ready: async () => {
      while (Array.isArray(ep.q) && ep.q.push === Array.prototype.push) await new Promise((go) => setTimeout(go, 10));
      // It listens to the page a turn later.
      await new Promise((go) => setTimeout(go));
    },
    handled: (error, meta, fingerprint) => ep("capture", error, { meta, fingerprint: fingerprint && [fingerprint] }),
    message: (text) => ep("capture", text, { level: "warning" }),
    crumb: (message) => ep("breadcrumb", { category: "cart", message }),
  };
}
