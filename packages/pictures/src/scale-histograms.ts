import { axisFy, rectY, ruleY } from '@observablehq/plot';
import type { Figure } from './figure.js';
import { palette } from './figure.js';
import type { ScaleHistogram } from './report-data.js';

/** Epochs in one plot, the first and the last among them. */
const MOST_EPOCHS = 6;

/** How scales are spread over the epochs: of all layers together, and of each. */
export function scaleHistograms(histograms: readonly ScaleHistogram[]): Figure[] {
  if (histograms.length === 0) return [];
  const layers = [...new Set(histograms.map(({ layer }) => layer))];
  return [
    figure('Scales of all layers', together(histograms)),
    ...layers.map((layer) =>
      figure(
        `Scales of ${layer}`,
        histograms.filter((each) => each.layer === layer),
      ),
    ),
  ];
}

function together(histograms: readonly ScaleHistogram[]): ScaleHistogram[] {
  const epochs = [...new Set(histograms.map(({ epoch }) => epoch))];
  return epochs.map((epoch) => {
    const own = histograms.filter((each) => each.epoch === epoch);
    const counts = own[0].counts.map((_, bin) => own.reduce((sum, each) => sum + each.counts[bin], 0));
    return { epoch, layer: '', edges: own[0].edges, counts };
  });
}

function figure(title: string, histograms: readonly ScaleHistogram[]): Figure {
  const shown = spread([...histograms].sort((a, b) => a.epoch - b.epoch));
  const bins = shown.flatMap(({ epoch, edges, counts }) =>
    counts.map((count, i) => ({ epoch, from: edges[i], to: edges[i + 1], count })),
  );
  return {
    title,
    description: `Channels by the size of their batch-norm scale after ${shown.length === 1 ? 'an epoch' : `${shown.length} of the epochs`}.`,
    options: {
      height: 100 + 76 * shown.length,
      marginLeft: 64,
      marginRight: 90,
      x: { label: '|gamma|' },
      y: { label: 'channels', ticks: 2, grid: true },
      fy: { label: null, padding: 0.4 },
      marks: [
        axisFy({ label: null, tickFormat: (epoch: number) => `epoch ${epoch}` }),
        rectY(bins, { x1: 'from', x2: 'to', y: 'count', fy: 'epoch', fill: palette[0], insetLeft: 0.5 }),
        ruleY([0]),
      ],
    },
  };
}

function spread<T>(all: readonly T[]): T[] {
  if (all.length <= MOST_EPOCHS) return [...all];
  return Array.from(
    { length: MOST_EPOCHS },
    (_, i) => all[Math.round((i * (all.length - 1)) / (MOST_EPOCHS - 1))],
  );
}
