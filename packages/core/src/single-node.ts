import { ModelBuilder } from './builder.js';
import type { Dim, Model } from './model.js';
import type { OpDefinition } from './op.js';
import type { DType, Tensor } from './tensor.js';

/** An operand of `singleNodeModel`: a type makes it a model input, a tensor a weight. */
export type SingleNodeOperand = { readonly dtype?: DType; readonly shape: readonly Dim[] } | Tensor;

/**
 * A model of one application of an op, to test the op by: operands 'x0', 'x1' and so on, output 'y'. Inputs are
 * float32 unless told.
 * @throws OPTION_INVALID, MODEL_INVALID, SHAPE_MISMATCH
 */
export function singleNodeModel<A>(
  op: OpDefinition<A>,
  attributes: A,
  operands: readonly SingleNodeOperand[],
): Model {
  const builder = new ModelBuilder(op.name);
  const inputs = operands.map((operand, i) =>
    'data' in operand
      ? builder.parameter(`x${i}`, operand, 'weight')
      : builder.input(`x${i}`, operand.shape, { dtype: operand.dtype }),
  );
  builder.output(builder.node('y', op, attributes, inputs));
  return builder.finish();
}
