import { maximum, minimum, separateActivations } from '@whittle/core';
import type { Model, OpDefinition } from '@whittle/core';

/** Whether an op is maximum or minimum, whose kernels have no activation. */
export function isExtremum(op: Pick<OpDefinition, 'name'>): boolean {
  return op.name === maximum.name || op.name === minimum.name;
}

/** Takes relu and relu6 off maximum and minimum, which carry no activation in TFLite, as nodes of their own. */
export function separateExtremumActivations(model: Model): Model {
  return separateActivations(model, isExtremum);
}
