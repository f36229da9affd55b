/** A piece of work, how long it took us, and the program that it is compared with. */
export interface BenchRow {
  readonly work: string;
  readonly oursMs: number;
  readonly peer: string;
  readonly peerMs: number;
  /** Our time as a share of the peer's: below 1 is faster. */
  readonly ratio: number;
}

/** What a file in `benches` exports as `bench`; its name is the file's. */
export interface Bench {
  /** Arguments that it can't do without: it is left out where all benches run. */
  readonly needs?: string;
  /** `say` shows what is going on; results are returned. */
  run(args: readonly string[], say: (line: string) => void): Promise<BenchRow[]>;
}

export function row(work: string, oursMs: number, peer: string, peerMs: number): BenchRow {
  const rounded = (value: number, to: number) => Math.round(value * to) / to;
  const ratio = rounded(oursMs / peerMs, 1000);
  return { work, oursMs: rounded(oursMs, 10), peer, peerMs: rounded(peerMs, 10), ratio };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
