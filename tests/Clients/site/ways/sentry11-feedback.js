// What a visitor says of an error, after the site asked.
import { addBreadcrumb, captureException, captureFeedback, captureMessage, init, lastEventId, setTag, setUser, withScope } from "sentry11";
import { startWith } from "../clients/sentry.js";

const open = startWith({ addBreadcrumb, captureException, captureMessage, init, setTag, setUser, withScope });
export const start = (setup) => {
  globalThis.say = (message) => captureFeedback({ name: "Ann", email: "ann@shop.example", message, associatedEventId: lastEventId() });
  return open(setup);
};
