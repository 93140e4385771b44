import { Notifier } from "@airbrake/browser";

export function start({ url, key, release, environment, user }) {
  const airbrake = new Notifier({ projectId: 42, projectKey: key, host: url, remoteConfigHost: url, apmHost: url, environment });
  airbrake.addFilter((notice) => {
    Object.assign(notice.context, { version: release, user, component: "spring" });
    return notice;
  });
  return {
    handled: (error, extra) => airbrake.notify({ error, params: extra }),
    message: (text) => airbrake.notify({ error: text, context: { severity: "warning" } }),
  };
}
