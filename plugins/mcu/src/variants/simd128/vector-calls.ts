import type { KernelCall, KernelPlan } from '@whittle/kernel-api';
import type { ChannelConstants } from '../../lowerings/channel-constants.js';
import { kernelFolder } from '../../lowerings/kernel-call.js';

/** Where the arguments of a portable kernel with weights lie in its call; linear-layer.ts has the order. */
const MULTIPLIERS = 4;
const SHIFTS = 5;

/** What a vector kernel is told otherwise than the portable one. */
export interface VectorChanges {
  readonly fields?: Readonly<Record<string, number>>;
  readonly constants?: ChannelConstants;
}

/**
 * The calls of a portable plan with the first one, `kernel` on its parameters, by the vector kernel of that name; its
 * arguments are the same but for the changes. The clamp behind it stays.
 */
export function vectorCalls(
  { calls: [first, ...rest] }: KernelPlan,
  { fields = {}, constants }: VectorChanges = {},
): KernelCall[] {
  const args = first.arguments.map((argument, i) => {
    if (argument.kind === 'struct' && i === 0)
      return { ...argument, fields: { ...argument.fields, ...fields } };
    if (constants && i === MULTIPLIERS) return constants.multipliers;
    if (constants && i === SHIFTS) return constants.shifts;
    return argument;
  });
  const kernel = { name: `${first.kernel.name}_simd128`, folder: kernelFolder };
  return [{ kernel, arguments: args }, ...rest];
}
