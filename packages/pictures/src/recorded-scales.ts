import type { ScaleHistogram } from './report-data.js';

/** Histograms of an epoch as sparse training reports them (`scales`). */
export interface RecordedScales {
  readonly epoch: number;
  /** The end of the last bin: all are equally wide, from 0 on. */
  readonly largest: number;
  /** Scales in each bin, by layer. */
  readonly layers: Readonly<Record<string, readonly number[]>>;
}

/** What `renderReport` takes as `histograms`, of what sparse training reports. */
export function histogramsOf(recorded: readonly RecordedScales[]): ScaleHistogram[] {
  return recorded.flatMap(({ epoch, largest, layers }) =>
    Object.entries(layers).map(([layer, counts]) => {
      const edges = Array.from({ length: counts.length + 1 }, (_, i) => (largest * i) / counts.length);
      return { epoch, layer, edges, counts };
    }),
  );
}
