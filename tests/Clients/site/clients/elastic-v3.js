import { startWith } from "./elastic.js";

export const start = startWith({ apiVersion: 3 });
