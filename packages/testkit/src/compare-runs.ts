import { concrete, sizeOf, typeOf, WhittleError } from '@whittle/core';
import type { Id, Model, Runtime, RuntimeContext, Tensor } from '@whittle/core';
import { firstDifference } from './difference.js';
import type { Difference } from './difference.js';
import { exposeValues } from './expose-values.js';
import { convertInputs, realValues } from './real-values.js';
import type { Tolerance } from './suite.js';

/** A model on a runtime. */
export interface RunSide {
  readonly model: Model;
  readonly runtime: Runtime;
}

export interface CompareOptions {
  /**
   * What counts as equal, `exact` unless told. In steps where at least one side is quantized (of the larger scale where
   * the two differ), else absolute.
   */
  readonly tolerance?: Tolerance;
}

/** One computed value of both sides. */
export interface ValueComparison {
  readonly a: Id;
  readonly b: Id;
  /** The op that computes it in `a`. */
  readonly op: string;
  readonly elements: number;
  /** Largest difference over all inputs, in the unit of the tolerance. */
  readonly largest: number;
  readonly unit: 'steps' | 'absolute';
  /** Where the sides first part beyond the tolerance; `input` counts from 0. Undefined where they don't. */
  readonly difference?: Difference & { readonly input: number };
}

export interface RunComparison {
  /** Values that both sides have, in the order in which `a` computes them. */
  readonly values: readonly ValueComparison[];
  /** The first of them that differs. */
  readonly first?: ValueComparison;
  /** Computed values that have no partner on the other side. */
  readonly unmatched: { readonly a: readonly Id[]; readonly b: readonly Id[] };
}

/**
 * Runs two models, or one on two runtimes, on the same inputs, and compares them layer by layer: computed values of one
 * name and size are partners, and so are outputs in the models' order. Inputs have the types of either model.
 * @throws MODEL_INVALID where the models share no value; SHAPE_MISMATCH and what the runtimes throw
 */
export async function compareRuns(
  a: RunSide,
  b: RunSide,
  inputs: readonly (readonly Tensor[])[],
  context: RuntimeContext,
  options: CompareOptions = {},
): Promise<RunComparison> {
  const pairs = matchValues(a.model, b.model);
  if (pairs.length === 0)
    throw new WhittleError(
      'MODEL_INVALID',
      `${a.model.name} and ${b.model.name} have no value of one name and size in common`,
    );
  const [left, right] = [await valuesOf(a, inputs, context), await valuesOf(b, inputs, context)];
  const ops = new Map(a.model.nodes.flatMap((node) => node.outputs.map((id) => [id, node.op.name] as const)));
  const values = pairs.map(([idA, idB]): ValueComparison => {
    const compared = compareValue(left.get(idA)!, right.get(idB)!, options.tolerance ?? 'exact');
    return { a: idA, b: idB, op: ops.get(idA)!, ...compared };
  });
  return {
    values,
    first: values.find(({ difference }) => difference),
    unmatched: {
      a: without(computed(a.model), new Set(pairs.map(([id]) => id))),
      b: without(computed(b.model), new Set(pairs.map(([, id]) => id))),
    },
  };
}

function computed(model: Model): Id[] {
  return model.nodes.flatMap((node) => node.outputs);
}

function without(ids: readonly Id[], known: ReadonlySet<Id>): Id[] {
  return ids.filter((id) => !known.has(id));
}

/** Partners, in the order of `a`. */
function matchValues(a: Model, b: Model): [Id, Id][] {
  const size = (model: Model, id: Id) => sizeOf(concrete(typeOf(model, id).shape));
  const ofB = new Set(computed(b));
  const atOutput = new Map(a.outputs.map((output, i) => [output.id, b.outputs[i]?.id]));
  const taken = new Set<Id>();
  return computed(a).flatMap((id): [Id, Id][] => {
    const fits = (other: Id | undefined): other is Id =>
      other !== undefined && ofB.has(other) && !taken.has(other) && size(a, id) === size(b, other);
    const partner = [id, atOutput.get(id)].find(fits);
    if (partner === undefined) return [];
    taken.add(partner);
    return [[id, partner]];
  });
}

/** Every computed value, for each inference. */
async function valuesOf(
  { model, runtime }: RunSide,
  inputs: readonly (readonly Tensor[])[],
  context: RuntimeContext,
): Promise<Map<Id, Tensor[]>> {
  const exposed = exposeValues(model);
  const converted = inputs.map((inference) => convertInputs(inference, model));
  const [{ outputs }] = await runtime.run([{ model: exposed, inputs: converted }], context);
  const typed = (id: Id, value: Tensor): Tensor => ({
    ...value,
    quantization: typeOf(model, id).quantization,
  });
  return new Map(
    exposed.outputs.map(({ id }, i) => [id, outputs.map((values) => typed(id, values[i]))] as const),
  );
}

function compareValue(a: readonly Tensor[], b: readonly Tensor[], tolerance: Tolerance) {
  const [first, second] = [a[0], b[0]];
  const { comparable, step } = comparison(first, second);
  const limit = tolerance === 'exact' ? 0 : tolerance;
  let largest = 0;
  let difference: ValueComparison['difference'];
  a.forEach((value, input) => {
    const pair = comparable
      ? ([value, b[input]] as const)
      : ([realValues(value), realValues(b[input])] as const);
    largest = Math.max(largest, (firstDifference(...pair)?.largest ?? 0) / step);
    const found = firstDifference(...pair, limit * step);
    if (found) difference ??= { ...found, largest: found.largest / step, input };
  });
  const quantized = first.dtype !== 'float32' || second.dtype !== 'float32';
  const unit: ValueComparison['unit'] = quantized ? 'steps' : 'absolute';
  return { elements: first.data.length, largest, unit, difference };
}

/** Whether stored values can be compared as they are, else the real size of a step. */
function comparison(a: Tensor, b: Tensor): { readonly comparable: boolean; readonly step: number } {
  const scales = [a, b].map(({ quantization: q }) => (q?.scale.length === 1 ? q.scale[0] : 0));
  const zeroPoints = [a, b].map(({ quantization: q }) => q?.zeroPoint[0]);
  const comparable = a.dtype === b.dtype && scales[0] === scales[1] && zeroPoints[0] === zeroPoints[1];
  return { comparable, step: comparable ? 1 : Math.max(...scales) || 1 };
}
