import { InterpretedStream, timeSlice, typeOf, WhittleError } from '@whittle/core';
import type { Model, RunResult, Runtime, Tensor } from '@whittle/core';

/** Runs float32 models by the reference function of every op: slow, and the same everywhere. */
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

function checkFloat(model: Model): void {
  for (const node of model.nodes)
    for (const id of [...node.inputs, ...node.outputs]) {
      const { dtype } = typeOf(model, id);
      if (dtype !== 'float32')
        throw new WhittleError(
          'OP_UNSUPPORTED',
          `float evaluates models whose values are all float32; '${id}' is ${dtype}`,
        );
    }
}
