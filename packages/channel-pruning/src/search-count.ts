/** What came of removing a number of channels. */
export interface Attempt {
  /** What is to be brought under a limit. */
  readonly figure: number;
}

/**
 * The least count, from 0 to `most`, whose figure is at most `limit`, of figures that fall as counts rise. Guesses by
 * straight lines between the figures that are known, and halves the interval where these don't narrow it; ends early once
 * a figure is less than `tolerance` of the limit below it. Where figures do not fall throughout, the result is under the limit
 * all the same. Undefined where no count is known to be.
 */
export async function searchCount<A extends Attempt>(
  most: number,
  limit: number,
  tolerance: number,
  attempt: (count: number) => Promise<A>,
): Promise<A | undefined> {
  let [low, high] = [0, most];
  const first = await attempt(low);
  if (first.figure <= limit) return first;
  let under = await attempt(high);
  if (under.figure > limit) return undefined;
  let over = first;
  let isHalving = false;
  while (high - low > 1 && under.figure < limit * (1 - tolerance)) {
    const width = high - low;
    // Half of the tolerance: what lies exactly on the limit is as often above it as below.
    const aim = limit * (1 - tolerance / 2);
    const part = isHalving ? 0.5 : (over.figure - aim) / (over.figure - under.figure);
    const guess = Math.min(high - 1, Math.max(low + 1, low + Math.round(part * width)));
    const found = await attempt(guess);
    if (found.figure <= limit) [high, under] = [guess, found];
    else [low, over] = [guess, found];
    isHalving = high - low > width / 2;
  }
  return under;
}
