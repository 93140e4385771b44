import { datadogRum } from "@datadog/browser-rum";

export function start({ url, key, release, environment, user, options }) {
  datadogRum.init({
    applicationId: "00000000-0000-0000-0000-000000000042", clientToken: "shop", proxy: `${url}/api/${key}/datadog`, service: "shop", env: environment, version: release, ...options,
  });
  datadogRum.setUser(user);
  datadogRum.setGlobalContextProperty("plan", "spring");
  return {
    // It begins when it has its session; only then it knows the user.
    ready: async () => {
      while (!datadogRum.getInternalContext()) await new Promise((go) => setTimeout(go, 10));
    },
    handled: (error, extra, fingerprint) => {
      if (fingerprint) error.dd_fingerprint = fingerprint;
      datadogRum.addError(error, extra);
    },
    message: (text) => datadogRum.addError(text),
  };
}
