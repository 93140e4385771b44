import { datadogLogs } from "@datadog/browser-logs";

export function start({ url, key, release, environment, user }) {
  datadogLogs.init({ clientToken: "shop", proxy: `${url}/api/${key}/datadog`, forwardErrorsToLogs: true, service: "shop", env: environment, version: release });
  datadogLogs.setUser(user);
  datadogLogs.setGlobalContextProperty("plan", "spring");
  return {
    // It begins when it has its session; only then it knows the user.
    ready: async () => {
      while (!datadogLogs.getInternalContext()) await new Promise((go) => setTimeout(go, 10));
    },
    handled: (error, extra, fingerprint) => {
      if (fingerprint) error.dd_fingerprint = fingerprint;
      datadogLogs.logger.error("caught by the shop", extra, error);
    },
    message: (text) => datadogLogs.logger.error(text),
  };
}
