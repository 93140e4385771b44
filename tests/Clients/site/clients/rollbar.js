import Rollbar from "rollbar";

export function start({ url, key, release, environment, user }) {
  const rollbar = new Rollbar({
    accessToken: key, endpoint: `${url}/api/1/item/`, captureUncaught: true, captureUnhandledRejections: true, environment,
    payload: { person: { id: user.id, email: user.email, username: user.name }, client: { javascript: { code_version: release } }, context: "spring" },
  });
  return {
    handled: (error, extra, fingerprint) => {
      if (fingerprint) rollbar.configure({ payload: { fingerprint } });
      rollbar.error(error, extra);
    },
    message: (text) => rollbar.warning(text),
    crumb: (message) => rollbar.captureEvent({ message }, "info"),
  };
}
