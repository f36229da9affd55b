import { batchNormKernels } from '../kernels/batch-norm.js';
import type { TensorFlow } from '../tensorflow.js';
import { columnSums, matrixOf } from './columns.js';
import type { KernelModule } from './kernel-module.js';
import { registerWasm } from './register-wasm.js';
import type { TensorInfo } from './wasm-backend.js';

/**
 * Batch norm as TensorFlow's fused op has it: y, the new running mean and variance, and what the gradient needs, which is the
 * mean and the variance that were applied; the third of these is empty here.
 */
export function registerBatchNorm(tf: TensorFlow, kernels: KernelModule): void {
  registerWasm(tf, kernels, batchNormKernels.forward, (module, inputs, attributes) => {
    const { x, scale, offset, mean, variance } = inputs;
    const { epsilon, training, factor } = attributes as {
      epsilon: number;
      training: boolean;
      factor: number;
    };
    const { rows, columns } = matrixOf(x);
    const [newMean, newVariance, usedMean, usedVariance] = [0, 1, 2, 3].map(() => module.output([columns]));
    const y = module.output(x.shape);
    if (training) measure(module, x, usedMean, usedVariance);
    else {
      module.floats(usedMean).set(module.floats(mean));
      module.floats(usedVariance).set(module.floats(variance));
    }
    const correction = training ? rows / Math.max(1, rows - 1) : 1;
    blend(module, mean, usedMean, factor, newMean);
    blend(module, variance, usedVariance, factor, newVariance, correction);
    module.lend(columns, (slopes, view) => {
      const [gamma, spread, out] = [module.floats(scale), module.floats(usedVariance), view()];
      for (let c = 0; c < columns; c++) out[c] = gamma[c] / Math.sqrt(spread[c] + epsilon);
      module.run(
        'whittle_blend_columns',
        rows,
        columns,
        module.address(x),
        module.address(usedMean),
        slopes,
        0,
        0,
        module.address(offset),
        module.address(y),
      );
    });
    return [y, newMean, newVariance, usedMean, usedVariance, module.output([0])];
  });
  registerWasm(tf, kernels, batchNormKernels.backward, (module, inputs, attributes) => {
    const { dy, x, scale, reserve1: mean, reserve2: variance } = inputs;
    const { epsilon, training } = attributes as { epsilon: number; training: boolean };
    const { rows, columns } = matrixOf(x);
    const dx = module.output(x.shape);
    const [dScale, dOffset] = [module.output([columns]), module.output([columns])];
    columnSums(module, { a: dy }, module.address(dOffset));
    columnSums(module, { a: x, center: module.address(mean), b: dy }, module.address(dScale));
    module.lend(4 * columns, (address, view) => {
      const [slopes, factors, shifts, none] = [0, 1, 2, 3].map((i) => address + 4 * i * columns);
      const out = view();
      const [gamma, spread] = [module.floats(scale), module.floats(variance)];
      const [scaleSums, offsetSums] = [module.floats(dScale), module.floats(dOffset)];
      for (let c = 0; c < columns; c++) {
        const inverse = 1 / Math.sqrt(spread[c] + epsilon);
        scaleSums[c] *= inverse;
        const slope = gamma[c] * inverse;
        // dx = slope * (dy - mean of dy - normalized x * mean of (dy * normalized x)); means are constants in inference.
        out[c] = training ? (-slope * inverse * scaleSums[c]) / rows : 0;
        out[columns + c] = slope;
        out[2 * columns + c] = training ? (-slope * offsetSums[c]) / rows : 0;
        out[3 * columns + c] = 0;
      }
      module.run(
        'whittle_blend_columns',
        rows,
        columns,
        module.address(x),
        training ? module.address(mean) : none,
        slopes,
        module.address(dy),
        factors,
        shifts,
        module.address(dx),
      );
    });
    return [dx, dScale, dOffset, module.output([0]), module.output([0])];
  });
}

/** Mean and variance, by the number of rows, of each channel. */
function measure(module: KernelModule, x: TensorInfo, mean: TensorInfo, variance: TensorInfo): void {
  const { rows } = matrixOf(x);
  const divide = (info: TensorInfo) => {
    const values = module.floats(info);
    for (let c = 0; c < values.length; c++) values[c] /= rows;
  };
  columnSums(module, { a: x }, module.address(mean));
  divide(mean);
  columnSums(module, { a: x, center: module.address(mean), b: x }, module.address(variance));
  divide(variance);
}

/** to = (1 - share) * old + share * fresh * correction */
function blend(
  module: KernelModule,
  old: TensorInfo,
  fresh: TensorInfo,
  share: number,
  to: TensorInfo,
  correction = 1,
): void {
  const [before, now, out] = [old, fresh, to].map((info) => module.floats(info));
  for (let c = 0; c < out.length; c++) out[c] = (1 - share) * before[c] + share * now[c] * correction;
}
