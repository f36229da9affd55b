import { isDeepStrictEqual } from 'node:util';
import {
  bind,
  channelGroups,
  createRandom,
  decompose,
  foldBatchNorm,
  fuseActivations,
  interpret,
  InterpretedStream,
  loadModel,
  maskChannels,
  print,
  removeChannels,
  runPipeline,
  saveModel,
  separateActivations,
  typeOf,
  tensor,
  allocate,
  verify,
} from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';
import { prepareStructure } from '@whittle/int8';
import { pruneChannels, rankedByScales } from '@whittle/slimming';
import type { RandomModel } from '@whittle/testkit';
import { expectClose } from './check.js';
import type { Findings } from './check.js';
import { registry } from './context.js';

/** How far a rewritten model may be off: it rounds elsewhere. */
const rewritten = 1e-3;

/** What the interpreter gives. */
export function evaluateRandom({ model, inputs }: RandomModel): readonly (readonly Tensor[])[] {
  const stream = new InterpretedStream(model);
  return inputs.map((tensors) => {
    const values = stream.run(new Map(model.inputs.map(({ id }, i) => [id, tensors[i]])));
    return model.outputs.map(({ id }) => values.get(id) as Tensor);
  });
}

/** What holds of every model, whatever it is to become. */
export async function checkFloat(random: RandomModel, findings: Findings): Promise<void> {
  const { seed, model, inputs } = random;
  const check = (name: string, run: () => unknown) => findings.check(name, seed, run);
  await check('verify', () => verify(model));
  const expected = evaluateRandom(random);
  const expectSame = async (name: string, rewrite: () => Model | Promise<Model>, tolerance = rewritten) =>
    check(name, async () => {
      const other = await rewrite();
      verify(other);
      expectClose(model, expected, evaluateRandom({ seed, model: other, inputs }), tolerance, name);
    });
  await check('save and load', () => {
    const bytes = saveModel(model);
    const loaded = loadModel(bytes);
    if (!isDeepStrictEqual(loaded, model)) throw new Error('a loaded model is another one');
    if (!isDeepStrictEqual(saveModel(loaded), bytes)) throw new Error('a loaded model has other bytes');
  });
  await check('print', () => {
    const text = print(model);
    for (const id of model.values.keys()) if (!text.includes(id)) throw new Error(`print leaves out ${id}`);
  });
  await expectSame('bind', () => bind(model, { batch: 1 }), 0);
  await check('batch of two', () => checkBatch(random, expected));
  await expectSame('decompose', () => decompose(model, () => false));
  await expectSame('fold batch norm', () => foldBatchNorm(model));
  await expectSame('fuse activations', () => fuseActivations(model));
  await expectSame('separate activations', () => separateActivations(model));
  await expectSame('prepare for integers', () => prepareStructure(model, registry.lowerings));
  await check('remove channels', () => checkRemoval(random));
  if (!rankedByScales.check?.(model))
    await check('prune channels', async () => {
      const { model: pruned } = await runPipeline(model, [pruneChannels({ ratio: 0.3 })]);
      verify(pruned);
      evaluateRandom({ seed, model: pruned, inputs });
    });
}

/** A model without some channels computes what it does with them masked, or says why it can't. */
function checkRemoval({ seed, model, inputs }: RandomModel): void {
  const draw = createRandom(seed).at('removals');
  const removals = channelGroups(model).groups.map((group) => {
    const inBlocks = Array.from({ length: group.blocks }, (_, block) =>
      group.channels.flatMap((channel, i) => (channel.block === block ? [i] : [])),
    );
    const each = Math.floor(draw.float() * inBlocks[0].length);
    return { group, channels: inBlocks.flatMap((block) => block.slice(0, each)) };
  });
  const { model: smaller, inexact } = removeChannels(model, removals);
  verify(smaller);
  const found = evaluateRandom({ seed, model: smaller, inputs });
  if (inexact.length > 0) return;
  const expected = evaluateRandom({ seed, model: maskChannels(model, removals), inputs });
  expectClose(model, expected, found, rewritten, 'remove channels');
}

/** Examples of a batch don't see one another. */
function checkBatch({ model, inputs }: RandomModel, expected: readonly (readonly Tensor[])[]): void {
  const free = model.inputs.every(({ id }) => typeOf(model, id).shape[0] === 'batch');
  if (!free || model.states.length > 0) return;
  const feeds = new Map(
    model.inputs.map(({ id }, i) => [id, stacked(inputs.map((each) => each[i]))] as const),
  );
  const bound = bind(model, { batch: inputs.length });
  verify(bound);
  const values = interpret(bound, feeds);
  const found = model.outputs.map(({ id }) => values.get(id) as Tensor);
  const wanted = model.outputs.map((_, i) => stacked(expected.map((each) => each[i])));
  expectClose(model, [wanted], [found], 0, 'batch of two');
}

/** Tensors of one type, one after the other along axis 0. */
export function stacked(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape, data }] = parts;
  const all = allocate(dtype, data.length * parts.length);
  parts.forEach((part, i) => all.set(part.data as never, i * data.length));
  return tensor(dtype, [parts.length * shape[0], ...shape.slice(1)], all);
}
