import { formatShape } from '@whittle/core';
import type { ModelInput, ModelOutput } from '@whittle/core';
import { NameScope } from '../c-name.js';
import type { Program, ProgramValue } from '../program.js';
import { inComment } from './comment.js';

/** An input or output of the C interface. */
export interface Port {
  readonly value: ProgramValue;
  /** Element type in C. */
  readonly type: string;
  readonly accessor: string;
  /** What it holds, in words. */
  readonly description: string;
}

export interface ModelInterface {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The function that sets the states to their initial values; only of models that have some. */
  readonly init?: string;
}

/**
 * The accessor functions of a model: PREFIX_input and PREFIX_output, with the value's name where there are several; and
 * PREFIX_init where it has states.
 */
export function modelInterface(program: Program, prefix: string): ModelInterface {
  const { model } = program;
  const names = new NameScope();
  const port = (
    end: ModelInput | ModelOutput,
    kind: 'input' | 'output',
    count: number,
    value: ProgramValue,
  ): Port => {
    return {
      value,
      type: value.type.dtype === 'float32' ? 'float' : `${value.type.dtype}_t`,
      accessor: names.take(count === 1 ? `${prefix}_${kind}` : `${prefix}_${kind}_${end.id}`),
      description: inComment(describe(value) + meaning(end)),
    };
  };
  return {
    inputs: model.inputs.map((end, _, all) => port(end, 'input', all.length, program.values.get(end.id)!)),
    outputs: model.outputs.map((end, i, all) => port(end, 'output', all.length, program.outputs[i])),
    ...(program.states.length > 0 && { init: `${prefix}_init` }),
  };
}

function describe({ id, type }: ProgramValue): string {
  const q = type.quantization;
  const real = q ? `; real value = ${q.scale[0]} * (stored - ${q.zeroPoint[0]})` : '';
  return `${id}: ${type.dtype}${formatShape(type.shape)}${real}`;
}

function meaning(end: ModelInput | ModelOutput): string {
  if ('labels' in end && end.labels) return `; labels: ${end.labels.join(', ')}`;
  if ('preprocess' in end && end.preprocess) {
    const { layout, range, mean, scale } = end.preprocess;
    const raw = `${layout} in [${range.join(', ')}]`;
    return `; from raw ${raw}: real value = (raw - ${listed(mean)}) / ${listed(scale)}`;
  }
  return '';
}

function listed(values: readonly number[]): string {
  return values.length === 1 ? String(values[0]) : `[${values.join(', ')}]`;
}
