import { TrackJS } from "trackjs";

export function start({ url, key, release, user }) {
  TrackJS.install({
    token: key, errorURL: `${url}/capture`, usageURL: `${url}/usage.gif`, faultURL: `${url}/fault.gif`, version: release, userId: user.id, application: "spring",
  });
  return {
    handled: (error, extra) => {
      for (const [name, value] of Object.entries(extra)) TrackJS.addMetadata(name, value);
      TrackJS.track(error);
    },
    message: (text) => TrackJS.track(text),
  };
}
