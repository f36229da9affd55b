import { bind, concrete, tensor, typeOf, WhittleError } from '@whittle/core';
import type { Model, RunCase, RunResult, Runtime, RuntimeContext, Tensor } from '@whittle/core';
import { convertInputs, realValues, storedValues } from '../real-values.js';
import { withFloatEdges } from './float-edges.js';
import { findLiteRtPackage, WasmThread } from './wasm-thread.js';
import type { ThreadTensor } from './wasm-thread.js';

const missing = "the package @litertjs/core isn't installed: 'npm install @litertjs/core@2.5.3'";

let thread: WasmThread | undefined;

/**
 * LiteRT in WebAssembly, with XNNPACK, on one thread. It takes and gives float32 and int32: quantized inputs and outputs pass as
 * real values, through quantize and dequantize ops at the edges of the model. It rounds as LiteRT does.
 */
export const litertWasmRuntime: Runtime = {
  name: 'litert-wasm',
  description: 'LiteRT in WebAssembly, which rounds some integer ops in its own way',
  unavailable: () => Promise.resolve(findLiteRtPackage() ? undefined : missing),
  async run(cases, context) {
    const library = findLiteRtPackage();
    if (!library) throw new WhittleError('TARGET_UNAVAILABLE', missing);
    thread ??= new WasmThread(library);
    const results: RunResult[] = [];
    let done = 0;
    for (const each of cases) {
      results.push({ outputs: each.inputs.length === 0 ? [] : await runCase(each, thread, context) });
      context.onInference?.((done += each.inputs.length));
    }
    return results;
  },
};

async function runCase({ model, inputs }: RunCase, on: WasmThread, context: RuntimeContext) {
  const edged = withFloatEdges(bind(model, { batch: 1 }));
  const inferences = inputs.map((tensors) => feedsOf(convertInputs(tensors, model), edged));
  const found = await on.request({ bytes: await context.toTflite(edged), inferences }, context.signal);
  return found.map((values) =>
    edged.outputs.map(({ id, name = id }, i): Tensor => {
      const type = typeOf(model, model.outputs[i].id);
      const data = values[name];
      if (!data) throw new WhittleError('RUNTIME_FAILED', `litert-wasm: no output '${name}'`);
      const edge = tensor(data instanceof Int32Array ? 'int32' : 'float32', concrete(type.shape), data);
      return storedValues(edge, type);
    }),
  );
}

function feedsOf(tensors: readonly Tensor[], edged: Model): Record<string, ThreadTensor> {
  return Object.fromEntries(
    edged.inputs.map(({ id, name = id }, i) => {
      const { data } = realValues(tensors[i]);
      return [name, { data: data as Float32Array, shape: concrete(typeOf(edged, id).shape) }];
    }),
  );
}
