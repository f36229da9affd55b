import { throwIfAborted, timeSlice } from '@whittle/core';
import type {
  LoweringTable,
  Model,
  RunCase,
  RunResult,
  Runtime,
  RuntimeContext,
  Tensor,
} from '@whittle/core';
import type { Optimization } from '@whittle/kernel-api';
import { buildProgram } from '../build-program.js';
import { parseRuntimeOptions } from '../runtime-options.js';
import { decodeOutputs, encodeInputs } from '../port-data.js';
import { wasm } from '../targets/wasm.js';
import { loadKernels, whyNoKernels } from './kernel-module.js';
import { WasmProgram } from './wasm-program.js';

/**
 * Runs quantized models in this process by the C kernels, compiled to WebAssembly beforehand: no compiler is needed, and
 * whole test sets take seconds.
 */
export const wasmRuntime: Runtime = {
  name: wasm.name,
  description: 'The C kernels in WebAssembly with SIMD, in this process',
  unavailable: whyNoKernels,
  async run(cases, context) {
    const results: RunResult[] = [];
    let before = 0;
    for (const each of cases) {
      throwIfAborted(context.signal);
      results.push(await runCase(each, context, before));
      before += each.inputs.length;
    }
    return results;
  },
};

async function runCase(run: RunCase, context: RuntimeContext, before: number): Promise<RunResult> {
  const { model } = run;
  const inputs = encodeInputs(run);
  const program = await prepared(model, context, parseRuntimeOptions(wasm, context.options).optimize);
  const infer = program.stream();
  const breathe = timeSlice(context.signal);
  const ports = model.inputs.length;
  const outputs: Tensor[][] = [];
  for (let i = 0; i < run.inputs.length; i++) {
    outputs.push(decodeOutputs(model, infer(inputs.slice(i * ports, (i + 1) * ports))).outputs);
    context.onInference?.(before + outputs.length);
    await breathe();
  }
  return { outputs };
}

/** Programs by what they were made from: evaluations come in batches, and each asks for the same one again. */
const programs = new WeakMap<Model, WeakMap<LoweringTable, Map<Optimization, Promise<WasmProgram>>>>();

function prepared(model: Model, context: RuntimeContext, optimize: Optimization): Promise<WasmProgram> {
  const { lowerings } = context;
  const ofModel =
    programs.get(model) ?? new WeakMap<LoweringTable, Map<Optimization, Promise<WasmProgram>>>();
  programs.set(model, ofModel);
  const made = ofModel.get(lowerings) ?? new Map<Optimization, Promise<WasmProgram>>();
  ofModel.set(lowerings, made);
  const known = made.get(optimize);
  if (known) return known;
  const fresh = prepare(model, context, optimize);
  made.set(optimize, fresh);
  // What failed may succeed the next time, with a compiler installed.
  fresh.catch(() => made.delete(optimize));
  return fresh;
}

async function prepare(
  model: Model,
  { lowerings, signal }: RuntimeContext,
  optimize: Optimization,
): Promise<WasmProgram> {
  const program = await buildProgram(model, lowerings, { features: wasm.features, optimize });
  return WasmProgram.load(program, await loadKernels(program.kernels, signal));
}
