import Honeybadger from "@honeybadger-io/js";

export function start({ url, key, release, environment, user }) {
  Honeybadger.configure({ apiKey: key, endpoint: url, environment, revision: release });
  Honeybadger.setContext({ user_id: user.id, user_email: user.email, user_name: user.name, tags: ["spring"] });
  return {
    handled: (error, extra, fingerprint) => Honeybadger.notify(error, { context: extra, fingerprint }),
    message: (text) => Honeybadger.notify(text),
    crumb: (message) => Honeybadger.addBreadcrumb(message, { category: "cart" }),
  };
}
