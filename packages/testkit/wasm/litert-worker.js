// A thread that runs .tflite files in LiteRT's WebAssembly module, which expects to be in a browser's worker: the globals that
// it looks for are set here and nowhere else.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

// What LiteRT tells is not kept: reading it would keep the process alive, and nothing may wait for it to be read.
for (const stream of [process.stdout, process.stderr]) stream.write = () => true;

const entry = fileURLToPath(workerData.library);
const folder = `${join(dirname(entry), '..', 'wasm')}/`;
Object.assign(globalThis, {
  self: globalThis,
  require: createRequire(entry),
  __dirname: folder,
  importScripts(path) {
    const source = `${readFileSync(path, 'utf8')}\n;ModuleFactory`;
    globalThis.ModuleFactory = runInThisContext(source, { filename: path });
  },
});

const { loadAndCompile, loadLiteRt, Tensor } = await import(workerData.library);
await loadLiteRt(folder);

/** Runs one model on inferences in order; inputs and outputs are by name. */
async function run({ bytes, inferences }) {
  const model = await loadAndCompile(bytes, { accelerator: 'wasm' });
  try {
    const results = [];
    for (const feeds of inferences) {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, shape }]) => [name, new Tensor(data, shape)]),
      );
      const outputs = await model.run(inputs);
      const found = {};
      for (const [name, tensor] of Object.entries(outputs)) found[name] = (await tensor.data()).slice();
      for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) tensor.delete();
      results.push(found);
    }
    return results;
  } finally {
    model.delete();
  }
}

parentPort.on('message', (request) => {
  run(request).then(
    (results) => parentPort.postMessage({ results }),
    (error) => parentPort.postMessage({ error: String(error?.message ?? error) }),
  );
});
