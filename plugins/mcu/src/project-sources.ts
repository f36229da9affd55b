import { modelHeader } from './emit/model-header.js';
import { modelInterface } from './emit/model-interface.js';
import type { ModelInterface } from './emit/model-interface.js';
import { modelSource } from './emit/model-source.js';
import { weightsHeader } from './emit/weights-header.js';
import type { Program } from './program.js';

/** The C files of a model, without its kernels. */
export interface ProjectSources {
  /** What all its public names start with. */
  readonly prefix: string;
  readonly ports: ModelInterface;
  /** model.h, model.c and weights.h. */
  readonly files: ReadonlyMap<string, string>;
}

export function projectSources(program: Program, prefix: string): ProjectSources {
  const ports = modelInterface(program, prefix);
  const files = new Map([
    ['model.h', modelHeader(program, prefix, ports)],
    ['model.c', modelSource(program, prefix, ports)],
    ['weights.h', weightsHeader(program)],
  ]);
  return { prefix, ports, files };
}
