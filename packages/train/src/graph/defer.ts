import { isNative } from '../kernels/native.js';
import type { NativeBinding } from '../kernels/native.js';
import type { TensorFlow } from '../tensorflow.js';
import { DeferredOps } from './deferred-ops.js';
import { StepGraphs } from './step-graphs.js';

/** Computes with ops that wait until a value is read, and then run as one graph. */
export interface Deferral {
  run<T>(compute: () => T): T;
  dispose(): void;
}

let deferred: DeferredOps | undefined;

/** Makes ops of the native backend able to wait; once a process, before there are tensors. */
export function installDeferredOps(tf: TensorFlow): void {
  const backend = tf.backend() as unknown as { binding: NativeBinding };
  deferred = new DeferredOps(backend.binding);
  backend.binding = deferred.binding;
}

/**
 * Lets the ops of a step run as one graph of TensorFlow's, which is compiled in the first step and kept until it is disposed of.
 * Other backends than the native one compute as ever.
 */
export function deferralOf(tf: TensorFlow): Deferral {
  const ops = deferred;
  if (!isNative(tf) || !ops) return { run: (compute) => compute(), dispose: () => undefined };
  const graphs = new StepGraphs(ops.binding);
  return { run: (compute) => ops.defer(graphs, compute), dispose: () => graphs.dispose() };
}
