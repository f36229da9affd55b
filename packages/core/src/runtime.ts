import type { Model } from './model.js';
import type { LoweringTable } from './lowering.js';
import type { Tensor } from './tensor.js';

/** What one layer of an inference cost; layers that are computed together, row by row, are one. */
export interface LayerCost {
  /** Its output; of layers that are computed together all of them. */
  readonly name: string;
  readonly op: string;
  readonly macs: number;
  readonly instructions: number;
  readonly estimatedCycles?: number;
  /** Weights, biases and per-channel multipliers; those that layers share count for the first. */
  readonly weightBytes: number;
}

/** What one inference cost on an emulated target. */
export interface RunCost {
  /** Executed instructions of the last inference. */
  readonly instructions: number;
  /** Tensors and scratch planned together. */
  readonly arenaBytes: number;
  /** Other static RAM. */
  readonly scratchBytes: number;
  /** High-water mark of an inference. */
  readonly stackBytes: number;
  /** The most stack that an inference can take, by the call graph. */
  readonly worstStackBytes?: number;
  /** Linked text, rodata and initialized data of the model, its kernels and what they pull from libraries; no weights. */
  readonly flashBytes: number;
  /** The part of `flashBytes` that is code. */
  readonly codeBytes: number;
  /** Weights, biases and per-channel multipliers. */
  readonly weightBytes: number;
  /** With the runtime's option `layers`, the functions that the code consists of, largest first. */
  readonly functions?: readonly { readonly name: string; readonly bytes: number }[];
  /** From a table of cycles per instruction, with the runtime's option `layers`, for cores that have one. */
  readonly estimatedCycles?: number;
  /** With the runtime's option `layers`, in order. */
  readonly layers?: readonly LayerCost[];
}

/**
 * One model with the inputs to run it on. They are one stream: a case begins with the model's initial states, and each
 * inference with what the one before it left.
 */
export interface RunCase {
  readonly model: Model;
  /** For each inference, in order, the model's inputs, in the model's order. */
  readonly inputs: readonly (readonly Tensor[])[];
}

export interface RunResult {
  /** For each inference the model's outputs, in the model's order. */
  readonly outputs: readonly (readonly Tensor[])[];
  /** Only of emulated targets. */
  readonly cost?: RunCost;
}

export interface RuntimeContext {
  readonly lowerings: LoweringTable;
  /** Turns a model into .tflite bytes, for the runtimes that read them. */
  toTflite(model: Model): Promise<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Options of the runtime, as it names them; one that has none ignores them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Called as inferences are complete, with their number so far over all cases, by runtimes that know it. */
  readonly onInference?: (done: number) => void;
}

/** Runs models and says what came out and what it cost. */
export interface Runtime {
  readonly name: string;
  readonly description: string;
  /** Why it can't run here, or undefined where it can. */
  unavailable(): Promise<string | undefined>;
  /**
   * Runs all cases, the inferences of each in order; the results are in their order. Several models go into one binary, or
   * one process, where that pays; no state of one case is seen by another.
   * @throws TARGET_UNAVAILABLE, OP_UNSUPPORTED
   */
  run(cases: readonly RunCase[], context: RuntimeContext): Promise<RunResult[]>;
}
