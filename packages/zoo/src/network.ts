import { createRandom, ModelBuilder, softmax, WhittleError } from '@whittle/core';
import type { Id, Model, Preprocess, Random } from '@whittle/core';
import { denseLayer } from './layers.js';
import { glorotUniform } from './initializers.js';

/** What all networks of this package take. */
export interface NetworkOptions {
  /** Draws the initial weights, each parameter from a stream of its own name; `createRandom(0)` unless told. */
  readonly random?: Random;
  /** Initial scale of batch norms: 1 unless told; Network Slimming starts from 0.5. */
  readonly gamma?: number;
  /** Added to variances by batch norms, above 0: 1e-3 unless told. */
  readonly epsilon?: number;
  /** Number of classes, at least 2; that of `labels`, or the network's usual one, unless told. */
  readonly classes?: number;
  /** Names of the classes, written to the model's output. */
  readonly labels?: readonly string[];
  /** How raw data becomes the input, written to the model's input; a data set of @whittle/datasets has one. */
  readonly preprocess?: Preprocess;
}

/** A network under construction: blocks add to the builder and draw parameters from `random`. */
export interface Network {
  readonly builder: ModelBuilder;
  readonly random: Random;
  readonly gamma: number;
  readonly epsilon: number;
}

/** What a classifier is, beside its options. */
export interface ClassifierDefinition {
  readonly name: string;
  /** Extents of one example. */
  readonly input: readonly number[];
  /** Number of classes where options don't tell. */
  readonly classes: number;
  /** From the input [batch, ...] to features [batch, F]. */
  features(network: Network, input: Id): Id;
}

/**
 * Builds a model that ends in a dense layer and softmax: input 'input' [batch, ...definition.input], output
 * 'probabilities' [batch, classes].
 * @throws OPTION_INVALID
 */
export function buildClassifier(definition: ClassifierDefinition, options: NetworkOptions): Model {
  const { random = createRandom(0), gamma = 1, epsilon = 1e-3, labels, preprocess } = options;
  const classes = options.classes ?? labels?.length ?? definition.classes;
  expectInteger('classes', classes, 2);
  expectOption(
    labels === undefined || labels.length === classes,
    () => `labels must name ${classes} classes, found ${labels?.length}`,
  );
  expectOption(Number.isFinite(gamma), () => `gamma must be a finite number, found ${gamma}`);
  expectOption(
    Number.isFinite(epsilon) && epsilon > 0,
    () => `epsilon must be a positive number, found ${epsilon}`,
  );
  const builder = new ModelBuilder(definition.name);
  const network: Network = { builder, random, gamma, epsilon };
  const input = builder.input('input', ['batch', ...definition.input], preprocess && { preprocess });
  const features = definition.features(network, input);
  const logits = denseLayer(network, 'logits', features, { units: classes, initializer: glorotUniform });
  builder.output(
    builder.node('probabilities', softmax, { beta: 1 }, [logits]),
    labels && { labels: [...labels] },
  );
  return builder.finish();
}

/** @throws OPTION_INVALID unless `value` is an integer of at least `least`. */
export function expectInteger(option: string, value: number, least: number): void {
  expectOption(
    Number.isInteger(value) && value >= least,
    () => `${option} must be an integer of at least ${least}, found ${value}`,
  );
}

/** @throws OPTION_INVALID unless the condition holds. */
export function expectOption(condition: boolean, message: () => string): void {
  if (!condition) throw new WhittleError('OPTION_INVALID', message());
}
