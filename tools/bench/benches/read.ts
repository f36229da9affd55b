import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findPython, runPython } from '@whittle/testkit';
import { median, row } from '../bench.js';
import type { Bench, BenchRow } from '../bench.js';
import { writeCleanedUp } from '../clean-up.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const cache = at('../../../.cache/bench');
const keras = `${cache}/mobilenet_v2.h5`;
const tflite = `${cache}/mobilenet_v2.tflite`;
const out = `${cache}/written.tflite`;
const rounds = 9;
const coldRounds = 3;

/** Reading MobileNetV2 (14 MB of float weights), the clean-up passes, and writing it: in one process, and with its start. */
export const bench: Bench = {
  async run(_, say) {
    await prepare(say);
    say(`read: ${rounds} rounds in one process`);
    const warm = await timesOf(tflite);
    const peer = await peerTimes('read_write_tflite.py', [tflite, out, String(rounds)]);
    const api = "LiteRT's Python object API, reads and writes without passes";
    const rows: BenchRow[] = [
      row('read, clean up and write MobileNetV2.tflite', median(warm.slice(1)), api, median(peer.slice(1))),
      row('the same, the first time in a process', warm[0], api, peer[0]),
    ];
    say(`read: ${coldRounds} processes`);
    const cold = coldTimes(process.execPath, [
      ...['--import', 'tsx', '--conditions=@whittle/source', at('../clean-up-once.ts')],
      ...[tflite, out],
    ]);
    const coldPeer = coldTimes(findPython()!, [at('../peers/read_write_tflite.py'), tflite, out, '1']);
    rows.push(row('the same, with the start of the process, from TypeScript', cold, api, coldPeer));
    const folded = await timesOf(keras);
    const loaded = await peerTimes('load_keras.py', [keras, String(coldRounds)]);
    const load = "Keras' load_model, reads only";
    rows.push(
      row(
        'read MobileNetV2.h5, fold batch norms, write .tflite',
        median(folded.slice(1)),
        load,
        median(loaded),
      ),
    );
    return rows;
  },
};

/** Makes the files once, as set-up has Keras. */
async function prepare(say: (line: string) => void): Promise<void> {
  if (existsSync(tflite)) return;
  say('read: making MobileNetV2');
  mkdirSync(cache, { recursive: true });
  await runPython(at('../peers/make_mobilenet_v2.py'), [keras]);
  await writeCleanedUp(keras, out);
  renameSync(out, tflite);
}

async function timesOf(path: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await writeCleanedUp(path, out);
    times.push(performance.now() - start);
  }
  return times;
}

async function peerTimes(script: string, args: readonly string[]): Promise<number[]> {
  const said = await runPython(at(`../peers/${script}`), args);
  return said
    .trim()
    .split('\n')
    .map((seconds) => 1000 * Number(seconds));
}

/** The median of a few processes, from their start to their end, in milliseconds. */
function coldTimes(program: string, args: readonly string[]): number {
  const times = Array.from({ length: coldRounds }, () => {
    const start = performance.now();
    execFileSync(program, args, { stdio: 'pipe' });
    return performance.now() - start;
  });
  return median(times);
}
