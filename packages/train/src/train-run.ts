import { WhittleError } from '@whittle/core';
import type { Model } from '@whittle/core';
import { readCheckpoint, removeLeftovers, writeCheckpoint } from './checkpoint.js';
import type { EpochPosition } from './checkpoint.js';
import { differences, fingerprintOf } from './fingerprint.js';
import type { Fingerprint } from './fingerprint.js';
import type { EpochProgress } from './epoch-progress.js';
import type { FitOptions } from './fit-options.js';
import type { EpochRecord } from './history.js';
import { NetworkState } from './network-state.js';
import type { Snapshot } from './network-state.js';
import type { SchedulePoint } from './schedule.js';
import type { TensorFlow } from './tensorflow.js';
import type { BoundUpdate, Networks, UpdatedParameter } from './train-step.js';
import type { Update } from './update.js';

/** One run of `fit`: networks, optimizers' slots, history and the best epoch, all that a checkpoint holds. */
export class TrainRun {
  readonly networks: Networks;
  readonly updates: readonly BoundUpdate[];
  readonly #options: FitOptions;
  #history: EpochRecord[] = [];
  #best: number | undefined;
  #bestParameters = new Map<string, Snapshot>();

  private constructor(options: FitOptions, networks: Networks) {
    this.#options = options;
    this.networks = networks;
    const { updates } = options;
    this.updates = updates.map((update, i) =>
      bindUpdate(networks, update, updates.length > 1 ? `${update.model ?? i + 1}/` : ''),
    );
  }

  /** @throws OP_UNSUPPORTED, MODEL_NOT_TRAINABLE, OPTION_INVALID */
  static async create(tf: TensorFlow, options: FitOptions): Promise<TrainRun> {
    const { models, updates, lowerings } = options;
    const trained = new Map<string, NetworkState>();
    const frozen = new Map<Model, NetworkState>();
    try {
      for (const [name, model] of Object.entries(models))
        trained.set(name, await NetworkState.create(tf, model, 'training', lowerings));
      for (const model of updates.flatMap(({ terms }) => terms.flatMap((term) => term.frozen ?? [])))
        if (!frozen.has(model))
          frozen.set(model, await NetworkState.create(tf, model, 'inference', lowerings));
      return new TrainRun(options, { trained, frozen });
    } catch (error) {
      for (const network of [...trained.values(), ...frozen.values()]) network.dispose();
      throw error;
    }
  }

  get history(): readonly EpochRecord[] {
    return this.#history;
  }

  get best(): number | undefined {
    return this.#best;
  }

  pointAt(step: number): SchedulePoint {
    const { data, epochs } = this.#options;
    return { step, stepsPerEpoch: data.count, epochs };
  }

  /** Takes an epoch into the history, and writes the checkpoint. @throws LOSS_NOT_FINITE, FILE_UNREADABLE */
  async finishEpoch(record: EpochRecord): Promise<void> {
    const current = this.#current();
    for (const [name, snapshot] of current) expectFinite(name, snapshot, record.epoch);
    this.#history.push(record);
    if (this.#isBest(record)) {
      this.#best = this.#history.length - 1;
      if (this.#options.restoreBest) this.#bestParameters = current;
    }
    if (this.#options.checkpoint) await this.#save(this.#options.checkpoint.path, current);
  }

  /** Writes the checkpoint within an epoch, where its options ask for it after this step. @throws as `finishEpoch` */
  async finishStep(progress: EpochProgress): Promise<void> {
    const { checkpoint, data } = this.#options;
    const { steps } = progress;
    if (!checkpoint?.everySteps || steps % checkpoint.everySteps !== 0 || steps === data.count) return;
    const current = this.#current();
    for (const [name, snapshot] of current) expectFinite(name, snapshot, this.#history.length + 1);
    await this.#save(checkpoint.path, current, progress.position());
  }

  /**
   * Goes on from the checkpoint, where that is wanted and there is one; returns where in an epoch that is.
   * @throws CHECKPOINT_MISMATCH, FORMAT_INVALID
   */
  async resume(): Promise<EpochPosition | undefined> {
    const { checkpoint, epochs, data } = this.#options;
    if (checkpoint) await removeLeftovers(checkpoint.path);
    if (!checkpoint?.resume) return undefined;
    const saved = await readCheckpoint(checkpoint.path);
    if (!saved) return undefined;
    const done = saved.history.length * data.count + (saved.within?.steps ?? 0);
    const differing = differences(this.#fingerprint(done), saved.fingerprint);
    if (done > epochs * data.count) differing.push(`steps (${done} there, ${epochs * data.count} here)`);
    if (differing.length > 0)
      throw new WhittleError(
        'CHECKPOINT_MISMATCH',
        `${checkpoint.path} is of another run, which differs in: ${differing.join('; ')}`,
      );
    const array = (name: string, length: number): Float32Array => {
      const found = saved.arrays.get(name);
      if (found?.length === length) return found;
      throw new WhittleError(
        'FORMAT_INVALID',
        `${checkpoint.path}: '${name}' should have ${length} elements, found ${found?.length ?? 'none'}`,
      );
    };
    const load = (prefix: string, network: NetworkState) =>
      new Map([...network.snapshot()].map(([id, values]) => [id, array(`${prefix}/${id}`, values.length)]));
    for (const [name, network] of this.networks.trained) {
      network.restore(load(`model/${name}`, network));
      if (saved.best !== undefined && this.#options.restoreBest)
        this.#bestParameters.set(name, load(`best/${name}`, network));
    }
    this.#eachSlot((name, values) => values.set(array(name, values.length)));
    this.#history = [...saved.history];
    this.#best = saved.best;
    return saved.within;
  }

  /** The models as they are to be handed out: of the best epoch where that is wanted, else of the last. */
  results(): Record<string, Model> {
    const chosen = this.#bestParameters.size > 0 ? this.#bestParameters : this.#current();
    return Object.fromEntries(
      [...this.networks.trained].map(([name, network]) => [name, network.toModel(chosen.get(name))]),
    );
  }

  dispose(): void {
    for (const network of [...this.networks.trained.values(), ...this.networks.frozen.values()])
      network.dispose();
  }

  #current(): Map<string, Snapshot> {
    return new Map([...this.networks.trained].map(([name, network]) => [name, network.snapshot()]));
  }

  #isBest(record: EpochRecord): boolean {
    const metric = this.#options.metrics?.[0];
    const found = metric && record.validation?.[metric.name];
    if (!metric || found === undefined) return false;
    if (this.#best === undefined) return true;
    const best = this.#history[this.#best].validation?.[metric.name] as number;
    return metric.goal === 'max' ? found > best : found < best;
  }

  async #save(path: string, current: ReadonlyMap<string, Snapshot>, within?: EpochPosition): Promise<void> {
    const arrays = new Map<string, Float32Array>();
    for (const [prefix, networks] of [
      ['model', current],
      ['best', this.#bestParameters],
    ] as const)
      for (const [name, snapshot] of networks)
        for (const [id, values] of snapshot) arrays.set(`${prefix}/${name}/${id}`, values);
    this.#eachSlot((name, values) => arrays.set(name, values));
    const done = this.#history.length * this.#options.data.count + (within?.steps ?? 0);
    await writeCheckpoint(path, {
      fingerprint: this.#fingerprint(done),
      history: this.#history,
      best: this.#best,
      within,
      arrays,
    });
  }

  #eachSlot(visit: (name: string, values: Float32Array) => void): void {
    this.updates.forEach(({ update, parameters }, i) => {
      for (const { parameter, slots } of parameters)
        slots.forEach((values, s) =>
          visit(`update/${i}/${update.optimizer.slots[s]}/${parameter.id}`, values),
        );
    });
  }

  /** Of the first so many steps. */
  #fingerprint(steps: number): Fingerprint {
    return fingerprintOf(this.#options, this.networks, this.updates, steps);
  }
}

function bindUpdate({ trained }: Networks, update: Update, prefix: string): BoundUpdate {
  const [first] = trained.keys();
  const name = update.model ?? first;
  const network = trained.get(name);
  if (!network)
    throw new WhittleError(
      'OPTION_INVALID',
      `an update is of '${name}', but the models to train are ${[...trained.keys()].join(', ')}`,
    );
  const parameters = [...network.trained.values()]
    .filter(({ parameter }) => update.parameters?.(parameter) ?? true)
    .map((trainedParameter): UpdatedParameter => ({
      ...trainedParameter,
      slots: update.optimizer.slots.map(() => new Float32Array(trainedParameter.values.length)),
      penalties: (update.penalties ?? []).filter((penalty) => penalty.applies(trainedParameter.parameter)),
      after: (update.after ?? []).filter((proximal) => proximal.applies(trainedParameter.parameter)),
    }));
  if (parameters.length === 0)
    throw new WhittleError(
      'OPTION_INVALID',
      `an update chooses none of the trainable parameters of '${name}'`,
    );
  return { update, network, parameters, prefix };
}

function expectFinite(name: string, snapshot: Snapshot, epoch: number): void {
  for (const [id, values] of snapshot)
    if (!values.every(Number.isFinite))
      throw new WhittleError(
        'LOSS_NOT_FINITE',
        `parameter '${id}' of '${name}' isn't finite after epoch ${epoch}; a smaller learning rate may help`,
      );
}
