import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, row } from '../bench.js';
import type { Bench, BenchRow } from '../bench.js';
import { pythonOf, runPeer } from '../peers/environment.js';

const rounds = 5;
const pruneOnce = fileURLToPath(new URL('../prune-in-process.ts', import.meta.url));

/**
 * Half of the channels of four networks for ImageNet, by the scales of their batch norms: finding the groups, choosing over the
 * whole network, removing, and verifying the model before and what comes out, beside Torch-Pruning's dependency graph and
 * pruning of the same networks. Building the networks isn't timed; the first time in a process is told apart from the median
 * of those after it, when its code is compiled.
 */
export const bench: Bench = {
  async run(_, say) {
    say(`prune: ${rounds} rounds, in a process for each network`);
    const names = ['resnet50', 'vgg19', 'mobilenetv2', 'densenet121'] as const;
    const ours = new Map(names.map((name) => [name, times(name)]));
    say('prune: Torch-Pruning');
    const found = await pythonOf('torch');
    if ('missing' in found) {
      for (const [name, own] of ours) say(`  ${name}: ${median(own.slice(1)).toFixed(1)} ms`);
      say(`prune: torch-pruning is missing: ${found.missing}`);
      return [];
    }
    const said = await runPeer(found.python, 'prune_networks.py', names);
    const theirs = JSON.parse(said) as Record<string, number[]>;
    return names.flatMap((name): BenchRow[] => {
      const [own, other] = [ours.get(name)!, theirs[name]];
      return [
        row(name, median(own.slice(1)), 'torch-pruning', median(other.slice(1))),
        row(`${name}, the first time in a process`, own[0], 'torch-pruning', other[0]),
      ];
    });
  },
};

/** Milliseconds of each round. */
function times(name: string): number[] {
  const said = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=@whittle/source', pruneOnce, name, String(rounds + 1)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(said) as number[];
}
