import rg4js from "raygun4js";

export function start({ url, key, release, user }) {
  rg4js("options", { apiEndpoint: url });
  rg4js("apiKey", key);
  rg4js("enableCrashReporting", true);
  rg4js("setVersion", release.split("@")[1]);
  rg4js("setUser", { identifier: user.id, isAnonymous: false, email: user.email, fullName: user.name });
  let group;
  rg4js("groupingKey", (_payload) => group);
  return {
    handled: (error, customData, fingerprint) => {
      group = fingerprint;
      rg4js("send", { error, customData, tags: ["spring"] });
    },
    message: (text) => rg4js("send", { error: text }),
    crumb: (message) => rg4js("recordBreadcrumb", message, {}),
  };
}
