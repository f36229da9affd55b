import {
  concrete,
  InterpretedStream,
  nodeName,
  tensor,
  timeSlice,
  typeOf,
  WhittleError,
} from '@whittle/core';
import type { DType, Model, Node, RunResult, Runtime, Tensor } from '@whittle/core';

/** Runs float32 models, with indices and truth values in between, by the reference function of every op: slow, and the same everywhere. */
export const floatRuntime: Runtime = {
  name: 'float',
  description: 'Float evaluation by the reference function of each op',
  unavailable: () => Promise.resolve(undefined),
  async run(cases, { signal }) {
    const breathe = timeSlice(signal);
    const results: RunResult[] = [];
    for (const { model, inputs } of cases) {
      checkFloat(model);
      const stream = new InterpretedStream(model);
      const outputs: Tensor[][] = [];
      for (const tensors of inputs) {
        const values = stream.run(new Map(model.inputs.map(({ id }, i) => [id, tensors[i]])));
        outputs.push(model.outputs.map(({ id }) => values.get(id) as Tensor));
        await breathe();
      }
      results.push({ outputs });
    }
    return results;
  },
};

/** Types whose elements are what they stand for. */
const exact: ReadonlySet<DType> = new Set(['float32', 'int32', 'int64', 'bool']);

function checkFloat(model: Model): void {
  for (const node of model.nodes) {
    for (const id of [...node.inputs, ...node.outputs]) {
      const { dtype, quantization } = typeOf(model, id);
      if (quantization || !exact.has(dtype))
        throw unsupported(
          `float evaluates models of float32, with whole numbers and truth values that stand for themselves; '${id}' is ${quantization ? 'quantized ' : ''}${dtype}`,
        );
    }
    if (node.outputs.some((id) => typeOf(model, id).dtype !== 'float32')) checkTypes(model, node);
  }
}

/** Most reference functions compute floats, whatever their operands are: what they give of zeros tells. */
function checkTypes(model: Model, node: Node): void {
  const inputs = node.inputs.map((id) => {
    const { dtype, shape } = typeOf(model, id);
    return model.parameters.get(id)?.tensor ?? tensor(dtype, concrete(shape));
  });
  const found = node.op.evaluate({ name: nodeName(node), attributes: node.attributes, inputs }, inputs);
  node.outputs.forEach((id, i) => {
    const { dtype } = typeOf(model, id);
    if (found[i].dtype !== dtype)
      throw unsupported(`float evaluates ${node.op.name} of floats alone; '${id}' is ${dtype}`);
  });
}

function unsupported(message: string): WhittleError {
  return new WhittleError('OP_UNSUPPORTED', message);
}
