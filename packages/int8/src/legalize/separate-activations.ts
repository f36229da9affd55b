import { maximum, minimum, separateActivations, squaredDifference } from '@whittle/core';
import type { Model, OpDefinition } from '@whittle/core';

const withoutActivation: ReadonlySet<string> = new Set(
  [maximum, minimum, squaredDifference].map(({ name }) => name),
);

/** Whether an op's integer kernels apply no activation, as its operator in TFLite has none. */
export function appliesNoActivation(op: Pick<OpDefinition, 'name'>): boolean {
  return withoutActivation.has(op.name);
}

/** Takes relu and relu6 off ops whose kernels apply none, such as maximum, as nodes of their own. */
export function separateUnappliedActivations(model: Model): Model {
  return separateActivations(model, appliesNoActivation);
}
