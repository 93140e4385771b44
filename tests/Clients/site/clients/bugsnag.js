import Bugsnag from "@bugsnag/js";

export function start({ url, key, release, environment, user }) {
  Bugsnag.start({ apiKey: key, endpoints: { notify: `${url}/notify`, sessions: `${url}/sessions` }, appVersion: release, releaseStage: environment, logger: null });
  Bugsnag.setUser(user.id, user.email, user.name);
  Bugsnag.addFeatureFlag("plan", "spring");
  return {
    handled: (error, extra, fingerprint) => Bugsnag.notify(error, (event) => {
      event.addMetadata("order", extra);
      if (fingerprint) event.groupingHash = fingerprint;
    }),
    message: (text) => Bugsnag.notify(text, (event) => { event.severity = "warning"; }),
    crumb: (message) => Bugsnag.leaveBreadcrumb(message),
  };
}
