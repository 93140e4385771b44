import { init } from "@elastic/apm-rum";

export const startWith = (options) => ({ url, key, release, environment, user }) => {
  const apm = init({ serviceName: "shop", serverUrl: `${url}/api/${key}/elastic`, serviceVersion: release, environment, ...options });
  apm.setUserContext({ id: user.id, email: user.email, username: user.name });
  apm.addLabels({ plan: "spring" });
  return {
    handled: (error, extra) => {
      apm.setCustomContext(extra);
      apm.captureError(error);
    },
    message: (text) => apm.captureError(text),
  };
};

export const start = startWith({});
