import { formatShape, modelBytes, modelCost, typeOf } from '@whittle/core';
import type { Model, ModelInput, ModelOutput } from '@whittle/core';
import { axesInFile, orderNames } from '../file-axes.js';
import type { InFile } from '../file-axes.js';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import type { Session } from '../session.js';
import { printResult } from '../session.js';
import { formatTable } from '../table.js';

/** An input, output or state as `inspect --json` prints it. */
interface Port {
  /** What callers call it. */
  readonly name: string;
  /** Its id in the model, where that is another. */
  readonly id?: string;
  readonly dtype: string;
  readonly shape: readonly (number | 'batch')[];
  readonly scale?: number;
  readonly zeroPoint?: number;
  /** As the file has it, where the model orders axes in another way. */
  readonly file?: InFile;
  readonly preprocess?: ModelInput['preprocess'];
  readonly labels?: ModelOutput['labels'];
}

export interface InspectOptions {
  /** Shapes of inputs, as given. */
  readonly shape?: readonly string[];
}

/** `inspect MODEL`: what a model takes, gives, consists of and costs. */
export async function inspect(path: string, options: InspectOptions, session: Session): Promise<void> {
  const shapes = parseShapes(options.shape);
  const { model, format, bytes } = await readModelFile(path, session.registry, shapes);
  const cost = modelCost(model);
  const result = {
    model: path,
    name: model.name,
    format,
    fileBytes: bytes,
    inputs: model.inputs.map((input) => ({ ...portOf(model, input), preprocess: input.preprocess })),
    outputs: model.outputs.map((output) => ({ ...portOf(model, output), labels: output.labels })),
    states: model.states.map((state) => portOf(model, { id: state.in })),
    metadata: model.metadata,
    ops: countOps(model),
    parameters: cost.parameters,
    parameterBytes: modelBytes(model),
    macs: cost.macs,
    flops: cost.flops,
    flopsWithActivations: cost.flopsWithActivations,
    peakActivationBytes: cost.peakActivationBytes,
  };
  printResult(session, result, describe);
}

function portOf(model: Model, { id, name = id }: Pick<ModelInput, 'id' | 'name'>): Port {
  const { dtype, shape, quantization: q } = typeOf(model, id);
  const file = axesInFile(model, id);
  return {
    name,
    ...(name !== id && { id }),
    dtype,
    shape,
    ...(q?.scale.length === 1 && { scale: q.scale[0], zeroPoint: q.zeroPoint[0] }),
    ...(file && { file }),
  };
}

/** Ops by how often they occur, the most frequent first. */
function countOps(model: Model): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { op } of model.nodes) counts.set(op.name, (counts.get(op.name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

interface Inspection {
  readonly model: string;
  readonly format: string;
  readonly fileBytes: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly states: readonly Port[];
  readonly metadata: Model['metadata'];
  readonly ops: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly parameterBytes: number;
  readonly macs: number;
  readonly flops: number;
  readonly flopsWithActivations: number;
  readonly peakActivationBytes: number;
}

function describe(result: Inspection): string {
  const port = (kind: string) => (p: Port) => [kind, describePort(p)];
  const rows: (string | number)[][] = [
    ['format', result.format],
    ...result.inputs.map(port('input')),
    ...result.outputs.map(port('output')),
    ...result.states.map(port('state')),
    ...Object.entries(result.metadata).map(([key, value]) => [key, short(value)]),
    ['file, bytes', result.fileBytes],
    ['parameters', result.parameters],
    ['parameters, bytes', result.parameterBytes],
    ['MACs', result.macs],
    ['FLOPs', result.flops],
    ['FLOPs with activations', result.flopsWithActivations],
    ['peak activations, bytes', result.peakActivationBytes],
  ];
  const ops = formatTable({ head: ['op', 'count'], rows: Object.entries(result.ops) });
  return `${formatTable({ head: ['model', result.model], rows })}\n${ops}`;
}

function describePort(port: Port): string {
  const { name, id, dtype, shape, scale, zeroPoint, file, preprocess, labels } = port;
  return [
    `${name}: ${dtype}${formatShape(shape)}`,
    ...(scale === undefined ? [] : [` scale ${scale} zero point ${zeroPoint}`]),
    ...(id === undefined ? [] : [`, in the model ${id}`]),
    ...(file
      ? [`, ${orderNames(file).model}; in the file ${formatShape(file.shape)}, ${orderNames(file).file}`]
      : []),
    ...(preprocess ? [`, ${describePreprocess(preprocess)}`] : []),
    ...(labels ? [`, ${labels.length} labels`] : []),
  ].join('');
}

function describePreprocess({ layout, range, mean, scale }: NonNullable<Port['preprocess']>): string {
  return `of raw ${layout} values ${range[0]} to ${range[1]}: (raw - ${list(mean)}) / ${list(scale)}`;
}

const list = (values: readonly number[]) =>
  values.length === 1 ? String(values[0]) : `[${values.join(', ')}]`;

function short(text: string): string {
  const [line] = text.split('\n', 1);
  return line.length > 60 || line.length < text.length ? `${line.slice(0, 59)}…` : line;
}
