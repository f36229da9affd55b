import { dirname } from 'node:path';
import type { LayerCost } from '@whittle/core';
import { buildWithLayers } from './build-harness.js';
import type { BuiltHarness } from './build-harness.js';
import { estimateCycles } from './cycles/estimate-cycles.js';
import { parseDisassembly } from './cycles/instruction.js';
import { disassemble } from './disassemble.js';
import { emulateCounting } from './emulate.js';
import { layerNames } from './harness-sources.js';
import type { HarnessCase } from './harness-sources.js';
import type { AddressCount } from './instruction-count.js';
import { macsOf, weightBytesByStep } from './program.js';
import type { Emulator, Target } from './targets/index.js';

type EmulatedTarget = Target & { readonly emulator: Emulator };

export interface CaseProfile {
  /** Of the last inference, where there is a table for the core. */
  readonly estimatedCycles?: number;
  readonly layers: readonly LayerCost[];
}

/**
 * Where the last inference of a case spends its instructions. Layers are measured in a program of their own, with a call
 * before each, so that the counts of the whole, `whole` by address, have none of them.
 */
export async function profileCase(
  each: HarnessCase,
  target: EmulatedTarget,
  built: BuiltHarness,
  whole: readonly AddressCount[],
  counter: string,
  writeInputs: (folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<CaseProfile> {
  const total = await cyclesByLayer(target, built.program, whole);

  const program = await buildWithLayers(built, each, target, signal);
  await writeInputs(dirname(program));
  const { steps } = each.program;
  // Views have no call before them: nothing of them is executed.
  const measured = steps.flatMap(({ blocks }, step) => (blocks.length > 0 ? [step] : []));
  const names = layerNames(steps.length);
  const layers = measured.map((step) => names[step]);
  const { addresses } = await emulateCounting(target, program, counter, { layers }, signal);
  const cycles = await cyclesByLayer(target, program, addresses);
  const weights = weightBytesByStep(each.program);
  return {
    estimatedCycles: total && [...total.values()].reduce((sum, n) => sum + n, 0),
    layers: steps.map(({ name, nodes }, step) => {
      const layer = measured.indexOf(step) + 1;
      const counted = addresses.filter((count) => layer > 0 && count.layer === layer);
      return {
        name,
        op: nodes.map((node) => each.program.model.nodes[node].op.name).join(', '),
        macs: macsOf(each.program.model, nodes),
        instructions: counted.reduce((sum, { executed }) => sum + executed, 0),
        ...(cycles ? { estimatedCycles: (layer > 0 && cycles.get(layer)) || 0 } : {}),
        weightBytes: weights[step],
      };
    }),
  };
}

async function cyclesByLayer(
  target: EmulatedTarget,
  program: string,
  counts: readonly AddressCount[],
): Promise<Map<number, number> | undefined> {
  if (!target.cycles) return undefined;
  const instructions = parseDisassembly(await disassemble(target, program));
  return estimateCycles(counts, instructions, target.cycles);
}
