import { fitsPattern, selectChannels } from '@whittle/channel-pruning';
import type { RankedGroup } from '@whittle/channel-pruning';
import { channelGroups, definePass, removeChannels, throwIfAborted } from '@whittle/core';
import type { BatchSource, ChannelGroup, Evaluator, Model, Random } from '@whittle/core';
import { accuracy, batchSourceOption, measure } from '@whittle/train';
import type { Metric } from '@whittle/train';
import { z } from 'zod';
import { rankByMagnitude } from './rank-by-magnitude.js';

/** What a metric says of the model without some channels of one group. */
export interface SensitivityRow {
  /** Name of the group. */
  readonly group: string;
  /** Share of its channels that was to go. */
  readonly ratio: number;
  /** Channels that went. */
  readonly removed: number;
  readonly metric: number;
}

export interface SensitivityOptions {
  /** Shares of a group's channels, 0 to 1; one channel of each block stays at least. */
  readonly ratios: readonly number[];
  readonly data: BatchSource;
  readonly metric: Metric;
  readonly evaluator: Evaluator;
  readonly random?: Random;
  readonly signal?: AbortSignal;
  /** Called after each group. */
  readonly onGroup?: (done: number) => void;
}

/**
 * How much a metric suffers as each group alone loses a share of its channels, the least important first (Li et al. 2017,
 * section 3.2), without fine-tuning. Rows are in order of groups and ratios.
 * @throws DATASET_INVALID, ABORTED
 */
export async function sensitivityOf(
  model: Model,
  ranked: readonly RankedGroup[],
  { ratios, data, metric, onGroup, ...options }: SensitivityOptions,
): Promise<SensitivityRow[]> {
  const limits = { floor: 1, cap: 1, multiple: 1 };
  const rows: SensitivityRow[] = [];
  for (const [i, each] of ranked.entries()) {
    for (const ratio of ratios) {
      throwIfAborted(options.signal);
      const { removals } = selectChannels([each], ratio, limits);
      const removed = removals.reduce((sum, { channels }) => sum + channels.length, 0);
      const found = await measure(removeChannels(model, removals).model, data, [metric], options);
      rows.push({ group: each.group.name, ratio, removed, metric: found[metric.name] });
    }
    onGroup?.(i + 1);
  }
  return rows;
}

/** Gives groups of a model the importance of their channels. */
export type Criterion = (
  model: Model,
  groups: readonly ChannelGroup[],
) => readonly RankedGroup[] | Promise<readonly RankedGroup[]>;

/** Reports how sensitive each group is, for whoever chooses ratios or plots it; the model stays the very same. */
export const scanSensitivity = definePass({
  name: 'pruning/scan-sensitivity',
  description:
    'Measures what the model loses as each group alone loses a share of its channels; changes nothing',
  options: z
    .object({
      data: batchSourceOption,
      ratios: z.array(z.number().min(0).max(1)).nonempty().default([0.1, 0.3, 0.5, 0.7, 0.9]),
      /** Accuracy unless told. */
      metric: z
        .custom<Metric>(
          (value) => typeof (value as Metric | undefined)?.start === 'function',
          'must be a metric',
        )
        .default(() => accuracy()),
      /** Which channels of a group go first; by the L1 norm of their filters unless told. */
      criterion: z
        .custom<Criterion>(
          (value) => typeof value === 'function',
          'must be a function of a model and its groups',
        )
        .default(() => rankByMagnitude),
      /** Names of groups to leave out; `*` stands for any characters. */
      exclude: z.array(z.string()).default([]),
    })
    .strict(),
  changes: [],
  async run(model, context, { criterion, exclude, metric, ...options }) {
    const groups = channelGroups(model).groups.filter(
      ({ name }) => !exclude.some((pattern) => fitsPattern(name, pattern)),
    );
    const ranked = await criterion(model, groups);
    const task = context.progress('scanning sensitivity', ranked.length);
    try {
      const { evaluator, random, signal } = context;
      const full = await measure(model, options.data, [metric], { evaluator, random, signal });
      const rows = await sensitivityOf(model, ranked, {
        ...options,
        metric,
        evaluator,
        random,
        signal,
        onGroup: (done) => task.update(done),
      });
      return { model, report: { metric: metric.name, full: full[metric.name], rows } };
    } finally {
      task.finish();
    }
  },
});
