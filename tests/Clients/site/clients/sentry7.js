import { addBreadcrumb, captureException, captureMessage, init, setTag, setUser, withScope } from "sentry7";
import { startWith } from "./sentry.js";

export const start = startWith({ addBreadcrumb, captureException, captureMessage, init, setTag, setUser, withScope });
