import { createRandom, ModelBuilder, WhittleError } from '@whittle/core';
import type { Id, ParameterRole, Preprocess, Random, Tensor } from '@whittle/core';
import { heNormal } from './initializers.js';
import type { Initializer } from './initializers.js';

/** What all networks of this package take. */
export interface NetworkOptions {
  /** Draws the initial weights, each parameter from a stream of its own name; `createRandom(0)` unless told. */
  readonly random?: Random;
  /**
   * Draws every weight, where told; else He's normal one does, and Glorot's uniform one those of the last layer. `zeros`
   * makes the largest network in no time, to be analyzed or to be filled.
   */
  readonly initializer?: Initializer;
  /** Initial scale of norms: 1 unless told; Network Slimming starts from 0.5. */
  readonly gamma?: number;
  /** Added to variances by norms, above 0: 1e-3 unless told. */
  readonly epsilon?: number;
  /** Extents of one example, [height, width, channels] of an image: those of the network's paper unless told. */
  readonly input?: readonly number[];
  /** How raw data becomes the input, written to the model's input; a data set of @whittle/datasets has one. */
  readonly preprocess?: Preprocess;
}

/** A network under construction: blocks add to the builder, and layers take their parameters from `parameter`. */
export interface Network {
  readonly builder: ModelBuilder;
  readonly gamma: number;
  readonly epsilon: number;
  /** A parameter, usually a new one; returns its id. */
  parameter(id: Id, role: ParameterRole, value: () => Tensor): Id;
  /** A weight by the network's initializer, or by `usual` where it has none. */
  weight(id: Id, shape: readonly number[], fanIn: number, fanOut: number, usual?: Initializer): Id;
}

/** Begins a network. @throws OPTION_INVALID */
export function createNetwork(name: string, options: NetworkOptions = {}): Network {
  const { random = createRandom(0), gamma = 1, epsilon = 1e-3, initializer } = options;
  expectOption(Number.isFinite(gamma), () => `gamma must be a finite number, found ${gamma}`);
  expectOption(
    Number.isFinite(epsilon) && epsilon > 0,
    () => `epsilon must be a positive number, found ${epsilon}`,
  );
  const builder = new ModelBuilder(name);
  return {
    builder,
    gamma,
    epsilon,
    parameter: (id, role, value) => builder.parameter(id, value(), role),
    weight(id, shape, fanIn, fanOut, usual = heNormal) {
      const draw = initializer ?? usual;
      return this.parameter(id, 'weight', () => draw(random.at(id), shape, fanIn, fanOut));
    },
  };
}

/**
 * The same network, in which a parameter that there is already is used again: blocks that are built twice under one prefix
 * of parameters share them. `named` gives the parameter's id from the one that a layer asks for.
 */
export function sharingParameters(network: Network, named: (id: Id) => Id): Network {
  const shared = new Map<Id, Id>();
  return {
    ...network,
    parameter(wanted, role, value) {
      const id = named(wanted);
      const known = shared.get(id) ?? network.parameter(id, role, value);
      shared.set(id, known);
      return known;
    },
  };
}

/** Declares the input of `options`, or of the usual extents: [batch, ...extents]. @throws OPTION_INVALID */
export function inputLayer(
  network: Network,
  id: Id,
  usual: readonly number[],
  { input = usual, preprocess }: Pick<NetworkOptions, 'input' | 'preprocess'> = {},
): Id {
  expectOption(
    input.length === usual.length,
    () =>
      `input must have ${usual.length} extents, as [${usual.join(', ')}] has, found [${input.join(', ')}]`,
  );
  input.forEach((extent, i) => expectInteger(`input[${i}]`, extent, 1));
  return network.builder.input(id, ['batch', ...input], preprocess && { preprocess });
}

/** @throws OPTION_INVALID unless `value` is an integer of at least `least`. */
export function expectInteger(option: string, value: number, least: number): void {
  expectOption(
    Number.isInteger(value) && value >= least,
    () => `${option} must be an integer of at least ${least}, found ${value}`,
  );
}

/** @throws OPTION_INVALID unless `value` is a number above 0. */
export function expectPositive(option: string, value: number): void {
  expectOption(
    Number.isFinite(value) && value > 0,
    () => `${option} must be a number above 0, found ${value}`,
  );
}

/** @throws OPTION_INVALID unless the condition holds. */
export function expectOption(condition: boolean, message: () => string): void {
  if (!condition) throw new WhittleError('OPTION_INVALID', message());
}
