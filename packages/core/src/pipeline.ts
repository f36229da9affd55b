import { isWhittleError, throwIfAborted, WhittleError } from './errors.js';
import type { Evaluator } from './evaluator.js';
import { interpreter } from './interpreter.js';
import { LoweringTable } from './lowering.js';
import type { Model } from './model.js';
import type { Pass, PassContext, PassListing, PassResult, Progress } from './pass.js';
import type { Plugin } from './plugin.js';
import { describeProperty, implies } from './property.js';
import type { Property } from './property.js';
import { createRandom } from './random.js';
import { verify } from './verify.js';

export interface PipelineOptions {
  /** Fixes every random choice. Default 0. */
  readonly seed?: number;
  readonly plugins?: readonly Plugin[];
  /** Default: the interpreter. */
  readonly evaluator?: Evaluator;
  readonly log?: (message: string) => void;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** What is known to hold of the model beside what can be checked on it. */
  readonly holds?: readonly Property[];
}

export interface PassRecord {
  readonly pass: string;
  readonly changed: boolean;
  readonly report?: Readonly<Record<string, unknown>>;
}

export interface PipelineResult {
  readonly model: Model;
  readonly passes: readonly PassRecord[];
  /** What holds of the model at the end. */
  readonly properties: readonly Property[];
}

/**
 * Runs passes in the order given: nothing is added, left out or moved. Refuses the list, before anything runs, where a
 * pass needs a property that neither holds of the model nor is established before it. After each pass the model is
 * verified, checkable properties are checked anew, and claims that depend on what changed are dropped.
 * @throws PIPELINE_ORDER, PROPERTY_MISSING, PROPERTY_BROKEN, PASS_FAILED (anything that a pass threw without a code), ABORTED
 */
export async function runPipeline(
  model: Model,
  passes: readonly Pass[],
  options: PipelineOptions = {},
): Promise<PipelineResult> {
  expectPasses(passes);
  const plugins = options.plugins ?? [];
  checkOrder(
    model,
    passes,
    options.holds ?? [],
    plugins.flatMap((plugin) => plugin.passes ?? []),
  );
  const context: PassContext = {
    log: options.log ?? (() => {}),
    progress: options.progress ?? (() => ({ update() {}, finish() {} })),
    random: createRandom(options.seed ?? 0),
    signal: options.signal ?? new AbortController().signal,
    evaluator: options.evaluator ?? interpreter,
    lowerings: new LoweringTable(plugins.flatMap((plugin) => plugin.lowerings ?? [])),
  };
  const run = await runPasses(model, passes, context, options.holds ?? []);
  return { model: run.model, passes: run.records, properties: run.properties };
}

/** @throws OPTION_INVALID: plain JavaScript, and scripts that nobody type-checks, come this way too */
function expectPasses(passes: readonly Pass[]): void {
  const list: unknown = passes;
  if (!Array.isArray(list))
    throw new WhittleError('OPTION_INVALID', `a pipeline takes a list of passes, found ${typeof list}`);
  for (const [i, pass] of (list as unknown[]).entries()) {
    if (typeof pass === 'function')
      throw new WhittleError(
        'OPTION_INVALID',
        `pass ${i + 1} of the list is a function: call it with its options to make a pass`,
      );
    if (typeof (pass as Partial<Pass> | undefined)?.run !== 'function')
      throw new WhittleError('OPTION_INVALID', `pass ${i + 1} of the list is no pass, found ${typeof pass}`);
  }
}

async function runPasses(
  initial: Model,
  passes: readonly Pass[],
  context: PassContext,
  holds: readonly Property[],
) {
  let model = initial;
  let properties = [...holds];
  const records: PassRecord[] = [];
  for (const pass of passes) {
    throwIfAborted(context.signal);
    for (const required of pass.requires ?? []) requireProperty(model, properties, required, pass);
    const result = splitResult(await runOne(pass, model, context, records));
    const changed = result.model !== model;
    if (changed) verifyAfter(pass, result.model);
    model = result.model;
    properties = settle(properties, pass, model, changed);
    records.push({ pass: pass.name, changed, report: result.report });
  }
  return { model, records, properties };
}

async function runOne(
  pass: Pass,
  model: Model,
  context: PassContext,
  before: readonly PassRecord[],
): Promise<PassResult> {
  try {
    return await pass.run(model, context);
  } catch (cause) {
    if (isWhittleError(cause)) throw cause;
    const ran = before.length > 0 ? `after ${before.map((r) => r.pass).join(', ')}` : 'as the first pass';
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new WhittleError('PASS_FAILED', `${pass.name} (${ran}): ${message}`, { pass: pass.name, cause });
  }
}

/** @throws what `verify` throws, with the pass that broke the model */
function verifyAfter(pass: Pass, model: Model): void {
  try {
    verify(model);
  } catch (error) {
    if (!isWhittleError(error)) throw error;
    const { code, message, node } = error;
    throw new WhittleError(code, `${pass.name} left a model that is not valid: ${message}`, {
      pass: pass.name,
      node,
      cause: error,
    });
  }
}

function splitResult(result: PassResult): { model: Model; report?: Readonly<Record<string, unknown>> } {
  return 'model' in result ? result : { model: result };
}

/** Properties after a pass: dropped, checked and established. */
function settle(properties: readonly Property[], pass: Pass, model: Model, changed: boolean): Property[] {
  const established = pass.establishes ?? [];
  for (const property of established) {
    const finding = property.check?.(model);
    if (finding)
      throw new WhittleError(
        'PROPERTY_BROKEN',
        `${pass.name} was to establish ${describeProperty(property)}, but ${finding.message}`,
        {
          pass: pass.name,
          node: finding.node,
        },
      );
  }
  const kept = properties.filter((property) => {
    if (!changed) return true;
    if (property.check) return property.check(model) === undefined;
    return survives(property, pass);
  });
  return [...kept.filter((old) => !established.some((fresh) => implies(fresh, old))), ...established];
}

function survives(property: Property, pass: Pass): boolean {
  const touched = property.dependsOn.some((aspect) => pass.changes.includes(aspect));
  return !touched || (pass.preserves ?? []).some((kept) => implies(kept, property));
}

function requireProperty(
  model: Model,
  properties: readonly Property[],
  required: Property,
  pass: Pass,
): void {
  if (required.check) {
    const finding = required.check(model);
    if (!finding) return;
    throw new WhittleError(
      'PROPERTY_MISSING',
      `${pass.name} needs ${describeProperty(required)}, but ${finding.message}`,
      {
        pass: pass.name,
        node: finding.node,
      },
    );
  }
  if (!properties.some((property) => implies(property, required)))
    throw new WhittleError(
      'PROPERTY_MISSING',
      `${pass.name} needs ${describeProperty(required)}, which a pass before it has ended`,
      { pass: pass.name },
    );
}

/** Refuses a list that can't work, by what the passes claim of themselves. */
function checkOrder(
  model: Model,
  passes: readonly Pass[],
  holds: readonly Property[],
  known: readonly PassListing[],
): void {
  let properties = [...holds];
  let untouched = true;
  for (const pass of passes) {
    for (const required of pass.requires ?? []) {
      const holdsNow = properties.some((property) => implies(property, required));
      // What can be checked may hold of the model as it is, or become true on the way; only a claim can be refused early.
      const checkable = required.check !== undefined && (!untouched || required.check(model) === undefined);
      if (holdsNow || checkable) continue;
      throw new WhittleError(
        'PIPELINE_ORDER',
        `${pass.name} needs ${describeProperty(required)}, which nothing before it establishes; ${advice(required, passes, known)}`,
        { pass: pass.name },
      );
    }
    properties = [...properties.filter((property) => survives(property, pass)), ...(pass.establishes ?? [])];
    if (pass.changes.length > 0) untouched = false;
  }
}

function advice(required: Property, passes: readonly Pass[], known: readonly PassListing[]): string {
  const later = passes
    .filter((pass) => pass.establishes?.some((property) => implies(property, required)))
    .map((pass) => pass.name);
  const names = new Set([
    ...later,
    ...known.filter((factory) => establishesByDefault(factory, required)).map((f) => f.definition.name),
  ]);
  return names.size > 0
    ? `these passes establish it: ${[...names].join(', ')}`
    : 'no pass of the given plugins establishes it';
}

/** Whether a pass establishes such a property with its default options, or whatever its options are. */
function establishesByDefault({ definition }: PassListing, required: Property): boolean {
  if (!definition.establishes) return false;
  const options = definition.options.safeParse({});
  const anyOptions = definition.establishes.length === 0;
  if (!options.success && !anyOptions) return false;
  return definition.establishes(options.data).some((property) => property.name === required.name);
}

/**
 * A pass that changes nothing and fails where the property doesn't hold at this place: PROPERTY_BROKEN where the model
 * itself shows it, PIPELINE_ORDER or PROPERTY_MISSING where it is a claim that no pass has made, or that one has ended.
 */
export function ensure(property: Property): Pass {
  return {
    name: `core/ensure-${property.name}`,
    changes: [],
    requires: property.check ? [] : [property],
    run(model) {
      const finding = property.check?.(model);
      if (finding)
        throw new WhittleError(
          'PROPERTY_BROKEN',
          `${describeProperty(property)} doesn't hold here: ${finding.message}`,
          { node: finding.node },
        );
      return model;
    },
  };
}

/** Several passes as one. */
export function sequence(name: `${string}/${string}`, passes: readonly Pass[]): Pass {
  const established = passes.reduce<Property[]>(
    (properties, pass) => [...properties.filter((p) => survives(p, pass)), ...(pass.establishes ?? [])],
    [],
  );
  return {
    name,
    changes: [...new Set(passes.flatMap((pass) => pass.changes))],
    requires: passes[0]?.requires,
    establishes: established,
    async run(model, context) {
      const { model: result, records } = await runPasses(model, passes, context, passes[0]?.requires ?? []);
      return {
        model: result,
        report: Object.fromEntries(records.map((r, i) => [`${i + 1} ${r.pass}`, r.report ?? {}])),
      };
    },
  };
}

/** Runs a pass again and again, until `until` says so (asked after each round, 1 being the first) or `most` rounds are done. */
export function repeat(
  pass: Pass,
  options: {
    readonly until: (model: Model, round: number) => boolean | Promise<boolean>;
    readonly most?: number;
  },
): Pass {
  const most = options.most ?? 100;
  return {
    ...pass,
    name: `${pass.name}-repeat`,
    async run(model, context) {
      let current = model;
      const rounds: unknown[] = [];
      for (let round = 1; round <= most; round++) {
        throwIfAborted(context.signal);
        const result = splitResult(await pass.run(current, context));
        current = result.model;
        rounds.push(result.report ?? {});
        if (await options.until(current, round)) break;
      }
      return { model: current, report: { rounds } };
    },
  };
}
