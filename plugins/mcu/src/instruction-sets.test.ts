import { bind, LoweringTable } from '@whittle/core';
import type { KernelSource } from '@whittle/kernel-api';
import { describe, expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { compileSources } from './compile.js';
import { parseDisassembly } from './cycles/instruction.js';
import type { Instruction } from './cycles/instruction.js';
import { binaryTool } from './emulate.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelFiles } from './kernel-files.js';
import { kernelLowerings } from './lowerings/index.js';
import { randomNetwork } from './random-network.fixture.js';
import { cortexM0plus, cortexM3, cortexM33, cortexM4, cortexM55, cortexM7 } from './targets/index.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { present } from './tools.fixture.js';
import { withWorkFolder, writeFiles } from './work-folder.js';

const lowerings = new LoweringTable(kernelLowerings);
const models = [integerNetwork(), ...[1, 2, 3, 4].map((seed) => randomNetwork(seed))];

/** What the kernels of some networks are compiled to. Helium is always told apart. */
async function instructionsOf(target: Target): Promise<Instruction[]> {
  const context = { features: target.features, optimize: 'speed' } as const;
  const kernels: KernelSource[] = [];
  for (const model of models)
    kernels.push(...(await buildProgram(bind(model, { batch: 1 }), lowerings, context)).kernels);
  return withWorkFolder(async (folder) => {
    const files = new Map<string, string>();
    for (const [name, text] of await kernelFiles(kernels)) files.set(`kernels/${name}`, text);
    await writeFiles(folder, files);
    const found: Instruction[] = [];
    for (const object of (await compileSources(files.keys(), target, folder)).values()) {
      const text = await runTool(binaryTool(target, 'objdump'), ['-m', 'armv8.1-m.main', '-d', object]);
      // Addresses begin anew in each section.
      for (const section of text.split('Disassembly of section'))
        found.push(...parseDisassembly(section).values());
    }
    return found;
  });
}

/** The DSP extension: products of halves and pairs, extensions of two bytes, arithmetic in lanes or with saturation. */
const dspForms = [
  'smul[bt]{2}|smla[bt]{2}|smlal[bt]{2}|smulw[bt]|smlaw[bt]|smu[as]dx?|sml[as]l?dx?|smm(?:la|ls|ul)r?|usada?8|umaal',
  '[su]xta?b16|[su]xta[bh]|pkh(?:bt|tb)|sel|[su]sat16',
  '[su]?[qh]?(?:add|sub)(?:8|16)|[su]?[qh]?(?:asx|sax)|qd?(?:add|sub)',
];
const dsp = new RegExp(`^(?:${dspForms.join('|')})$`);
const isDsp = ({ mnemonic }: Instruction) => dsp.test(mnemonic);
const isHelium = ({ mnemonic, operands }: Instruction) =>
  (mnemonic.startsWith('v') && /\bq\d/.test(operands)) || /^(dls|wls|le)(tp)?$|^lctp$/.test(mnemonic);
const cases = [
  { target: cortexM0plus, dsp: false, helium: false },
  { target: cortexM3, dsp: false, helium: false },
  { target: cortexM4, dsp: true, helium: false },
  { target: cortexM7, dsp: true, helium: false },
  { target: cortexM33, dsp: true, helium: false },
  { target: cortexM55, dsp: undefined, helium: true },
];

describe('kernels have instructions of their target alone', () => {
  for (const { target, ...expected } of cases)
    test.skipIf(!present(target.compiler))(
      `${target.name} (skipped without ${target.compiler})`,
      async () => {
        const instructions = await instructionsOf(target);
        expect(instructions.length).toBeGreaterThan(1000);
        const helium = instructions.filter(isHelium);
        expect(helium.length > 0, String(helium[0]?.mnemonic)).toBe(expected.helium);
        const products = instructions.filter(isDsp);
        if (expected.dsp !== undefined)
          expect(products.length > 0, String(products[0]?.mnemonic)).toBe(expected.dsp);
      },
      60_000,
    );
});
