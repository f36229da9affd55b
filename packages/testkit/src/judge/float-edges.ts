import { dequantize, patch, quantize, typeOf, WhittleError } from '@whittle/core';
import type { Id, Model, OpDefinition } from '@whittle/core';

/** Types that pass as they are. */
const plain = ['float32', 'int32'];

/**
 * A model with float32 in place of each quantized input and output: a quantize op stands behind the inputs, a dequantize op in
 * front of the outputs. Real values of integers come out as these integers. The order stays, names of what is float change.
 * @throws OP_UNSUPPORTED for inputs and outputs of other types
 */
export function withFloatEdges(model: Model): Model {
  return patch(model, (edit) => {
    const inputs = model.inputs.map(({ id }) => {
      if (isPlain(model, id)) return { id };
      const { dtype, shape, quantization } = typeOf(model, id);
      const before = edit.freshId(`${id}/before`);
      edit.renameValue(id, before);
      const real = edit.addInput(edit.freshId(`${id}/real`), { dtype: 'float32', shape });
      const options = { outputs: [id], quantization: [quantization] };
      edit.addNode(quantize, { dtype: dtype as 'int8' | 'int16' }, [real], options);
      edit.replaceUses(before, id);
      return { id: real };
    });
    if (inputs.some(({ id }, i) => id !== model.inputs[i].id)) edit.setInputs(inputs);
    const outputs = model.outputs.map(({ id }) => {
      if (isPlain(model, id)) return { id };
      const real = edit.freshId(`${id}/real`);
      return { id: edit.addNode(dequantize as OpDefinition, {}, [id], { outputs: [real] })[0] };
    });
    if (outputs.some(({ id }, i) => id !== model.outputs[i].id)) edit.setOutputs(outputs);
  });
}

function isPlain(model: Model, id: Id): boolean {
  const { dtype, quantization } = typeOf(model, id);
  if (plain.includes(dtype)) return true;
  if ((dtype === 'int8' || dtype === 'int16') && quantization?.scale.length === 1) return false;
  throw new WhittleError(
    'OP_UNSUPPORTED',
    `'${id}' is ${dtype}, expected float32, int32, or int8 or int16 with one scale`,
  );
}
