import { isNative } from '../kernels/native.js';
import type { NativeBackend, NativeBinding } from '../kernels/native.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';
import { DeferredOps } from './deferred-ops.js';
import { StepGraphs } from './step-graphs.js';

/** Computes with ops that wait until a value is read, and then run as one graph. */
export interface Deferral {
  /**
   * What `compute` gives. `data` are the tensors of the batch: integers among them are fed to the graph, while others, when they
   * are few, are taken for shapes and axes, which are part of it.
   */
  run<T>(compute: () => T, data?: readonly TfTensor[]): T;
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
  const backend = tf.backend() as unknown as NativeBackend;
  return {
    run(compute, data = []) {
      // tfjs hands values to the library where an op first wants them.
      backend.getInputTensorIds(data);
      return ops.defer(graphs, compute);
    },
    dispose: () => graphs.dispose(),
  };
}
