import { createHash } from 'node:crypto';
import { saveModel } from '@whittle/core';
import type { Model } from '@whittle/core';
import type { FitOptions } from './fit-options.js';
import type { Optimizer } from './optimizer.js';
import { valueOf } from './schedule.js';
import type { Schedule } from './schedule.js';
import type { BoundUpdate, Networks } from './train-step.js';

/** What two runs must agree in for one to go on where the other stopped: texts by what they are of. */
export type Fingerprint = Readonly<Record<string, string>>;

/**
 * The fingerprint of a run as far as its first `steps` steps depend on it. Models count with all of their numbers, schedules by
 * what they gave in these steps, so that a run may be made longer where that changes nothing of what was done. Functions
 * can't be compared: optimizers count by what they make of some numbers, terms, penalties and proximal steps by name, weight and
 * parameters, data by their size.
 */
export function fingerprintOf(
  options: FitOptions,
  networks: Networks,
  updates: readonly BoundUpdate[],
  steps: number,
): Fingerprint {
  const { data, validation, metrics = [], random, restoreBest = false, statisticsMomentum = 0.9 } = options;
  const sampled = (schedule: number | Schedule) => sample(schedule, options, steps);
  const parts: Record<string, string> = {
    seed: String(random.seed),
    data: sizeOf(data),
    validation: validation ? sizeOf(validation) : 'none',
    metrics: metrics.map(({ name }) => name).join(', '),
    'best epoch': restoreBest ? 'given back' : 'not given back',
    'momentum of statistics': String(statisticsMomentum),
  };
  for (const [name, { model }] of networks.trained) parts[`model ${name}`] = digestOf(model);
  [...networks.frozen.keys()].forEach((model, i) => (parts[`frozen model ${i + 1}`] = digestOf(model)));
  updates.forEach(({ update, parameters }, i) => {
    const of = (applied: (parameter: BoundUpdate['parameters'][number]) => readonly object[], one: object) =>
      digest(
        parameters
          .filter((p) => applied(p).includes(one))
          .map(({ parameter }) => parameter.id)
          .join(' '),
      );
    const at = `update ${i + 1}`;
    parts[`${at}: optimizer`] = `${update.optimizer.name} ${probe(update.optimizer)}`;
    parts[`${at}: learning rate`] = sampled(update.learningRate);
    parts[`${at}: parameters`] = digest(parameters.map(({ parameter }) => parameter.id).join(' '));
    update.terms.forEach(({ name, weight }, k) => {
      parts[`${at}: term ${k + 1}`] = `${name} ${sampled(weight)}`;
    });
    update.penalties?.forEach((penalty, k) => {
      const on = of((p) => p.penalties, penalty);
      parts[`${at}: penalty ${k + 1}`] = `${penalty.name} ${sampled(penalty.weight)} on ${on}`;
    });
    update.after?.forEach((proximal, k) => {
      parts[`${at}: proximal step ${k + 1}`] = `${proximal.name} on ${of((p) => p.after, proximal)}`;
    });
  });
  return parts;
}

/** The parts in which two fingerprints differ, each with what both have. */
export function differences(expected: Fingerprint, found: Fingerprint): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names]
    .filter((name) => expected[name] !== found[name])
    .map((name) => `${name} (${found[name] ?? 'none'} there, ${expected[name] ?? 'none'} here)`);
}

function sizeOf({ examples, count }: { readonly examples: number; readonly count: number }): string {
  return `${examples} examples in ${count} batches`;
}

const digests = new WeakMap<Model, string>();

function digestOf(model: Model): string {
  const known = digests.get(model) ?? digest(saveModel(model));
  digests.set(model, known);
  return known;
}

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** What a schedule gives at up to 64 of the first steps. */
function sample(schedule: number | Schedule, { data, epochs }: FitOptions, steps: number): string {
  const points = Math.min(steps, 64);
  const values = Array.from({ length: points }, (_, i) => {
    const step = Math.floor((i * steps) / points);
    return valueOf(schedule, { step, stepsPerEpoch: data.count, epochs });
  });
  return digest(values.join(' '));
}

/** What an optimizer makes of a few numbers, which tells its settings. */
function probe(optimizer: Optimizer): string {
  const values = Float32Array.of(1, -0.5, 0.25);
  const state = optimizer.slots.map((_, i) => Float32Array.of(0.5 + i, 0.125, 2 + i));
  const gradient = Float32Array.of(0.5, -2, 0.75);
  optimizer.update({ values, gradient, slots: state, learningRate: 0.125, step: 3 });
  return digest([values, ...state].map((array) => array.join(' ')).join(';'));
}
