import { concrete, displayName, formatShape, sizeOf } from '@whittle/core';
import type { DType, ModelInput, ModelOutput } from '@whittle/core';
import { NameScope } from '../c-name.js';
import type { Program, ProgramValue } from '../program.js';
import { cDecimalFloat } from './c-literals.js';
import { inComment } from './comment.js';

/** What stored integers stand for: scale * (stored - zeroPoint). */
export interface PortQuantization {
  readonly scale: number;
  readonly zeroPoint: number;
  /** The function between real and stored values, quantize of inputs and dequantize of outputs, and what is stored. */
  readonly convert?: { readonly name: string; readonly min: number; readonly max: number };
}

/** An input or output of the C interface. */
export interface Port {
  readonly value: ProgramValue;
  /** Element type in C. */
  readonly type: string;
  /** Elements. */
  readonly count: number;
  readonly accessor: string;
  /** What its macros start with. */
  readonly macro: string;
  /** Of integers that stand for real values. */
  readonly quantization?: PortQuantization;
  /** What it holds, in words. */
  readonly description: string;
}

export interface ModelInterface {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The function that sets the states to their initial values; only of models that have some. */
  readonly init?: string;
}

/** A float32 value in as few digits as tell it from all others. */
function shortest(value: number): string {
  return cDecimalFloat(value).replace(/(\.0)?f$/, '');
}

/**
 * The accessor functions of a model: PREFIX_input and PREFIX_output, with the value's name where there are several; and
 * PREFIX_init where it has states.
 */
export function modelInterface(program: Program, prefix: string): ModelInterface {
  const { model } = program;
  const names = new NameScope();
  const macros = new NameScope();
  const port = (
    end: ModelInput | ModelOutput,
    kind: 'input' | 'output',
    count: number,
    value: ProgramValue,
  ): Port => {
    const accessor = names.take(
      count === 1 ? `${prefix}_${kind}` : `${prefix}_${kind}_${displayName(end.id)}`,
    );
    const { dtype, quantization, shape } = value.type;
    const range = shortRange(dtype);
    return {
      value,
      type: dtype === 'float32' ? 'float' : `${dtype}_t`,
      count: sizeOf(concrete(shape)),
      accessor,
      macro: macros.take(accessor.toUpperCase()),
      ...(quantization && {
        quantization: {
          scale: quantization.scale[0],
          zeroPoint: quantization.zeroPoint[0],
          ...(range && {
            convert: {
              name: names.take(`${accessor}_${kind === 'input' ? 'quantize' : 'dequantize'}`),
              ...range,
            },
          }),
        },
      }),
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
  const real = q ? `; real value = ${realValue(q.scale[0], q.zeroPoint[0])}` : '';
  return `${displayName(id)}: ${type.dtype}${formatShape(type.shape)}${real}`;
}

/** What an integer of at most 16 bits can be. */
function shortRange(dtype: DType): { readonly min: number; readonly max: number } | undefined {
  const [, sign, width] = /^(u?)int(8|16)$/.exec(dtype) ?? [];
  if (width === undefined) return undefined;
  const count = 2 ** Number(width);
  return sign === 'u' ? { min: 0, max: count - 1 } : { min: -count / 2, max: count / 2 - 1 };
}

/** 0.5 * (stored + 128) */
function realValue(scale: number, zeroPoint: number): string {
  const offset = zeroPoint === 0 ? '' : ` ${zeroPoint < 0 ? '+' : '-'} ${Math.abs(zeroPoint)}`;
  return `${shortest(scale)} * ${offset === '' ? 'stored' : `(stored${offset})`}`;
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
