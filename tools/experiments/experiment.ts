import type { BatchSource, Model, Pass } from '@whittle/core';
import type { Dataset } from '@whittle/datasets';

/** What one network of an experiment came to, from one seed. */
export interface ExperimentRow {
  /** What was done to it, such as `pruned, 80% of each layer`. */
  readonly network: string;
  readonly seed: number;
  /** Test examples that it gets wrong, in percent. */
  readonly error: number;
  readonly parameters: number;
  readonly macs: number;
  /** Wall-clock seconds from the start of the seed's run until this row; they depend on the machine. */
  readonly seconds: number;
}

/** The two parts of a data set. */
export interface Parts {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** What an experiment works with. */
export interface ExperimentContext {
  readonly parts: Parts;
  readonly seed: number;
  /** Runs passes on a model, with progress, from this seed. */
  apply(model: Model, ...passes: readonly Pass[]): Promise<Model>;
  /** Measures a network on the test examples and adds its row. */
  row(network: string, model: Model): Promise<void>;
}

/** A paper's experiment that runs here. */
export interface Experiment {
  readonly title: string;
  /** The paper, and which of its tables. */
  readonly source: string;
  /** The paper's figures: network, and what it says of it. */
  readonly paper: readonly (readonly [network: string, figures: string])[];
  /** How it is done here, and what differs from the paper: sentences. */
  readonly setting: readonly string[];
  /** Reads the data from a folder. */
  load(folder: string): Promise<Parts>;
  /** The test examples as the networks take them. */
  testBatches(test: Dataset): BatchSource;
  run(context: ExperimentContext): Promise<void>;
}
