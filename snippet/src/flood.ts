/** Lets the first reports of an error through each minute and refuses the rest, so that a loop costs nobody anything. */
export function floodGate(perError = 10, perPage = 100, window = 60_000): (error: string, now: number) => boolean {
  let since = 0;
  let all = 0;
  let seen = new Map<string, number>();

  return (error, now) => {
    // now < since: the visitor set the clock back.
    if (now - since >= window || now < since) {
      since = now;
      all = 0;
      seen = new Map();
    }
    const count = (seen.get(error) || 0) + 1;
    if (count > perError || all >= perPage) return false;
    seen.set(error, count);
    all++;
    return true;
  };
}
