import { add, concat, mul, reshape, slice, split } from '@whittle/core';
import type { Id } from '@whittle/core';
import { quote, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';

/** What computes the same for every step of a sequence at once, as it is element by element or along the last axis. */
const pointwise = [
  'Dense',
  'Activation',
  'ReLU',
  'LeakyReLU',
  'ELU',
  'Dropout',
  'GaussianNoise',
  'Rescaling',
];
/** Sequences of more steps would become too many nodes. */
export const mostSteps = 512;

/** The steps of a sequence [N, T, ...], each [N, ...]. */
export function stepsOf(call: LayerCall, x: Id): Id[] {
  const [steps, ...rest] = call.extents(x);
  if (steps > mostSteps)
    throw unsupported(call.where, `a sequence of ${steps} steps, expected at most ${mostSteps}`);
  const parts =
    steps === 1
      ? [x]
      : call.graph.results(
          `${call.name}/step`,
          split,
          { axis: 1, sizes: new Array<number>(steps).fill(1) as [number] },
          [x],
        );
  return parts.map((part) => call.node('step', reshape, { shape: ['batch', ...rest] }, [part]));
}

/** Steps, each [N, ...], as one sequence [N, T, ...]. */
export function sequenceOf(call: LayerCall, steps: readonly Id[]): Id {
  const parts = steps.map((id) => {
    const [batch, ...rest] = call.shape(id);
    return call.node('stepped', reshape, { shape: [batch, 1, ...rest] }, [id]);
  });
  return parts.length === 1 ? parts[0] : call.node('sequence', concat, { axis: 1 }, parts);
}

/** The wrapped layer on each step, with one set of weights. */
const timeDistributed: LayerReader = {
  read(call) {
    const [{ layer }] = call.layer.inner;
    const name = `${call.name}/${layer.name}`;
    call.graph.place(layer, name);
    if (pointwise.includes(layer.className)) return call.readInner(layer, name, call.input);
    return sequenceOf(
      call,
      stepsOf(call, call.input).map((step, t) => call.readInner(layer, `${name}/${t}`, step)),
    );
  },
};

/** A recurrent layer in both directions; the one that goes backwards is turned around where it gives a sequence. */
const bidirectional: LayerReader = {
  read(call) {
    const mode = call.options.get('merge_mode') ?? null;
    const merge = modes.find(({ name }) => name === mode);
    if (!merge) throw unsupported(call.where, `merge_mode ${quote(mode)}`);
    const [forward, backward] = call.layer.inner.map(({ layer }) => {
      if (layer.options.boolean('return_state', false)) throw unsupported(call.where, 'states as results');
      call.graph.place(layer, `${call.name}/${layer.name}`);
      return call.readInner(layer, `${call.name}/${layer.name}`, call.input);
    });
    const turned = call.rank(backward) === 3 ? reversed(call, backward) : backward;
    if (merge.name === 'concat')
      return call.node('concat', concat, { axis: call.rank(forward) - 1 }, [forward, turned]);
    const merged = call.node(merge.op.name, merge.op, { activation: 'none' }, [forward, turned]);
    if (merge.name !== 'ave') return merged;
    return call.node('mean', mul, { activation: 'none' }, [merged, call.constant('half', 0.5)]);
  },
};

const modes = [
  { name: 'concat', op: add },
  { name: 'sum', op: add },
  { name: 'mul', op: mul },
  { name: 'ave', op: add },
] as const;

function reversed(call: LayerCall, x: Id): Id {
  const [steps] = call.extents(x);
  if (steps === 1) return x;
  return call.node('reversed', slice, { ranges: [{ axis: 1, start: steps - 1, size: steps, step: -1 }] }, [
    x,
  ]);
}

export const wrapperReaders: Readonly<Record<string, LayerReader>> = {
  TimeDistributed: timeDistributed,
  Bidirectional: bidirectional,
};
