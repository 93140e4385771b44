// The old form: a report of the visitor about one event.
import { addBreadcrumb, captureException, captureMessage, captureUserFeedback, init, lastEventId, setTag, setUser, withScope } from "sentry7";
import { startWith } from "../clients/sentry.js";

const open = startWith({ addBreadcrumb, captureException, captureMessage, init, setTag, setUser, withScope });
export const start = (setup) => {
  globalThis.say = (comments) => captureUserFeedback({ event_id: lastEventId(), name: "Ann", email: "ann@shop.example", comments });
  return open(setup);
};
