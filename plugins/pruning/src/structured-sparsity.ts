import { WhittleError } from '@whittle/core';
import type { Id, Model, Parameter } from '@whittle/core';
import type { Penalty, Proximal, Schedule } from '@whittle/train';

/**
 * Which weights of a layer become zero together (Wen et al. 2016, figure 2).
 *
 * - `filters`: those of one output channel.
 * - `channels`: those of one input channel.
 * - `shapes`: those at one place of all filters: a tap of one input channel.
 * - `depth`: all of the layer, which a shortcut then bypasses.
 */
export type SparseStructure = 'filters' | 'channels' | 'shapes' | 'depth';

export interface StructuredSparsityOptions {
  readonly of: SparseStructure;
  /** Which weights; all weights of linear layers unless told. `depth` makes sense within shortcuts only. */
  readonly applies?: (parameter: Parameter) => boolean;
}

/** For each element of a weight the number of its group. */
interface Partition {
  readonly groupOf: Int32Array;
  readonly count: number;
}

/**
 * The group LASSO of structured sparsity learning: sum over groups of || w_g ||_2, with the subgradient w_g / || w_g ||_2, which
 * is 0 at 0 (Wen et al. 2016, section 3.1). Groups come near zero but never reach it: `groupSoftThreshold` does. Add several for
 * several structures. A depthwise convolution's filters are its channels.
 * @throws OPTION_INVALID where it applies to no weight of the model
 */
export function groupLasso(
  model: Model,
  weight: number | Schedule,
  options: StructuredSparsityOptions,
): Penalty {
  const partitions = partitionsOf(model, options);
  return {
    name: `group-lasso-${options.of}`,
    weight,
    applies: ({ id }) => partitions.has(id),
    addGradient(values, gradient, lambda, { id }) {
      const { groupOf, count } = partitions.get(id)!;
      const norms = normsOf(values, groupOf, count);
      for (let i = 0; i < values.length; i++) {
        const norm = norms[groupOf[i]];
        if (norm > 0) gradient[i] += (lambda * values[i]) / norm;
      }
      return norms.reduce((sum, norm) => sum + norm, 0);
    },
  };
}

/**
 * The proximal step of the same penalty: w_g <- w_g max(0, 1 - weight * rate / || w_g ||_2) (Yuan and Lin 2006), which makes whole
 * groups exactly zero.
 * @throws OPTION_INVALID where it applies to no weight of the model
 */
export function groupSoftThreshold(
  model: Model,
  weight: number,
  options: StructuredSparsityOptions,
): Proximal {
  const partitions = partitionsOf(model, options);
  return {
    name: `group-soft-threshold-${options.of}`,
    applies: ({ id }) => partitions.has(id),
    apply(values, learningRate, { id }) {
      const { groupOf, count } = partitions.get(id)!;
      const kept = normsOf(values, groupOf, count).map((norm) =>
        norm > 0 ? Math.max(0, 1 - (weight * learningRate) / norm) : 0,
      );
      for (let i = 0; i < values.length; i++)
        values[i] = kept[groupOf[i]] === 0 ? 0 : values[i] * kept[groupOf[i]];
    },
  };
}

function normsOf(values: Float32Array, groupOf: Int32Array, count: number): Float64Array {
  const squares = new Float64Array(count);
  for (let i = 0; i < values.length; i++) squares[groupOf[i]] += values[i] * values[i];
  return squares.map(Math.sqrt);
}

function partitionsOf(model: Model, { of, applies }: StructuredSparsityOptions): Map<Id, Partition> {
  const found = new Map<Id, Partition>();
  for (const { op, inputs } of model.nodes) {
    const parameter = op.linear && model.parameters.get(inputs[1]);
    if (!parameter || !(applies?.(parameter) ?? true)) continue;
    found.set(parameter.id, partition(parameter, op.linear!.outputAxes.length === 2, of));
  }
  if (found.size === 0)
    throw new WhittleError(
      'OPTION_INVALID',
      `structured sparsity (${of}): it applies to none of the weights of ${model.name}`,
    );
  return found;
}

/** Weights are [..., I, O], those of depthwise convolutions [kh, kw, C, M] with C * M filters of one channel each. */
function partition({ tensor: { shape } }: Parameter, isDepthwise: boolean, of: SparseStructure): Partition {
  const [inner, outer] = [shape[shape.length - 1], shape[shape.length - 2]];
  const size = shape.reduce((a, b) => a * b, 1);
  const number: Record<SparseStructure, (i: number) => number> = {
    filters: isDepthwise ? (i) => i % (inner * outer) : (i) => i % inner,
    channels: (i) => Math.floor(i / inner) % outer,
    shapes: isDepthwise ? (i) => Math.floor(i / (inner * outer)) : (i) => Math.floor(i / inner),
    depth: () => 0,
  };
  const groupOf = Int32Array.from({ length: size }, (_, i) => number[of](i));
  return { groupOf, count: groupOf.reduce((most, group) => Math.max(most, group + 1), 0) };
}
