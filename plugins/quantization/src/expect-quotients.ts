import { div, isOp, throwProblems, typeOf, WhittleError } from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import type { ActivationScale } from '@whittle/int8';

/** Least steps of the result that one step of the dividend makes beside one of the divisor. */
const LEAST_STEPS = 64;

/**
 * Checks the scales of divisions. TFLite's kernel shifts quotients of int8 by 38 bits less those of the scales' factor: where these
 * are more than 31, which C leaves undefined, small quotients come out large on some processors.
 * @throws OP_UNSUPPORTED naming every division whose range of results is too wide
 */
export function expectQuotients(model: Model, scales: ReadonlyMap<Id, ActivationScale>): void {
  const problems = model.nodes.flatMap((node) => {
    if (!isOp(node, div)) return [];
    const [result] = node.outputs;
    const [a, b, output] = [...node.inputs, result].map((id) => scales.get(id)?.scale ?? NaN);
    const steps = a / (b * output);
    if (typeOf(model, result).dtype !== 'float32' || !(steps < LEAST_STEPS)) return [];
    const message = `${result}: quotients of a range this wide make ${steps.toPrecision(3)} steps of an int8, expected ${LEAST_STEPS} or more`;
    return [new WhittleError('OP_UNSUPPORTED', message, { node: result })];
  });
  throwProblems(problems, (count) => `${count} divisions have results of too wide a range for int8`);
}
