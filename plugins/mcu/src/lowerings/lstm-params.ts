import { lstmGates } from '@whittle/core';
import type { LstmPlan } from '@whittle/int8';
import { struct } from '@whittle/kernel-api';
import type { KernelArgument } from '@whittle/kernel-api';
import { reduced } from './int16-layer.js';

/** The parameters of both LSTM kernels. */
export function lstmParams(plan: LstmPlan): KernelArgument {
  const wide = plan.accumulator === 'int64';
  const gates = lstmGates.map((name) => (wide ? reduced(plan.gates[name]) : plan.gates[name]));
  const factors = (sum: 0 | 1) => ({
    multipliers: gates.map(({ multipliers }) => multipliers[sum]),
    shifts: gates.map(({ shifts }) => shifts[sum]),
  });
  const [inputs, recurrents] = [factors(0), factors(1)];
  return struct('whittle_lstm_params', {
    batches: plan.batch,
    steps: plan.steps,
    inputs: plan.inputs,
    units: plan.units,
    batch_stride: plan.timeMajor ? 1 : plan.steps,
    step_stride: plan.timeMajor ? plan.batch : 1,
    input_multipliers: inputs.multipliers,
    input_shifts: inputs.shifts,
    recurrent_multipliers: recurrents.multipliers,
    recurrent_shifts: recurrents.shifts,
    cell_multiplier: plan.cell.multiplier,
    cell_shift: plan.cell.shift,
    hidden_multiplier: plan.hidden.multiplier,
    hidden_shift: plan.hidden.shift,
    tanh_multiplier: plan.cellArgument.multiplier,
    tanh_shift: plan.cellArgument.shift,
    cell_clip: plan.cellClip ?? 32768,
    input_zero_point: plan.inputZeroPoint,
    hidden_zero_point: plan.hiddenZeroPoint,
  });
}
