const BINS = 4096;

/**
 * Counts of values in equal bins around zero. The bins' width doubles, by merging neighbours, where a value lies beyond
 * them: the result doesn't depend on the order of the values.
 */
export class Histogram {
  readonly counts = new Float64Array(BINS);
  min = Infinity;
  max = -Infinity;
  total = 0;
  #exponent = -40;

  /** Width of a bin: a power of two. */
  get width(): number {
    return 2 ** (this.#exponent + 1) / BINS;
  }

  /** Adds finite values. */
  add(data: Float32Array): void {
    for (const x of data) {
      if (x < this.min) this.min = x;
      if (x > this.max) this.max = x;
    }
    const reach = Math.max(-this.min, this.max);
    while (reach >= 2 ** this.#exponent) this.#double();
    const { width } = this;
    for (const x of data) this.counts[Math.floor(x / width) + BINS / 2]++;
    this.total += data.length;
  }

  /** The middle of a bin. */
  centerOf(bin: number): number {
    return (bin - BINS / 2 + 0.5) * this.width;
  }

  /** The value that a share of 0 to 1 of all values lies below, to a bin's width, within the smallest and largest value. */
  quantile(share: number): number {
    const wanted = share * this.total;
    let below = 0;
    let bin = 0;
    while (bin < BINS - 1 && below + this.counts[bin] < wanted) below += this.counts[bin++];
    const inside = this.counts[bin] > 0 ? (wanted - below) / this.counts[bin] : 0;
    const value = this.centerOf(bin) + (Math.min(Math.max(inside, 0), 1) - 0.5) * this.width;
    return Math.min(Math.max(value, this.min), this.max);
  }

  #double(): void {
    const merged = new Float64Array(BINS);
    for (let bin = 0; bin < BINS; bin++) merged[(bin >> 1) + BINS / 4] += this.counts[bin];
    this.counts.set(merged);
    this.#exponent++;
  }
}
