import { attributesOf, isOp, producers, softmax, WhittleError } from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import type { Activations } from './term.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';

/** What a softmax that ends a model is taken of: the value's id and the factor beta; or the output itself. */
export function logitsOf(model: Model, output = 0): { readonly id: Id; readonly beta: number } {
  const id = model.outputs[output]?.id;
  if (id === undefined)
    throw new WhittleError(
      'OPTION_INVALID',
      `${model.name} has ${model.outputs.length} outputs, there is no output ${output}`,
    );
  const node = producers(model).get(id);
  if (!node || !isOp(node, softmax)) return { id, beta: 1 };
  return { id: node.inputs[0], beta: attributesOf(node, softmax).beta };
}

/** Shows computed values as terms see them. */
export function activationsOf(tf: TensorFlow, model: Model, values: ReadonlyMap<Id, TfTensor>): Activations {
  const value = (id: Id): TfTensor => {
    const found = values.get(id);
    if (!found) throw new WhittleError('MODEL_INVALID', `no value '${id}' in ${model.name}`);
    return found;
  };
  return {
    outputs: model.outputs.map(({ id }) => value(id)),
    value,
    logits(output = 0) {
      const { id, beta } = logitsOf(model, output);
      return beta === 1 ? value(id) : tf.mul(value(id), beta);
    },
  };
}
