import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type * as tfjs from '@tensorflow/tfjs';
import { WhittleError } from '@whittle/core';
import { registerFusedKernels } from './kernels/register.js';

/** The tensor library. There is one copy, `scope.tf` or `loadTensorFlow()`; import nothing but types from it. */
export type TensorFlow = typeof tfjs;
/** A tensor of the library; `Tensor` is core's. */
export type TfTensor = tfjs.Tensor;

export interface TensorFlowOptions {
  /**
   * Threads of one operation; the number of processors unless told, or what TF_NUM_INTRAOP_THREADS says. Another number
   * gives other last bits. It is fixed by the first call in a process.
   */
  readonly threads?: number;
}

const require = createRequire(import.meta.url);
let loaded: TensorFlow | undefined;

/**
 * Loads native TensorFlow (@tensorflow/tfjs-node), once a process. Computations repeat to the bit on one machine with one
 * number of threads.
 * @throws TARGET_UNAVAILABLE where it isn't installed or can't be loaded
 */
export function loadTensorFlow(options: TensorFlowOptions = {}): Promise<TensorFlow> {
  try {
    return Promise.resolve((loaded ??= load(options)));
  } catch (cause) {
    return Promise.reject(unavailable(cause));
  }
}

/** Why native TensorFlow can't be used here, or undefined where it can. */
export async function tensorFlowUnavailable(): Promise<string | undefined> {
  try {
    await loadTensorFlow();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function load({ threads = availableParallelism() }: TensorFlowOptions): TensorFlow {
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  defineRemovedUtilities();
  const tf = require('@tensorflow/tfjs-node') as TensorFlow;
  registerFusedKernels(tf);
  return tf;
}

/** tfjs-node calls functions of `util` that Node 22 warns of and Node 23 lacks. */
function defineRemovedUtilities(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

function unavailable(cause: unknown): WhittleError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new WhittleError(
    'TARGET_UNAVAILABLE',
    `training needs native TensorFlow, the npm package @tensorflow/tfjs-node with its binding, which doesn't load here: ${reason}`,
    { cause },
  );
}
