import { defaultRegistry } from '@whittle/cli';
import { int8Runtime } from '@whittle/int8';
import { cortexM4Runtime, host, hostRuntime, targetRuntime, targetRuntimes, wasmRuntime } from '@whittle/mcu';
import { createLiteRtRuntime, litertRuntime, litertWasmRuntime, tflmRuntime } from '@whittle/testkit';
import type { RunSuitesOptions, Suite, SuiteCase, TestedRuntime } from '@whittle/testkit';
import { cortexM4Gaps } from '../known-gaps/cortex-m4.js';
import { hostGaps } from '../known-gaps/host.js';
import { litertGaps } from '../known-gaps/litert.js';
import { litertWasmGaps } from '../known-gaps/litert-wasm.js';
import { tflmGaps } from '../known-gaps/tflm.js';

/** What all runtimes are compared with. */
export const suiteOptions: RunSuitesOptions = { reference: int8Runtime, registry: defaultRegistry() };

/** Steps that LiteRT's whole networks are off with random inputs at the most, with room for other processors. */
const networkSteps: Readonly<Record<string, number>> = { ic: 64, kws: 24, ad: 6 };

/**
 * Steps that LiteRT may be off for one op, if not 1: its int16 sigmoids near powers of two as scales read the table
 * otherwise. Drawn LSTMs amplify a step without bound, and saturate otherwise: LiteRT has to run them, no more; one as
 * networks have them is compared in the tests of .tflite files.
 */
const opSteps: Readonly<Record<string, number>> = {
  resize_bilinear: 2,
  sigmoid_int16: 6,
  tanh_int16: 11,
  lstm: 255,
};

/**
 * LiteRT may be a step off for most ops, which adds up in networks; its floats may be a unit in the last place of the
 * largest value off.
 */
function litertTolerance(suite: Suite, { name, model }: SuiteCase): number {
  const scale = model.values.get('input')?.quantization?.scale[0] ?? 0;
  if (suite.name === 'dequantize') return 255 * scale * 2 ** -23;
  if (suite.name === 'dequantize_int16') return 65535 * scale * 2 ** -23;
  if (suite.name === 'network' || suite.name === 'streaming') return 8;
  return networkSteps[name] ?? opSteps[suite.name] ?? 1;
}

/** The portable kernels alone, where the host's own processor has faster ones. */
const hostPortableRuntime = targetRuntime(
  { ...host, name: 'host-portable', features: [] },
  "portable C, built by this machine's compiler",
);

/** Bit for bit, but for LiteRT with both its kinds of fast kernels. */
export const testedRuntimes: readonly TestedRuntime[] = [
  { runtime: tflmRuntime, knownGaps: tflmGaps },
  { runtime: hostRuntime, knownGaps: hostGaps },
  { runtime: hostPortableRuntime, knownGaps: hostGaps },
  { runtime: wasmRuntime, knownGaps: hostGaps },
  { runtime: cortexM4Runtime, knownGaps: cortexM4Gaps },
  { runtime: litertRuntime, tolerance: litertTolerance, knownGaps: litertGaps },
  { runtime: litertWasmRuntime, tolerance: litertTolerance, knownGaps: litertWasmGaps },
  {
    runtime: createLiteRtRuntime({ name: 'litert-builtin', resolver: 'builtin' }),
    tolerance: litertTolerance,
    knownGaps: litertGaps,
  },
];

const checked = {
  ...host,
  flags: ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
};

/** Every access and every overflow checked by AddressSanitizer and UndefinedBehaviorSanitizer. */
const checkedRuntimes = [
  targetRuntime({ ...checked, name: 'host-checked' }, "the host's kernels with sanitizers"),
  targetRuntime({ ...checked, name: 'host-portable-checked', features: [] }, 'portable C with sanitizers'),
];

const testedNames = new Set(testedRuntimes.map(({ runtime }) => runtime.name));

/** Bit for bit, with fewer cases each: what has the same kernels as a runtime above, and the other targets. */
export const furtherRuntimes: readonly TestedRuntime[] = [
  ...targetRuntimes.filter(({ name }) => !testedNames.has(name)),
  ...checkedRuntimes,
].map((runtime) => ({ runtime, knownGaps: hostGaps }));
