import { concrete, tensor, typeOf, WhittleError } from '@whittle/core';
import type { Id, LoweringTable, Model, ModelMeasure, Tensor } from '@whittle/core';
import { buildProgram } from './build-program.js';
import { arenaBytesOf } from './program.js';
import { runCases } from './run-cases.js';
import type { RuntimeOptions } from './runtime-options.js';
import type { Target } from './targets/index.js';

export interface ModelMeasureOptions {
  readonly lowerings: LoweringTable;
  /** Makes a float model a quantized one, such as `quantizeStandIn` of @whittle/quantization; quantized ones come as they are. */
  readonly quantize?: (model: Model) => Model | Promise<Model>;
  /** What programs are made small for; `speed` unless told. */
  readonly optimize?: RuntimeOptions['optimize'];
  readonly signal?: AbortSignal;
}

/** Bytes of the arena that a model's program plans for a target: tensors, states and scratch. Needs no compiler. */
export function arenaMeasure(target: Target, options: ModelMeasureOptions): ModelMeasure {
  const { lowerings, quantize = (model) => model, optimize = 'speed' } = options;
  return {
    name: `arena on ${target.name}`,
    unit: 'bytes',
    async of(model) {
      const program = await buildProgram(await quantize(model), lowerings, {
        features: target.features,
        optimize,
      });
      return arenaBytesOf(program);
    },
  };
}

/**
 * Estimated cycles of an inference on a target, or instructions for one without a table of cycles, counted as its program
 * runs in emulation. An inference of zeros: kernels take as long for any input.
 * @throws TARGET_UNAVAILABLE for a target that isn't emulated; `of` what `runCases` throws where tools are missing
 */
export function latencyMeasure(target: Target, options: ModelMeasureOptions): ModelMeasure {
  const { lowerings, quantize = (model) => model, optimize = 'speed', signal } = options;
  if (!target.emulator)
    throw new WhittleError(
      'TARGET_UNAVAILABLE',
      `${target.name} isn't emulated: nothing counts what it executes`,
    );
  const unit = target.cycles ? 'cycles' : 'instructions';
  return {
    name: `latency on ${target.name}`,
    unit,
    async of(model) {
      const run = await quantize(model);
      const inputs = [run.inputs.map(({ id }) => zeros(run, id))];
      const toTflite = () =>
        Promise.reject(new WhittleError('TARGET_UNAVAILABLE', 'a C program needs no .tflite'));
      const context = { lowerings, toTflite, signal, options: { optimize, layers: unit === 'cycles' } };
      const [{ cost }] = await runCases([{ model: run, inputs }], target, context);
      return unit === 'cycles' ? cost!.estimatedCycles! : cost!.instructions;
    },
  };
}

function zeros(model: Model, id: Id): Tensor {
  const { dtype, shape, quantization } = typeOf(model, id);
  const extents = concrete(shape, 1);
  const data = new Array<number>(extents.reduce((a, b) => a * b, 1)).fill(0);
  return tensor(dtype, extents, data, quantization);
}
