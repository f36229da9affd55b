import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, row } from '../bench.js';
import type { Bench } from '../bench.js';

const batch = 4;
const program = fileURLToPath(new URL('../train-wasm-in-process.ts', import.meta.url));

/** Milliseconds of each step, in a process of its own: a process has one backend. */
async function timesOf(subject: 'wasm' | 'cpu', steps: number): Promise<number[]> {
  const node = ['--conditions=@whittle/source', '--import=tsx'];
  const args = [...node, program, subject, String(batch), String(steps)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as number[];
}

/**
 * A training step of ResNet-20 where there is no native TensorFlow: in WebAssembly with our kernels, beside tfjs's plain CPU
 * backend, the only one of its own that trains it there. That takes a minute or two.
 */
export const bench: Bench = {
  async run(_, say) {
    say(`train-wasm: resnet20, batch ${batch}`);
    const ours = await timesOf('wasm', 13);
    // The first steps compile and take memory.
    const oursMs = median(ours.slice(3));
    say(`  ours: ${ours.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    const [peerMs] = await timesOf('cpu', 1);
    say(`  tfjs-cpu: ${peerMs.toFixed(0)} ms`);
    return [row('resnet20, batch 4, no native library', oursMs, 'tfjs-cpu', peerMs)];
  },
};
