/** Lets the first reports of an error through each minute and counts the rest, so that a loop costs nobody anything. */
export class Flood {
  private since = 0;
  private all = 0;
  private seen = new Map<string, number>();

  constructor(
    private readonly perError = 10,
    private readonly perPage = 100,
    private readonly window = 60_000,
  ) {}

  admits(error: string, now: number): boolean {
    // now < since: the visitor set the clock back.
    if (now - this.since >= this.window || now < this.since) {
      this.since = now;
      this.all = 0;
      this.seen.clear();
    }
    const count = (this.seen.get(error) ?? 0) + 1;
    if (count > this.perError || this.all >= this.perPage) return false;
    this.seen.set(error, count);
    this.all++;
    return true;
  }
}
