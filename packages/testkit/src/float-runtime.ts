import { interpret, typeOf, WhittleError } from '@whittle/core';
import type { Model, RunResult, Runtime, Tensor } from '@whittle/core';

/** Runs float32 models by the reference function of every op: slow, and the same everywhere. */
export const floatRuntime: Runtime = {
  name: 'float',
  description: 'Float evaluation by the reference function of each op',
  unavailable: () => Promise.resolve(undefined),
  async run(cases) {
    return cases.map(({ model, inputs }): RunResult => {
      checkFloat(model);
      const outputs = inputs.map((tensors) => {
        const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, tensors[i]])));
        return model.outputs.map(({ id }) => values.get(id) as Tensor);
      });
      return { outputs };
    });
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
