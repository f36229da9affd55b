import { packageFile } from '../package-file.js';
import type { Target } from '../targets/index.js';
import type { ModelInterface, Port } from './model-interface.js';

/**
 * What stands around a model where a program is a WebAssembly module: `module.c`, the one model that it holds; `model.mjs`,
 * which loads it in a browser or in Node; `main.mjs`, which runs it once; and the CMake file.
 */
export async function moduleFiles(
  prefix: string,
  ports: ModelInterface,
  target: Target & Required<Pick<Target, 'module'>>,
): Promise<Map<string, string>> {
  return new Map([
    ['module.c', moduleSource(prefix)],
    ['model.mjs', loaderScript(prefix, ports)],
    ['main.mjs', mainScript(prefix, ports)],
    ['CMakeLists.txt', moduleCmakeLists(prefix, ports, target)],
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
  const view = ({ accessor, type, description }: Port) =>
    `    /* ${description} */
    ${shortName(prefix, accessor)}: new ${arrayType(type)}(memory.buffer, exports.${accessor}(model), ${accessor}Size),
`;
  const size = ({ accessor, type, value }: Port) =>
    `const ${accessor}Size = ${value.bytes / elementBytes(type)};\n`;
  const all = [...ports.inputs, ...ports.outputs];
  return `/* Loads ${prefix}.wasm, in a browser or in Node. */
${all.map(size).join('')}
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
  const fill = ({ accessor, value }: Port) =>
    `model.${shortName(prefix, accessor)}.fill(${value.type.quantization?.zeroPoint[0] ?? 0});\n`;
  const show = ({ accessor }: Port) =>
    `console.log(\`${accessor}: \${Array.from(model.${shortName(prefix, accessor)}).join(' ')}\`);\n`;
  return `/* Runs the model once, on zeros, and prints what comes out: node main.mjs build/${prefix}.wasm */
import { readFile } from 'node:fs/promises';
import { loadModel } from './model.mjs';

const model = await loadModel(await readFile(process.argv[2] ?? 'build/${prefix}.wasm'));
${ports.inputs.map(fill).join('')}model.run();
${ports.outputs.map(show).join('')}`;
}

function moduleCmakeLists(
  prefix: string,
  { inputs, outputs, init }: ModelInterface,
  { compiler, flags, module }: Target & Required<Pick<Target, 'module'>>,
): string {
  const accessors = [...inputs, ...outputs].map(({ accessor }) => accessor);
  const exported = [`${prefix}_instance`, `${prefix}_run`, ...accessors, ...(init ? [init] : [])];
  const machine = flags.filter((flag) => flag.startsWith('--target'));
  return `cmake_minimum_required(VERSION 3.16)
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_C_COMPILER ${compiler})
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
project(${prefix} C)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)

add_compile_options(${flags.join(' ')} -ffunction-sections -fdata-sections -Wall -Wextra -Wconversion)

file(GLOB KERNELS CONFIGURE_DEPENDS kernels/whittle_*.c)
add_executable(${prefix} module.c model.c \${KERNELS})
target_include_directories(${prefix} PRIVATE \${CMAKE_CURRENT_SOURCE_DIR} kernels)
target_link_options(${prefix} PRIVATE ${[...machine, ...module.linkFlags].join(' ')}
${exported.map((name) => `  -Wl,--export=${name}`).join('\n')})
set_target_properties(${prefix} PROPERTIES SUFFIX .wasm)

add_custom_target(run
  COMMAND node \${CMAKE_CURRENT_SOURCE_DIR}/main.mjs $<TARGET_FILE:${prefix}>
  DEPENDS ${prefix} USES_TERMINAL)
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

function elementBytes(type: string): number {
  return type === 'float' ? 4 : Number(/\d+/.exec(type)![0]) / 8;
}
