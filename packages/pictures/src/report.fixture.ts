import type { ReportData } from './report-data.js';

const edges = Array.from({ length: 21 }, (_, i) => i / 20);
const layers = ['conv1', 'stage2/block1/conv1', 'stage3/block2/conv2'];

/** Data of every kind, with names that need care. */
export const reportData: ReportData = {
  title: 'ResNet-8 <pruned> & fine-tuned',
  histograms: [1, 2, 4, 8, 12, 16, 20].flatMap((epoch) =>
    layers.map((layer, k) => ({
      epoch,
      layer,
      edges,
      counts: edges.slice(1).map((x) => Math.round(40 * Math.exp(-(((x - 0.5 / epoch) * (3 + k)) ** 2)))),
    })),
  ),
  accuracies: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].flatMap((ratio) => [
    { ratio, accuracy: 0.88 / (1 + Math.exp(20 * (ratio - 0.55))), stage: 'before fine-tuning' as const },
    { ratio, accuracy: 0.88 - 0.08 * ratio ** 3, stage: 'after fine-tuning' as const },
  ]),
  channels: [
    { name: 'conv1', before: 16, after: 9 },
    { name: 'stage2/block1/conv1', before: 32, after: 12 },
    { name: 'stage3/block2/conv2', before: 64, after: 64 },
  ],
  tradeOffs: [
    { name: 'dense', macs: 12_501_632, accuracy: 0.882 },
    { name: 'slimming 50%', macs: 6_100_000, accuracy: 0.879 },
    { name: 'L1 norm 50%', macs: 6_150_000, accuracy: 0.861 },
    { name: 'scratch', macs: 6_100_001, accuracy: 0.868 },
    { name: 'slimming 70%', macs: 3_400_000, accuracy: 0.851 },
  ],
  sensitivities: layers.flatMap((group, k) =>
    [0, 0.2, 0.4, 0.6, 0.8].map((ratio) => ({ group, ratio, metric: 0.88 - 0.2 * ratio ** (k + 1) })),
  ),
};
