import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { cliProgress } from './progress.js';

async function shown(isTTY: boolean): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const task = cliProgress({ stream })('train', 3);
  for (let epoch = 1; epoch <= 3; epoch++) task.update(epoch, `loss ${1 / epoch}`);
  task.finish();
  stream.end();
  return text(stream);
}

it('writes plain lines where there is no terminal', async () => {
  expect(await shown(false)).toBe('train ...\ntrain: 3/3 loss 0.3333333333333333\n');
});

it('draws a bar on a terminal', async () => {
  const drawn = await shown(true);
  expect(drawn).toContain('train [');
  expect(drawn).toContain('3/3 loss 0.333');
});
