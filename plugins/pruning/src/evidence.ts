import { createRandom, throwIfAborted, WhittleError } from '@whittle/core';
import type { Batch, BatchSource, Evaluator, LoweringTable, Random } from '@whittle/core';

/** The examples that a criterion looks at, and what it evaluates them with. */
export interface Evidence {
  readonly data: BatchSource;
  /** Batches to take, from the first on; all of one epoch unless told. */
  readonly batches?: number;
  readonly evaluator: Evaluator;
  /** Fixes the order of shuffled data and what is sampled; seed 0 unless told. */
  readonly random?: Random;
  /** Lowerings of plugins' ops. */
  readonly lowerings?: LoweringTable;
  readonly signal?: AbortSignal;
}

/** The batches of the evidence, the same each time. @throws DATASET_INVALID where there is none, ABORTED */
export async function* evidenceBatches({ data, batches, random, signal }: Evidence): AsyncGenerator<Batch> {
  let taken = 0;
  for await (const batch of data.batches({ random: random ?? createRandom(0), epoch: 0 })) {
    if (taken === batches) return;
    throwIfAborted(signal);
    yield batch;
    taken++;
  }
  if (taken === 0) throw new WhittleError('DATASET_INVALID', 'pruning: there is no batch to look at');
}
