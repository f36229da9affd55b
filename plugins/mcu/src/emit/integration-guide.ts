import type { Project } from '../project.js';
import type { TargetFeature } from '../targets/index.js';
import { splitFlags } from './cmake-lists.js';

/** What the compiler must be allowed to use, in words. */
const needs: Readonly<Record<TargetFeature, string>> = {
  armv6m: 'ARMv6-M, which every Cortex-M has',
  dsp: 'the DSP extension (`__ARM_FEATURE_DSP`)',
  mve: 'Helium (`__ARM_FEATURE_MVE`)',
  neon: 'NEON',
  dotprod: 'the dot product instructions (`__ARM_FEATURE_DOTPROD`)',
  simd128: 'vectors of 128 bits as GCC and Clang have them',
};

/** How a project's files become part of another program. */
export function integrationGuide({ target, sources, program, files }: Project): string {
  const { prefix } = sources;
  const { code } = splitFlags(target.flags);
  const flags = [...code, '-ffunction-sections', '-fdata-sections'].map(plain).join(' ');
  const demo = target.emulator?.board ? '`main.c` and `board/`' : '`main.c`';
  const names = [...files.keys()];
  const isAssembly = names.some((path) => path.endsWith('.S'));
  const features = target.features.filter((feature) => names.some((path) => path.includes(`_${feature}`)));
  const required = features.map((feature) => needs[feature]).join(', ');
  const states = program.states.length > 0;
  return `## In your ${target.emulator?.board ? 'firmware' : 'program'}

- Take \`model.h\`, \`model.c\`, \`weights.h\` and \`kernels/\`. Leave ${demo}: they are the demo.
- Compile \`model.c\` and every \`.c\`${isAssembly ? ' and `.S`' : ''} of \`kernels/\` as C11 with \`-I kernels\`, by GCC or Clang${isAssembly ? ' (the assembly is for theirs)' : ''}. Your code includes
  \`model.h\` alone, from C or C++.
- The figures below are of \`${flags}\`; link with \`-Wl,--gc-sections\`. Processor and float ABI are yours to choose:
  results don't depend on them.${required ? ` The kernels need ${required}.` : ''}
- With CMake: \`add_subdirectory(FOLDER)\` and \`target_link_libraries(YOURS PRIVATE ${prefix}_model)\`. The model is then compiled for
  what your project is compiled for.
- Several models: each in a folder of its own, and \`#include "FOLDER/model.h"\`. All names begin with the model's; kernels of one
  name are one file, to be compiled once, or in a library for each model, of which the linker takes one.
- A \`${prefix}_model\` is all the RAM beside the stack, at a multiple of 4 bytes, anywhere. There are no other variables: an inference
  may be interrupted, and others may run at the same time in ${prefix}_models of their own. ${
    states
      ? 'Between inferences it keeps the states.'
      : 'Between inferences its memory is free for others, once the outputs are read.'
  }

`;
}

/** A flag without CMake's conditions. */
function plain(flag: string): string {
  return /^\$<.*:([^>]+)>$/.exec(flag)?.[1] ?? flag;
}
