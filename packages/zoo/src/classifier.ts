import { softmax } from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import { glorotUniform } from './initializers.js';
import { denseLayer } from './layers/dense.js';
import { createNetwork, expectInteger, expectOption, inputLayer } from './network.js';
import type { Network, NetworkOptions } from './network.js';

/** What all classifiers of this package take. */
export interface ClassifierOptions extends NetworkOptions {
  /** Number of classes, at least 2; that of `labels`, or the network's usual one, unless told. */
  readonly classes?: number;
  /** Names of the classes, written to the model's output. */
  readonly labels?: readonly string[];
}

/** What a classifier is, beside its options. */
export interface ClassifierDefinition {
  readonly name: string;
  /** Extents of one example where options don't tell. */
  readonly input: readonly number[];
  /** Number of classes where options don't tell. */
  readonly classes: number;
  /** From the input [batch, ...] to features [batch, F]. */
  features(network: Network, input: Id): Id;
}

/**
 * Builds a model that ends in a dense layer and softmax: input 'input' [batch, ...extents], output 'probabilities'
 * [batch, classes].
 * @throws OPTION_INVALID
 */
export function buildClassifier(definition: ClassifierDefinition, options: ClassifierOptions): Model {
  const classes = classesOf(options, definition.classes);
  const network = createNetwork(definition.name, options);
  const input = inputLayer(network, 'input', definition.input, options);
  const features = definition.features(network, input);
  const logits = denseLayer(network, 'logits', features, { units: classes, initializer: glorotUniform });
  probabilitiesOutput(network, logits, options);
  return network.builder.finish();
}

/** The number of classes. @throws OPTION_INVALID where it is below 2, or labels name another number */
export function classesOf({ classes: told, labels }: ClassifierOptions, usual: number): number {
  const classes = told ?? labels?.length ?? usual;
  expectInteger('classes', classes, 2);
  expectOption(
    labels === undefined || labels.length === classes,
    () => `labels must name ${classes} classes, found ${labels?.length}`,
  );
  return classes;
}

/** Softmax over the last axis as the output 'probabilities'. */
export function probabilitiesOutput(network: Network, logits: Id, { labels }: ClassifierOptions): void {
  network.builder.output(
    network.builder.node('probabilities', softmax, { beta: 1 }, [logits]),
    labels && { labels: [...labels] },
  );
}
