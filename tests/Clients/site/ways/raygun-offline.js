import rg4js from "raygun4js";
import { start as startRaygun } from "../clients/raygun.js";

export const start = (setup) => {
  rg4js("options", { apiEndpoint: setup.url });
  rg4js("saveIfOffline", true);
  return startRaygun(setup);
};
