import { quantize, tensor } from '@whittle/core';
import type { Id, Model, ModelEditor, Tensor } from '@whittle/core';
import { quantizeFloat, sameScale, toQuantization } from '@whittle/int8';
import type { ActivationScale } from '@whittle/int8';

/**
 * Gives states the integers of their scales: the value that is read, what it is at first, and what replaces it, which is
 * rescaled where the node that computes it has a scale of its own.
 */
export function quantizeStates(
  model: Model,
  edit: ModelEditor,
  scales: ReadonlyMap<Id, ActivationScale>,
): void {
  for (const { in: id, out, initial } of model.states) {
    const scale = scales.get(id)!;
    const { shape } = edit.typeOf(id);
    edit.setType(id, { dtype: scale.dtype, shape, quantization: toQuantization(scale) });
    edit.setState(id, { initial: stored(initial, scale) });
    const parameter = model.parameters.get(out);
    if (parameter) {
      const value = stored(parameter.tensor, scale);
      edit.setState(id, { out: edit.addParameter({ ...parameter, tensor: value, trainable: false }) });
    } else if (!sameScale(scales.get(out)!, scale)) {
      const [next] = edit.addNode(quantize, { dtype: scale.dtype }, [out], {
        outputs: [edit.freshId(`${id}/next`)],
        quantization: [toQuantization(scale)],
      });
      edit.setState(id, { out: next });
    }
  }
}

function stored(value: Tensor, scale: ActivationScale): Tensor {
  const data = Array.from(value.data as Float32Array, (x) => quantizeFloat(x, scale));
  return tensor(scale.dtype, value.shape, data, toQuantization(scale));
}
