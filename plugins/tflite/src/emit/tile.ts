import { concrete, sizeOf, tensor } from '@whittle/core';
import type { NodeView, TileAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { BROADCAST_TO, RESHAPE, TILE } = schema.BuiltinOperator;

/**
 * TILE of floats. Of integers BROADCAST_TO, which more runtimes have: at once where all that is repeated has an extent of 1, else
 * axis by axis, each seen as [outer, 1, inner] in between.
 */
export function emitTile(n: NodeView<TileAttributes>, context: TfliteEmitContext): void {
  const { multiples } = n.attributes;
  const [type] = n.inputs;
  if (type.dtype !== 'int8' && type.dtype !== 'int16') emitRepeat(n, context, TILE, multiples);
  else if (multiples.every((times, axis) => times === 1 || type.shape[axis] === 1))
    emitRepeat(n, context, BROADCAST_TO, concrete(n.outputs[0].shape));
  else emitByAxes(n, context);
}

/** An operator of the input and a list of integers. */
function emitRepeat(
  n: NodeView<TileAttributes>,
  context: TfliteEmitContext,
  operator: schema.BuiltinOperator,
  list: readonly number[],
): void {
  context.addOperator({
    operator,
    version: versionFor(operator, n.inputs[0].dtype),
    inputs: [context.tensorOf(n.inputIds[0]), addList(n, context, list, 'multiples')],
    outputs: [context.tensorOf(n.outputIds[0])],
    options: operator === TILE ? new schema.TileOptionsT() : new schema.BroadcastToOptionsT(),
  });
}

function emitByAxes(n: NodeView<TileAttributes>, context: TfliteEmitContext): void {
  const [type] = n.outputs;
  const shape = [...concrete(n.inputs[0].shape)];
  let from = context.tensorOf(n.inputIds[0]);
  const add = (to: readonly number[], name: string) =>
    context.addTensor({ ...type, shape: to }, `${n.name}/${name}`);
  const view = (to: readonly number[], output: number) =>
    context.addOperator({
      operator: RESHAPE,
      inputs: [from],
      outputs: [output],
      options: new schema.ReshapeOptionsT([...to]),
    });
  n.attributes.multiples.forEach((times, axis) => {
    if (times === 1) return;
    const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))];
    const before = add([outer, 1, inner], `axis_${axis}`);
    view([outer, 1, inner], before);
    from = add([outer, times, inner], `axis_${axis}_repeated`);
    context.addOperator({
      operator: BROADCAST_TO,
      version: versionFor(BROADCAST_TO, type.dtype),
      inputs: [before, addList(n, context, [outer, times, inner], `axis_${axis}_shape`)],
      outputs: [from],
      options: new schema.BroadcastToOptionsT(),
    });
    shape[axis] *= times;
  });
  view(shape, context.tensorOf(n.outputIds[0]));
}

function addList(
  n: NodeView<unknown>,
  context: TfliteEmitContext,
  list: readonly number[],
  name: string,
): number {
  return context.addConstant(tensor('int32', [list.length], list), `${n.name}/${name}`);
}
