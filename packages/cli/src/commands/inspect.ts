import { formatShape, modelBytes, modelCost, typeOf } from '@whittle/core';
import type { Model, Preprocess } from '@whittle/core';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import type { Session } from '../session.js';
import { printResult } from '../session.js';
import { formatTable } from '../table.js';

/** An input or output as `inspect --json` prints it. */
interface Port {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | 'batch')[];
  readonly scale?: number;
  readonly zeroPoint?: number;
  readonly preprocess?: Preprocess;
  readonly labels?: readonly string[];
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
    inputs: model.inputs.map(({ id, preprocess }) => ({ ...portOf(model, id), preprocess })),
    outputs: model.outputs.map(({ id, labels }) => ({ ...portOf(model, id), labels })),
    states: model.states.map((state) => portOf(model, state.in)),
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

function portOf(model: Model, id: string): Port {
  const { dtype, shape, quantization: q } = typeOf(model, id);
  const port = { name: id, dtype, shape };
  return q?.scale.length === 1 ? { ...port, scale: q.scale[0], zeroPoint: q.zeroPoint[0] } : port;
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
  readonly ops: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly parameterBytes: number;
  readonly macs: number;
  readonly flops: number;
  readonly peakActivationBytes: number;
}

function describe(result: Inspection): string {
  const port = (kind: string) => (p: Port) => {
    const q = p.scale === undefined ? '' : ` scale ${p.scale} zero point ${p.zeroPoint}`;
    const labels = p.labels ? `, ${p.labels.length} labels` : '';
    return [kind, `${p.name}: ${p.dtype}${formatShape(p.shape)}${q}${labels}`];
  };
  const rows: (string | number)[][] = [
    ['format', result.format],
    ...result.inputs.map(port('input')),
    ...result.outputs.map(port('output')),
    ...result.states.map(port('state')),
    ['file, bytes', result.fileBytes],
    ['parameters', result.parameters],
    ['parameters, bytes', result.parameterBytes],
    ['MACs', result.macs],
    ['FLOPs', result.flops],
    ['peak activations, bytes', result.peakActivationBytes],
  ];
  const ops = formatTable({ head: ['op', 'count'], rows: Object.entries(result.ops) });
  return `${formatTable({ head: ['model', result.model], rows })}\n${ops}`;
}
