import {
  estimateTable,
  instructionTable,
  likeCortexM4,
  memoryTable,
  number,
  publishedTable,
} from './microcontroller-tables.js';
import { models, peerVersions, sources } from './peer-figures.js';
import type { ModelName } from './peer-figures.js';
import { emulated } from './target-costs.js';
import type { TargetCosts } from './target-costs.js';

export const files: Readonly<Record<ModelName, string>> = {
  ic: 'ic_resnet8_int8.tflite',
  kws: 'kws_dscnn_int8.tflite',
  ad: 'ad_autoencoder_int8.tflite',
};
const titles: Readonly<Record<ModelName, string>> = {
  ic: 'image classification, ResNet-8',
  kws: 'keyword spotting, DS-CNN',
  ad: 'anomaly detection, autoencoder',
};

/** `docs/microcontrollers.md`, from what was measured by tools of some versions. */
export function microcontrollersPage(costs: TargetCosts, versions: readonly string[]): string {
  const alike = emulated.map(({ name }) => name).filter((name) => likeCortexM4(costs, name));
  return `# On microcontrollers

Written by \`npm run docs:microcontrollers -- FOLDER\`, with the int8 models of MLPerf Tiny in FOLDER; not to be edited.

One inference each of the unchanged int8 models, from [mlcommons/tiny](https://github.com/mlcommons/tiny), folder
\`benchmark/training\`:

${models.map((name) => `- **${name}**, ${titles[name]}: \`${sources[name]}\`, in FOLDER as \`${files[name]}\``).join('\n')}

All outputs equal TensorFlow Lite Micro's to the bit. Ours were measured with ${versions.join(', ')}, each target with the flags in
\`plugins/mcu/src/targets\`; the peers' are of ${peerVersions}.

## How to read this, and which option to take

- \`whittle export MODEL --target TARGET --out DIR\` takes the fastest program that fits the target's memory, or \`--ram\` and
  \`--flash\`, and says which it is. Try that first; the project's README has these figures for your model, and each layer's.
- \`--optimize speed\` is the fewest instructions. \`ram\` is the least RAM: layers are computed together, a few rows at a time, which takes more
  instructions and code. \`flash\` is less code where a target has a choice; often it is the same program as for speed, and then
  shares its row below.
- The price of \`ram\` depends on model and target. ${price(costs)} There is nothing between \`speed\` and \`ram\`: what
  a target's fastest kernel needs, it needs as a whole.
- An instruction count is exact and the same every time; it is no time. Cycles are what a core takes: ours are estimates, the
  others' were measured on boards, so they stand in tables of their own. Compare instructions with instructions.
- The Cortex-M3 takes several times the Cortex-M4's instructions: it has no DSP extension, whose SMLAD makes two products of a
  convolution at once, and runs the portable C kernels. The Cortex-M0+ has kernels of its own, with two products in one
  multiplication of 32 bits.

## Instructions

Executed instructions, counted exactly in QEMU, optimized for speed. The peers were counted in the same way, on the same machines, with
the same input and compiler.

${instructionTable(costs)}
## Cycles, in millions

### Ours, estimated

**Estimates**: executed instructions times cycles from Arm's manuals, for memory without wait states, loads not overlapping. The
Cortex-M7 is taken to issue one instruction at a time, though it can issue two; 64-bit cores have no estimate.

${estimateTable(costs)}
### Others, measured on boards

Published results of [MLPerf Tiny](https://mlcommons.org/benchmarks/inference-tiny/), milliseconds times clock; the version is the round's. The best of these
engines are closed.

${publishedTable()}
## Memory

In bytes. The stack is what an inference used, and the most that it can use by the call graph; RAM in all is arena, other static
data and that most. Code and tables are all that the model and its kernels need, libraries included, without weights, biases
and multipliers. 64-bit cores have an operating system: their stack isn't counted.${
    alike.length > 0
      ? ` ${alike.join(' and ')} take what the cortex-m4 takes, within 1%, and are left out.`
      : ''
  }

${models.map((model) => `### ${model}: ${titles[model]}\n\n${memoryTable(costs, model)}`).join('\n')}`;
}

/** The least and the most that RAM costs in instructions. */
function price(costs: TargetCosts): string {
  const all = models.flatMap((model) =>
    emulated.map(({ name }) => {
      const [fast, small] = (['speed', 'ram'] as const).map((optimize) => costs.of(model, name, optimize));
      return {
        where: `${model} on ${name}`,
        bytes: fast.arenaBytes - small.arenaBytes,
        share: 1 - small.arenaBytes / fast.arenaBytes,
        factor: small.instructions / fast.instructions,
      };
    }),
  );
  const saving = all.filter(({ bytes }) => bytes > 0);
  const best = saving.reduce((a, b) => (b.share / b.factor > a.share / a.factor ? b : a));
  const worst = saving.reduce((a, b) => (b.factor > a.factor ? b : a));
  const describe = ({ where, bytes, factor }: (typeof all)[number]) =>
    `${where} saves ${number(bytes)} bytes of the arena for ${factor.toFixed(2)} times the instructions`;
  return `At best, ${describe(best)}; at worst, ${describe(worst)}.`;
}
