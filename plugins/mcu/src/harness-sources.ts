import { arenaWords } from './emit/model-header.js';
import type { ModelInterface, Port } from './emit/model-interface.js';
import type { ProjectSources } from './project-sources.js';
import type { Program } from './program.js';

export interface HarnessCase {
  readonly program: Program;
  readonly sources: ProjectSources;
  /** Folder of the model's files, relative to the harness. */
  readonly folder: string;
}

/** `cases.c` of the harness: every case on one arena, as large as the largest needs. */
export function casesSource(cases: readonly HarnessCase[]): string {
  const words = Math.max(...cases.map(({ program }) => arenaWords(program)));
  return `#include "harness.h"

${cases.map(({ folder }) => `#include "${folder}/model.h"`).join('\n')}

static uint32_t arena[${words}];

${cases.map(definitions).join('\n')}
const harness_case harness_cases[] = {
${cases.map(entry).join('\n')}
};
const uint32_t harness_case_count = ${cases.length};
`;
}

function definitions({ sources: { prefix, ports } }: HarnessCase): string {
  return `${streamFunctions(prefix, ports)}static void run_${prefix}(void) {
  if (harness_paints) platform_paint_stack();
  harness_begin();
  ${prefix}_run((${prefix}_model *)arena);
  harness_end();
}
static const harness_port inputs_${prefix}[] = {${ports.inputs.map(portText).join(', ')}};
static const harness_port outputs_${prefix}[] = {${ports.outputs.map(portText).join(', ')}};
`;
}

/** What begins a stream, and an inference of it that isn't counted. */
function streamFunctions(prefix: string, { init }: ModelInterface): string {
  return init
    ? `static void init_${prefix}(void) { ${init}((${prefix}_model *)arena); }
static void pass_${prefix}(void) { ${prefix}_run((${prefix}_model *)arena); }
`
    : '';
}

function portText({ value }: Port): string {
  return `{(uint8_t *)arena + ${value.offset}, ${value.bytes}}`;
}

function entry({ sources: { prefix, ports } }: HarnessCase): string {
  const { inputs, outputs, init } = ports;
  const stream = init ? `init_${prefix}, pass_${prefix}` : '0, 0';
  return `  {run_${prefix}, ${stream}, inputs_${prefix}, outputs_${prefix}, ${inputs.length}, ${outputs.length}},`;
}

/** What makes a model call a function of its own before each layer: `WHITTLE_LAYER` of model.c. */
export function layerSources(count: number): [string, string][] {
  const names = layerNames(count);
  const declared = names.map((name) => `void ${name}(void);\n`).join('');
  // noipa: or functions that are all the same would become one.
  const defined = names.map((name) => `__attribute__((noipa)) void ${name}(void) {}\n`).join('');
  return [
    [
      'layers.h',
      `#ifndef __ASSEMBLER__\n${declared}#define WHITTLE_LAYER(index) harness_layer_##index();\n#endif\n`,
    ],
    ['layers.c', defined],
  ];
}

/** The functions that are called before each layer. */
export function layerNames(count: number): string[] {
  return Array.from({ length: count }, (_, layer) => `harness_layer_${layer}`);
}
