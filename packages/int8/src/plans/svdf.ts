import { concrete, svdfGeometry } from '@whittle/core';
import type { NodeView, SvdfAttributes, SvdfGeometry } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import type { Multiplier } from '../fixed-point.js';
import { inputScale, INT8_OR_INT16, outputScale, STORED_RANGE } from '../quantized-type.js';
import type { ActivationDType } from '../quantized-type.js';
import { rescale } from './multipliers.js';
import { stateScale, symmetricScale } from './recurrent.js';

/**
 * What TFLM's Prepare derives for SVDF of int8. A filter's newest state is feature(sum of weight * (x - inputZeroPoint)),
 * saturated, plus stateZeroPoint, which wraps in the state's type; the output time(bias + sum over the unit's filters and
 * steps of weight * (state - stateZeroPoint)) + outputZeroPoint, saturated. Sums wrap in 32 bits.
 */
export interface SvdfPlan extends SvdfGeometry {
  readonly batch: number;
  readonly rank: number;
  /** Type of the state and of the time weights. */
  readonly stateType: ActivationDType;
  readonly inputZeroPoint: number;
  /** 0 for a state of int16. */
  readonly stateZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly feature: Multiplier;
  readonly time: Multiplier;
}

/** TFLM's own bound. */
const BIAS_SCALE_TOLERANCE = 1e-5;

/** @throws QUANTIZATION_INVALID */
export function svdfPlan(n: NodeView<SvdfAttributes>): SvdfPlan {
  const input = inputScale(n);
  const feature = symmetricScale(n as NodeView<never>, 1, 'feature weights');
  const state = stateScale(n as NodeView<never>, 3, 1, 'state', INT8_OR_INT16);
  const time = symmetricScale(n as NodeView<never>, 2, 'time weights', [state.dtype]);
  const output = outputScale(n);
  expectQuantization(
    state.dtype === 'int8' || state.zeroPoint === 0,
    n,
    () => `a state of int16 must have zero point 0, found ${state.zeroPoint}`,
  );
  const { min, max } = activationRange(n, n.attributes.activation, output);
  const full = STORED_RANGE[output.dtype];
  expectQuantization(
    min === full.min && max === full.max,
    n,
    () =>
      `the kernel has no clamp beside saturation: with ${n.attributes.activation} the output must hold ${min} to ${max} alone`,
  );
  checkBias(n, state.scale * time);
  return {
    ...svdfGeometry(n),
    batch: concrete(n.inputs[0].shape)[0],
    rank: n.attributes.rank,
    stateType: state.dtype,
    inputZeroPoint: input.zeroPoint,
    stateZeroPoint: state.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    feature: rescale(n, (input.scale * feature) / state.scale),
    time: rescale(n, (state.scale * time) / output.scale),
  };
}

function checkBias(n: NodeView<SvdfAttributes>, product: number): void {
  const bias = n.inputs[4];
  if (!bias) return;
  expectQuantization(bias.dtype === 'int32', n, () => `bias must be int32, found ${bias.dtype}`);
  const scale = bias.quantization?.scale[0] ?? 0;
  expectQuantization(
    Math.abs(scale - product) < BIAS_SCALE_TOLERANCE,
    n,
    () => `bias scale must be state scale * time weight scale = ${product}, found ${scale}`,
  );
}
