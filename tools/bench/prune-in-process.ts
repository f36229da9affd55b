import { createRandom, float32, runPipeline } from '@whittle/core';
import type { Model } from '@whittle/core';
import { pruneChannels } from '@whittle/slimming';
import { densenet121, mobilenetV2, resnet50, vgg19Imagenet } from '@whittle/zoo';
import type { NetworkOptions } from '@whittle/zoo';

// A process of its own: node prune-in-process.ts NETWORK ROUNDS prints the milliseconds of each round, as a JSON list.
const networks: Readonly<Record<string, (options: NetworkOptions) => Model>> = {
  resnet50,
  vgg19: vgg19Imagenet,
  mobilenetv2: mobilenetV2,
  densenet121,
};

const draw = createRandom(1).at('bench');
/** Weights between -1 and 1 in a fraction of the time that it takes to draw proper ones. */
const drawn = Float32Array.from({ length: 4093 }, () => 2 * draw.float() - 1);
const model = networks[process.argv[2]]({
  initializer: (_, shape) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let at = 0; at < data.length; at += drawn.length)
      data.set(drawn.subarray(0, Math.min(drawn.length, data.length - at)), at);
    return float32(shape, data);
  },
});
for (const { role, tensor } of model.parameters.values()) {
  if (role !== 'scale' && role !== 'offset') continue;
  const data = tensor.data as Float32Array;
  for (let i = 0; i < data.length; i++) data[i] = 2 * draw.float() - 1;
}

const elements = ({ parameters }: Model) =>
  [...parameters.values()].reduce((sum, { tensor }) => sum + tensor.data.length, 0);

const times: number[] = [];
for (let round = 0; round < Number(process.argv[3]); round++) {
  const start = performance.now();
  // Finds groups, selects, removes and verifies what comes out.
  const { model: pruned } = await runPipeline(model, [pruneChannels({ ratio: 0.5 })]);
  times.push(performance.now() - start);
  if (elements(pruned) >= elements(model)) throw new Error(`${model.name} is as large as before`);
}
console.log(JSON.stringify(times));
