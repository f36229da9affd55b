import {
  add,
  attributesOf,
  clampOf,
  hardSwish,
  isOp,
  pad,
  prelu,
  sub,
  typeOf,
  WhittleError,
} from '@whittle/core';
import type { FusedActivation, Id, Model, Node } from '@whittle/core';
import { sameScale, scaleRuleOf } from '@whittle/int8';
import type { ActivationDType, ActivationScale } from '@whittle/int8';
import { activationScaleOf, representable } from './activation-scale.js';
import { isLinear } from './linear-ops.js';
import type { Range } from './observers.js';
import { recurrentParameters, recurrentTies, stateScaleOf, wideStates } from './recurrent-scales.js';
import { unite } from './union-find.js';

/**
 * Chooses a scale and zero point for every activation and every constant operand. Values around a kernel that doesn't
 * rescale (pooling, concat, reshape, maximum ...) share the union of their ranges, and so do a state and what replaces it; a
 * softmax, sigmoid or tanh has the kernel's own scale, which copies of it share. Where a shared scale isn't possible, legalization rescales. Activations
 * are of type `dtype`, but for states of kernels that keep them as int16.
 */
export function chooseScales(
  model: Model,
  ranges: ReadonlyMap<Id, Range>,
  dtype: ActivationDType = 'int8',
): Map<Id, ActivationScale> {
  const all = withMargins(model, new Map([...ranges, ...constantRanges(model)]));
  const fixed = fixedScales(model, dtype);
  const moving = model.nodes
    .filter((node) => scaleRuleOf(node.op, dtype)?.kind === 'equal')
    .map((node) => [...node.inputs, ...node.outputs].filter((id) => typeOf(model, id).dtype === 'float32'));
  const states = model.states.map((state) => [state.in, state.out]);
  const ties = [...moving, ...states, ...model.nodes.flatMap(recurrentTies)];
  const wide = wideStates(model);
  const scales = new Map<Id, ActivationScale>();
  for (const group of unite(all.keys(), ties)) {
    const [kind] = group.flatMap((id) => wide.get(id) ?? []);
    const shared = kind
      ? stateScaleOf(unionOf(model, group, all), kind)
      : groupScale(model, group, all, fixed, dtype);
    for (const id of group) scales.set(id, fixed.get(id) ?? shared);
  }
  for (const node of model.nodes)
    if (isOp(node, prelu)) {
      // The slopes, which the kernels take as int8 whatever the activations are.
      const [, slopes] = node.inputs;
      if (model.parameters.has(slopes)) scales.set(slopes, activationScaleOf(rangeOf(model, all, slopes)));
    }
  return raiseScales(model, scales, all, dtype);
}

function groupScale(
  model: Model,
  group: readonly Id[],
  ranges: ReadonlyMap<Id, Range>,
  fixed: ReadonlyMap<Id, ActivationScale>,
  dtype: ActivationDType,
): ActivationScale {
  const free = group.filter((id) => !fixed.has(id));
  const [given, ...others] = group.flatMap((id) => fixed.get(id) ?? []);
  const widest = unionOf(model, free, ranges);
  if (given && others.every((other) => sameScale(other, given)) && holds(given, widest)) return given;
  return activationScaleOf(widest, dtype);
}

/** The smallest range that holds those of some values, and zero. */
function unionOf(model: Model, ids: readonly Id[], ranges: ReadonlyMap<Id, Range>): Range {
  const each = ids.map((id) => rangeOf(model, ranges, id));
  return [Math.min(0, ...each.map((r) => r[0])), Math.max(0, ...each.map((r) => r[1]))];
}

/** Whether a quantization represents a range; one step beyond the end is the kernel's own saturation. */
function holds(scale: ActivationScale, [low, high]: Range): boolean {
  const [min, max] = representable(scale);
  return low >= min - scale.scale && high <= max + scale.scale;
}

function rangeOf(model: Model, ranges: ReadonlyMap<Id, Range>, id: Id): Range {
  const range = ranges.get(id);
  if (!range) throw new WhittleError('MODEL_INVALID', `${model.name}: '${id}' has no calibrated range`);
  return range;
}

function fixedScales(model: Model, dtype: ActivationDType): Map<Id, ActivationScale> {
  const fixed = new Map<Id, ActivationScale>();
  for (const node of model.nodes) {
    const rule = scaleRuleOf(node.op, dtype);
    if (rule?.kind === 'fixed') fixed.set(node.outputs[0], { ...rule.scale, dtype });
  }
  return fixed;
}

/** Widens the ranges of padded values by what they are padded with, which kernels store even where margins are empty. */
function withMargins(model: Model, ranges: Map<Id, Range>): Map<Id, Range> {
  for (const node of model.nodes)
    if (isOp(node, pad)) {
      const { value } = attributesOf(node, pad);
      const [low, high] = rangeOf(model, ranges, node.outputs[0]);
      ranges.set(node.outputs[0], [Math.min(low, value), Math.max(high, value)]);
    }
  return ranges;
}

/** Ranges of parameters that element-wise ops and the like, and states, take as if they were activations. */
function constantRanges(model: Model): Map<Id, Range> {
  const ranges = new Map<Id, Range>();
  const operands = model.nodes.flatMap((node) => {
    const weights = recurrentParameters(node);
    return isLinear(node) ? node.inputs.slice(0, 1) : node.inputs.filter((_, i) => !weights.has(i));
  });
  for (const id of [...operands, ...model.states.map((state) => state.out)]) {
    const { dtype, data } = model.parameters.get(id)?.tensor ?? {};
    if (dtype === 'float32' && data instanceof Float32Array)
      ranges.set(id, [data.reduce((a, b) => Math.min(a, b), 0), data.reduce((a, b) => Math.max(a, b), 0)]);
  }
  return ranges;
}

/** Widens results whose scale would be too fine for the kernel's multiplier, beside its operands'. */
function raiseScales(
  model: Model,
  scales: Map<Id, ActivationScale>,
  ranges: ReadonlyMap<Id, Range>,
  dtype: ActivationDType,
): Map<Id, ActivationScale> {
  for (const node of model.nodes) {
    const [result] = node.outputs;
    const least = leastScale(node, (id) => scales.get(id)?.scale ?? 0, dtype);
    if ((scales.get(result)?.scale ?? Infinity) < least)
      scales.set(result, activationScaleOf(rangeOf(model, ranges, result), dtype, least));
  }
  return scales;
}

/** The smallest scale that a node's kernel can write. Margins of a quarter and more, for the rounding of float32. */
function leastScale(node: Node, scaleOf: (id: Id) => number, dtype: ActivationDType): number {
  const coarsest = Math.max(...node.inputs.map(scaleOf));
  if (isOp(node, hardSwish)) return coarsest / 100;
  // Sums are lifted by 20 bits, of int16 by 15.
  const ofSum = isOp(node, add) || isOp(node, sub) ? coarsest * 2 ** (dtype === 'int8' ? -18 : -13) : 0;
  return Math.max(ofSum, clampScale(node));
}

/** The smallest scale at which the bounds of a node's fused activation are integers of 32 bits. */
function clampScale({ attributes }: Node): number {
  const { activation } = attributes as { readonly activation?: FusedActivation };
  const bounds = activation ? clampOf(activation).filter(Number.isFinite) : [];
  return Math.max(0, ...bounds.map(Math.abs)) / 2 ** 30;
}
