// The same calls since version 5.
export const startWith = (sentry, options) => ({ url, key, release, environment, user, options: own }) => {
  sentry.init({ dsn: url.replace("://", `://${key}@`) + "/42", release, environment, ...options, ...own });
  sentry.setUser({ id: user.id, email: user.email, username: user.name });
  sentry.setTag("plan", "spring");
  return {
    handled: (error, extra, fingerprint) => sentry.withScope((scope) => {
      scope.setExtras(extra);
      if (fingerprint) scope.setFingerprint([fingerprint]);
      sentry.captureException(error);
    }),
    message: (text) => sentry.captureMessage(text, "warning"),
    crumb: (message) => sentry.addBreadcrumb({ category: "cart", message }),
  };
};
