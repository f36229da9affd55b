import type { Model, Runtime, Tensor } from '@whittle/core';

/** How far an output may lie from the reference: steps of an integer type, or an absolute difference of floats. */
export type Tolerance = 'exact' | number;

/** One model with inputs, whose outputs every runtime must agree on. */
export interface SuiteCase {
  /** Unique in its suite, and enough to find the case again: seed, shapes, options. */
  readonly name: string;
  readonly model: Model;
  /** For each inference the model's inputs, in the model's order. */
  readonly inputs: readonly (readonly Tensor[])[];
  readonly tolerance: Tolerance;
}

/** Cases of one subject, such as one op. */
export interface Suite {
  readonly name: string;
  cases(): readonly SuiteCase[];
}

/** Something that a runtime can't do, and why. A gap that passes fails the run: then it is to be taken off the list. */
export interface KnownGap {
  readonly suite: string;
  /** Which cases, by name; all where it is left out. */
  readonly cases?: RegExp;
  readonly reason: string;
}

/** A runtime with what is known of it. */
export interface TestedRuntime {
  readonly runtime: Runtime;
  /** Where the runtime is not held to a case's own tolerance. */
  tolerance?(suite: Suite, suiteCase: SuiteCase): Tolerance;
  readonly knownGaps?: readonly KnownGap[];
}
