import { tensor } from '@whittle/core';
import type { Id } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import type { OperatorView } from './operator-view.js';

/**
 * The bias of a convolution or dense layer, as a list of operands: empty where there is none. Without a bias, `biasType`
 * INT32 says that int16 activations are summed in 32 bits; a bias of zeros of that type says it in the model.
 */
export function biasOperands(
  o: OperatorView,
  graph: GraphReader,
  biasType: schema.TensorType,
  outputs: number,
): Id[] {
  const given = graph.bias(o, 2);
  const narrow = biasType === schema.TensorType.INT32 && graph.inputType(o, 0).dtype === 'int16';
  return given.length > 0 || !narrow
    ? given
    : [graph.addParameter(o, 'bias', tensor('int32', [outputs]), 'bias')];
}
