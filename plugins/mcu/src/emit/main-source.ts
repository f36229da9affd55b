import type { ModelInterface, Port } from './model-interface.js';

/** `main.c`: one inference on zeros, from the initial states on, with the outputs printed. */
export function mainSource(prefix: string, ports: ModelInterface): string {
  return `/* Runs the model once, on zeros, and prints what comes out: the place to start from. */
#include <stdio.h>

#include "model.h"

static ${prefix}_model model;

int main(void) {
${ports.init ? `  ${ports.init}(&model); /* once, and again where a stream begins anew */\n` : ''}${ports.inputs.map(fill).join('')}
  ${prefix}_run(&model);

${ports.outputs.map(show).join('')}  fflush(stdout);
  return 0;
}
`;
}

function fill({ accessor, macro, type, quantization }: Port): string {
  const zero = quantization?.convert ? `${quantization.convert.name}(0.0f)` : type === 'float' ? '0.0f' : '0';
  return `  for (int i = 0; i < ${macro}_SIZE; ++i)
    ${accessor}(&model)[i] = ${zero};
`;
}

function show({ accessor, macro, type }: Port): string {
  const format = type === 'float' ? '%g' : '%d';
  const argument = type === 'float' ? `(double)${accessor}(&model)[i]` : `(int)${accessor}(&model)[i]`;
  return `  printf("${accessor}:");
  for (int i = 0; i < ${macro}_SIZE; ++i) printf(" ${format}", ${argument});
  printf("\\n");
`;
}
