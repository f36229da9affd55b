import { decompose, dequantize, isOp, quantize, unsupported, viewNode } from '@whittle/core';
import type { Id, LoweringTable, Model, NodeView } from '@whittle/core';
import { coreTrainTable } from './lowerings/index.js';
import { TRAIN } from './lowering.js';
import type { LoweringScope, Mode, TrainLowering } from './lowering.js';
import type { TfTensor } from './tensorflow.js';

interface Step {
  readonly view: NodeView;
  readonly lowering: TrainLowering;
}

/** A model whose lowerings are loaded: it runs without waiting. */
export interface CompiledModel {
  readonly model: Model;
  readonly steps: readonly Step[];
}

/**
 * Loads the lowerings of all ops; ops without one are decomposed. Values keep their ids.
 * @throws OP_UNSUPPORTED where an op has neither, or works on quantized values (in inference quantize and dequantize do)
 */
export async function compileModel(
  model: Model,
  mode: Mode,
  lowerings: LoweringTable | undefined,
): Promise<CompiledModel> {
  const tableOf = (op: { name: string; version: number }) =>
    lowerings?.has(TRAIN, op) ? lowerings : coreTrainTable;
  const plain = decompose(model, (op) => tableOf(op).has(TRAIN, op));
  const steps: Step[] = [];
  for (const node of plain.nodes) {
    const view = viewNode(plain, node);
    const converts = isOp(node, quantize) || isOp(node, dequantize);
    if (!(converts && mode === 'inference') && [...view.inputs, ...view.outputs].some(isQuantized))
      throw unsupported(`${TRAIN.name} (floating point)`, node.op, view);
    steps.push({ view, lowering: await tableOf(node.op).get(TRAIN, node.op, view) });
  }
  return { model: plain, steps };
}

function isQuantized(type: { readonly dtype: string; readonly quantization?: object }): boolean {
  return type.quantization !== undefined || !['float32', 'int32', 'bool'].includes(type.dtype);
}

/** Puts another tensor of its shape in place of a computed value. */
export type Probe = (id: Id, value: TfTensor) => TfTensor;

/**
 * Computes every value of the model. `values` has the inputs, states and parameters, and gets the nodes' results, which
 * go on as `probe` returns them; a lowering sees a parameter's value as of its turn.
 */
export function runCompiled(
  { steps }: CompiledModel,
  values: Map<Id, TfTensor>,
  scope: LoweringScope,
  probe: Probe = (_, value) => value,
): void {
  for (const { view, lowering } of steps) {
    const inputs = view.inputIds.map((id) => values.get(id) as TfTensor);
    const outputs = lowering(view, inputs, scope);
    view.outputIds.forEach((id, i) => values.set(id, probe(id, outputs[i])));
  }
}
