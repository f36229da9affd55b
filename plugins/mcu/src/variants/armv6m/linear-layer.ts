import type { ClampRange, ChannelMultipliers } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type {
  ConstantArray,
  KernelArgument,
  KernelCall,
  KernelNode,
  StructFields,
} from '@whittle/kernel-api';
import { channelConstants } from '../../lowerings/channel-constants.js';
import { call, clampCalls, elements } from '../../lowerings/kernel-call.js';
import { scalerForm } from './scaler-form.js';
import type { ScalerForm } from './scaler-form.js';
import type { Filter } from './tap-pairs.js';

/** What a layer does that multiplies with constant weights, as the kernels see it. */
export interface LinearOutputs extends ChannelMultipliers {
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly clamp: ClampRange;
}

/** Biases with the input's zero point taken in, and the form of the output stage that holds the accumulators. */
export interface OutputStage {
  readonly bias: Int32Array;
  readonly form: ScalerForm;
}

/** Nothing where no form holds the accumulators, or a bias leaves 32 bits. */
export function outputStage(
  filters: readonly Filter[],
  bias: Int32Array | undefined,
  plan: LinearOutputs,
): OutputStage | undefined {
  const reach = Math.max(127 - plan.inputZeroPoint, plan.inputZeroPoint + 128);
  const moved = new Int32Array(filters.length);
  let bound = 0;
  for (const [channel, filter] of filters.entries()) {
    let sum = 0;
    let size = 0;
    for (let tap = 0; tap < filter.length; tap++) {
      sum += filter[tap];
      size += Math.abs(filter[tap]);
    }
    const own = bias?.[channel] ?? 0;
    moved[channel] = own - plan.inputZeroPoint * sum;
    bound = Math.max(bound, Math.abs(own) + size * reach);
  }
  const form = scalerForm(plan, bound, plan.outputZeroPoint);
  return form === undefined ? undefined : { bias: moved, form };
}

/** The call of such a kernel, and the clamp behind it where there is one. */
export function linearCalls(
  node: Pick<KernelNode, 'outputs'>,
  kernel: string,
  params: StructFields,
  packed: ConstantArray,
  bias: Int32Array,
  plan: LinearOutputs,
  ...inner: readonly KernelArgument[]
): KernelCall[] {
  const constants = channelConstants(plan);
  return [
    call(
      kernel,
      struct(`${kernel}_params`, { ...params, channel_step: constants.step }),
      input(0),
      weights('weights', packed),
      weights('bias', bias),
      constants.multipliers,
      constants.shifts,
      ...inner,
      scratch,
      output(0),
    ),
    ...clampCalls(plan.clamp, elements(node.outputs[0])),
  ];
}
