import { addBreadcrumb, captureException, captureMessage, init, makeBrowserOfflineTransport, makeFetchTransport, setTag, setUser, withScope } from "sentry11";
import { startWith } from "../clients/sentry.js";

export const start = startWith(
  { addBreadcrumb, captureException, captureMessage, init, setTag, setUser, withScope },
  { transport: makeBrowserOfflineTransport(makeFetchTransport), transportOptions: { flushAtStartup: true } },
);
