import { concrete } from '@whittle/core';
import { packageFile } from '../package-file.js';
import type { Target } from '../targets/index.js';
import { ALONE, cmakeHead, cmakeLibrary } from './cmake-lists.js';
import type { CmakeProject } from './cmake-lists.js';
import type { ModelInterface, Port } from './model-interface.js';

/**
 * What stands around a model where a program is a WebAssembly module: `module.c`, the one model that it holds; `model.mjs`,
 * which loads it in a browser or in Node; `main.mjs`, which runs it once; and the CMake file.
 */
export async function moduleFiles(
  project: CmakeProject,
  ports: ModelInterface,
  module: NonNullable<Target['module']>,
): Promise<Map<string, string>> {
  const { prefix } = project;
  return new Map([
    ['module.c', moduleSource(prefix)],
    ['model.mjs', loaderScript(prefix, ports)],
    ['main.mjs', mainScript(prefix, ports)],
    ['CMakeLists.txt', moduleCmakeLists(project, ports, module)],
    ['kernels/string.h', await packageFile('wasm/string.h')],
  ]);
}

function moduleSource(prefix: string): string {
  return `/* The model that model.mjs reads, writes and runs. */
#include "model.h"

static ${prefix}_model model;

${prefix}_model *${prefix}_instance(void);

${prefix}_model *${prefix}_instance(void) { return &model; }
`;
}

function loaderScript(prefix: string, ports: ModelInterface): string {
  const all = [...ports.inputs, ...ports.outputs];
  const view = ({ accessor, type, count, description }: Port) =>
    `    /* ${description} */
    ${shortName(prefix, accessor)}: new ${arrayType(type)}(memory.buffer, exports.${accessor}(model), ${count}),
`;
  const entry = ({ accessor, value: { type }, quantization }: Port) => {
    const scales = quantization ? `, scale: ${quantization.scale}, zeroPoint: ${quantization.zeroPoint}` : '';
    return `  ${shortName(prefix, accessor)}: { shape: [${concrete(type.shape).join(', ')}]${scales} },\n`;
  };
  return `/* Loads ${prefix}.wasm, in a browser or in Node. */

/* Inputs and outputs: what stored integers stand for is scale * (stored - zeroPoint). */
export const ports = {
${all.map(entry).join('')}};

/*
 * A model from the module's bytes: fill its inputs, call run(), read its outputs. Inputs must be written again before the
 * next run: their memory is used for other values meanwhile.
 */
export async function loadModel(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes);
  const { exports } = instance;
  const { memory } = exports;
  const model = exports.${prefix}_instance();
${ports.init ? `  exports.${ports.init}(model);\n` : ''}  return {
${all.map(view).join('')}    run: () => exports.${prefix}_run(model),
${ports.init ? `    /* Sets the states to their initial values: where a stream begins anew. */\n    reset: () => exports.${ports.init}(model),\n` : ''}  };
}
`;
}

function mainScript(prefix: string, ports: ModelInterface): string {
  const fill = ({ accessor, quantization }: Port) => {
    const name = shortName(prefix, accessor);
    return `model.${name}.fill(${quantization ? `ports.${name}.zeroPoint` : 0});\n`;
  };
  const show = ({ accessor }: Port) =>
    `console.log(\`${accessor}: \${Array.from(model.${shortName(prefix, accessor)}).join(' ')}\`);\n`;
  return `/* Runs the model once, on zeros, and prints what comes out: node main.mjs build/${prefix}.wasm */
import { readFile } from 'node:fs/promises';
import { loadModel, ports } from './model.mjs';

const model = await loadModel(await readFile(process.argv[2] ?? 'build/${prefix}.wasm'));
${ports.inputs.map(fill).join('')}model.run();
${ports.outputs.map(show).join('')}`;
}

function moduleCmakeLists(
  project: CmakeProject,
  { inputs, outputs, init }: ModelInterface,
  { linkFlags }: NonNullable<Target['module']>,
): string {
  const { prefix } = project;
  const accessors = [...inputs, ...outputs].map(({ accessor }) => accessor);
  const exported = [`${prefix}_instance`, `${prefix}_run`, ...accessors, ...(init ? [init] : [])];
  return `${cmakeHead(project)}
${cmakeLibrary(project)}
if(${ALONE})
  add_executable(${prefix}_module module.c)
  target_link_libraries(${prefix}_module PRIVATE ${prefix}_model)
  target_compile_options(${prefix}_module PRIVATE \${WHITTLE_MACHINE} -O3)
  target_link_options(${prefix}_module PRIVATE \${WHITTLE_MACHINE} ${linkFlags.join(' ')}
${exported.map((name) => `    -Wl,--export=${name}`).join('\n')})
  set_target_properties(${prefix}_module PROPERTIES OUTPUT_NAME ${prefix} SUFFIX .wasm)

  add_custom_target(run
    COMMAND node \${CMAKE_CURRENT_SOURCE_DIR}/main.mjs $<TARGET_FILE:${prefix}_module>
    DEPENDS ${prefix}_module USES_TERMINAL)
endif()
`;
}

/** What an accessor is called in scripts: `input` or `output`, with the value's name where there are several. */
function shortName(prefix: string, accessor: string): string {
  return accessor.slice(prefix.length + 1);
}

function arrayType(type: string): string {
  if (type === 'float') return 'Float32Array';
  const [, unsigned, bits] = /^(u?)int(\d+)_t$/.exec(type)!;
  return `${unsigned ? 'Uint' : 'Int'}${bits}Array`;
}
