import { WhittleError } from '@whittle/core';
import type { Tensor } from '@whittle/core';

/** Gathers one number over the batches of an epoch. */
export interface MetricAccumulator {
  /** The model's outputs for a batch, and its labels. */
  add(outputs: readonly Tensor[], labels: Tensor): void;
  value(): number;
  /** All that was gathered, for a checkpoint within an epoch; one that lacks it can't be in such a run. */
  save?(): readonly number[];
  /** Goes on from what `save` gave. */
  restore?(gathered: readonly number[]): void;
}

/** A figure of merit. Anyone's own will do. */
export interface Metric {
  readonly name: string;
  /** Which direction is better. */
  readonly goal: 'max' | 'min';
  start(): MetricAccumulator;
  /** The value as people read it; 4 significant digits unless told. */
  format?(value: number): string;
}

export function formatMetric(metric: Metric, value: number): string {
  return metric.format?.(value) ?? value.toPrecision(4);
}

/**
 * Share of examples whose largest output is that of the right class, 0 to 1. Labels are class numbers, int32 [N], or rows,
 * float32 [N, C], of which the largest counts.
 */
export function accuracy(output = 0): Metric {
  return {
    name: 'accuracy',
    goal: 'max',
    format: (value) => `${(100 * value).toFixed(2)}%`,
    start() {
      let right = 0;
      let total = 0;
      return {
        add(outputs, labels) {
          const scores = outputs[output];
          const classes = scores.shape[scores.shape.length - 1];
          const expected = labels.dtype === 'int32' ? labels.data : largest(labels, classes);
          const found = largest(scores, classes);
          if (found.length !== expected.length)
            throw new WhittleError(
              'SHAPE_MISMATCH',
              `accuracy: ${found.length} rows of outputs need as many labels, found ${expected.length}`,
            );
          for (let i = 0; i < found.length; i++) if (found[i] === expected[i]) right++;
          total += found.length;
        },
        value: () => right / total,
        save: () => [right, total],
        restore: (gathered) => void ([right, total] = gathered),
      };
    },
  };
}

/** Index of the largest element of each row; the first where several are. */
function largest({ data }: Tensor, width: number): Int32Array {
  const indices = new Int32Array(data.length / width);
  for (let row = 0; row < indices.length; row++) {
    let best = 0;
    for (let i = 1; i < width; i++) if (data[row * width + i] > data[row * width + best]) best = i;
    indices[row] = best;
  }
  return indices;
}

/** Mean over all elements of (output - label)^2. */
export function squaredError(output = 0): Metric {
  return {
    name: 'squared-error',
    goal: 'min',
    start() {
      let sum = 0;
      let total = 0;
      return {
        add(outputs, labels) {
          const found = outputs[output].data;
          for (let i = 0; i < found.length; i++) sum += (Number(found[i]) - Number(labels.data[i])) ** 2;
          total += found.length;
        },
        value: () => sum / total,
        save: () => [sum, total],
        restore: (gathered) => void ([sum, total] = gathered),
      };
    },
  };
}
