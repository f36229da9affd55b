import { bind, isWhittleError, typeOf } from '@whittle/core';
import type { InputShapes, Model, Registry, Runtime } from '@whittle/core';
import { compareRuns, runtimeContext } from '@whittle/testkit';
import type { RunComparison, ValueComparison } from '@whittle/testkit';
import { parseInputs, readInputs } from '../inputs.js';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import type { Session } from '../session.js';
import { lookUp, printResult, showProgress } from '../session.js';
import { formatTable } from '../table.js';
import { usageInvalid } from '../usage.js';
import { expectAvailable } from './run.js';

export interface CompareOptions {
  readonly on?: readonly string[];
  readonly input: readonly string[];
  /** As given: steps of integer values, or an absolute difference of floats. */
  readonly tolerance?: string;
  /** Shapes of inputs, as given: for the models that leave extents open. */
  readonly shape?: readonly string[];
}

interface Side {
  readonly path: string;
  readonly model: Model;
  readonly runtime: Runtime;
}

/** `compare A [B] --on x,y`: A on runtime x against B, or A itself, on y, layer by layer, and the first value where they part. */
export async function compare(
  files: readonly [string] | readonly [string, string],
  options: CompareOptions,
  session: Session,
): Promise<void> {
  const { registry, signal } = session;
  const tolerance = parseTolerance(options.tolerance);
  const shapes = parseShapes(options.shape);
  const named = namedRuntimes(options.on, registry);
  if (files.length === 1 && new Set(named).size < 2)
    throw usageInvalid(
      `one model${named ? ` on ${named[0].name} alone` : ''} has nothing to be compared with: expected two models, or two runtimes as in --on int8,litert`,
    );
  parseInputs(options.input);
  const [first, second = first] = files;
  const paths = [first, second];
  const models = (await readModels(paths, registry, shapes)).map((model) => bind(model, { batch: 1 }));
  const runtimes = models.map((model, i) => named?.[i] ?? named?.[0] ?? evaluatorOf(model, registry));
  const [a, b] = models.map((model, i): Side => ({ path: paths[i], model, runtime: runtimes[i] }));
  const inputs = await readInputs(options.input, a.model);
  for (const runtime of new Set(runtimes)) await expectAvailable(runtime);
  const comparison = await showProgress(session, `compare on ${inputs.length} input(s)`, 1, () =>
    compareRuns(a, b, inputs, runtimeContext(registry, signal), { tolerance }),
  );
  const isExactFloat = tolerance === 'exact' && models.every(isFloat);
  const result = {
    a: { model: a.path, runtime: a.runtime.name },
    b: { model: b.path, runtime: b.runtime.name },
    inputs: inputs.length,
    equal: comparison.first === undefined,
    first: comparison.first ?? null,
    values: comparison.values,
    unmatched: comparison.unmatched,
  };
  printResult(session, result, (each) => describe(each, isExactFloat));
}

/**
 * The models, with `shapes` told to those that leave extents open; where none does, to A.
 * @throws OPTION_INVALID where they don't fit, and what reading throws
 */
async function readModels(
  paths: readonly string[],
  registry: Registry,
  shapes: InputShapes | undefined,
): Promise<Model[]> {
  const models: Model[] = [];
  let isTold = shapes === undefined;
  for (const path of paths) {
    try {
      models.push((await readModelFile(path, registry)).model);
    } catch (error) {
      if (!shapes || !isWhittleError(error, 'SHAPE_OPEN')) throw error;
      models.push((await readModelFile(path, registry, shapes)).model);
      isTold = true;
    }
  }
  if (!isTold) models[0] = (await readModelFile(paths[0], registry, shapes)).model;
  return models;
}

/** One runtime for both, or one each. @throws USAGE_INVALID */
function namedRuntimes(names: readonly string[] | undefined, registry: Registry): Runtime[] | undefined {
  if (names && names.length > 2)
    throw usageInvalid(`--on: expected one or two runtimes, found ${names.join(', ')}`);
  return names?.map((name) => lookUp('--on', 'runtime', registry.runtimes, name));
}

/** Where none is named, the runtime that evaluates the model here. */
function evaluatorOf(model: Model, { runtimes }: Registry): Runtime {
  return lookUp('--on', 'runtime', runtimes, isFloat(model) ? 'float' : 'int8');
}

function isFloat(model: Model): boolean {
  return model.nodes.every((node) => node.outputs.every((id) => typeOf(model, id).dtype === 'float32'));
}

function parseTolerance(text: string | undefined): number | 'exact' {
  if (text === undefined) return 'exact';
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw usageInvalid(`--tolerance: found '${text}', expected a number of at least 0`);
  return value;
}

interface Compared extends Pick<RunComparison, 'values' | 'unmatched'> {
  readonly first: ValueComparison | null;
}

/** `isExactFloat`: floats had to be equal to the last bit. */
function describe({ values, first, unmatched }: Compared, isExactFloat: boolean): string {
  const table = formatTable({
    head: ['value', 'op', 'elements', 'differ', 'largest', ''],
    rows: values.map((value) => [
      value.a === value.b ? short(value.a) : `${short(value.a)} / ${short(value.b)}`,
      value.op,
      value.elements,
      value.difference?.count ?? 0,
      value.largest,
      value === first ? '<- first' : '',
    ]),
  });
  const left = [...unmatched.a, ...unmatched.b].length;
  const note = left > 0 ? `${left} values have no partner and were left out\n` : '';
  const hint =
    first?.difference && isExactFloat
      ? '\n--tolerance 1e-5, or another number, leaves out what rounding alone makes'
      : '';
  return `${table}\n${note}${first ? firstLine(first) : `equal: ${values.length} values agree`}${hint}`;
}

function firstLine({ a, op, difference: d, unit }: ValueComparison): string {
  if (!d) return '';
  const element = `input ${d.input}, element [${d.index.join(', ')}]: ${d.expected} and ${d.found}`;
  const by = `${Number(d.largest.toPrecision(4))}${unit === 'steps' ? ' steps' : ''}`;
  return `they part at ${short(a)} (${op}): ${element}; ${d.count} elements differ, by up to ${by}`;
}

/** Names of other tools may list all that went into a value: the first of them, and its end. */
function short(name: string): string {
  const [first, ...rest] = name.split(';');
  const end = first.length > 40 ? `…${first.slice(-39)}` : first;
  return rest.length > 0 ? `${end};…` : end;
}
