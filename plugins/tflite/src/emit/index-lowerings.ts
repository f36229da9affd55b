import { argMax, argMin, cast, cumsum, gather, lower, tensor, tile } from '@whittle/core';
import type {
  ArgExtremumAttributes,
  CastAttributes,
  CumsumAttributes,
  GatherAttributes,
  Lowering,
  NodeView,
} from '@whittle/core';
import { TFLITE, schema, tensorTypeOf } from '@whittle/tflite-schema';
import type { OperatorOptions, TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { ARG_MAX, ARG_MIN, CAST, CUMSUM, GATHER } = schema.BuiltinOperator;

/** An operator of the node's operands, and of a list of integers where there is one. */
function emit<A>(
  operator: schema.BuiltinOperator,
  options: (n: NodeView<A>) => OperatorOptions,
  list?: (attributes: A) => ReturnType<typeof tensor<'int32'>>,
) {
  return (n: NodeView<A>, context: TfliteEmitContext): void => {
    const inputs = n.inputIds.map((id) => context.tensorOf(id));
    if (list) inputs.push(context.addConstant(list(n.attributes), `${n.name}/${list.name}`));
    context.addOperator({
      operator,
      version: Math.max(...[n.inputs[0], n.outputs[0]].map(({ dtype }) => versionFor(operator, dtype))),
      inputs,
      outputs: [context.tensorOf(n.outputIds[0])],
      options: options(n),
    });
  };
}

const along = ({ axis }: { readonly axis: number }) => tensor('int32', [1], [axis]);

/** How ops that find, count, pick and repeat are written. */
export const indexLowerings: readonly Lowering[] = [
  lower(TFLITE, gather, () =>
    emit<GatherAttributes>(GATHER, (n) => new schema.GatherOptionsT(n.attributes.axis)),
  ),
  lower(TFLITE, tile, () => import('./tile.js').then((m) => m.emitTile)),
  lower(TFLITE, argMax, () =>
    emit<ArgExtremumAttributes>(
      ARG_MAX,
      (n) => new schema.ArgMaxOptionsT(tensorTypeOf(n.attributes.dtype)),
      along,
    ),
  ),
  lower(TFLITE, argMin, () =>
    emit<ArgExtremumAttributes>(
      ARG_MIN,
      (n) => new schema.ArgMinOptionsT(tensorTypeOf(n.attributes.dtype)),
      along,
    ),
  ),
  lower(TFLITE, cumsum, () =>
    emit<CumsumAttributes>(
      CUMSUM,
      ({ attributes }) => new schema.CumsumOptionsT(attributes.exclusive, attributes.reverse),
      along,
    ),
  ),
  lower(TFLITE, cast, () =>
    emit<CastAttributes>(
      CAST,
      (n) => new schema.CastOptionsT(tensorTypeOf(n.inputs[0].dtype), tensorTypeOf(n.attributes.dtype)),
    ),
  ),
];
