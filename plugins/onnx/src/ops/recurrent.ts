import { concat, dense, float32, slice, split } from '@whittle/core';
import type { Dim, Id, Tensor } from '@whittle/core';
import type { NodeCall } from '../graph/node-call.js';
import { shapeOf } from '../values/value.js';
import type { Constant } from '../values/value.js';
import { gruStep } from './gru.js';
import { lstmStep } from './lstm.js';
import type { OpReader, OpReaders } from './op-reader.js';

const none = { activation: 'none' } as const;

/** Longer sequences would make models of more nodes than anything runs. */
const mostSteps = 512;

/** One step: the projected features of it [N, gates U], and the states before it, none at first where they are zero. */
export type Step = (direction: Direction, x: Id, states: readonly Id[] | undefined) => readonly Id[];

/** A layer in one direction: its weights, and what it adds to the model. */
export class Direction {
  readonly call: NodeCall;
  readonly units: number;
  readonly #gates: number;
  readonly #at: number;
  readonly #path: string;
  readonly #weights: readonly (Constant | undefined)[];

  constructor(call: NodeCall, units: number, gates: number, at: number, path: string) {
    this.call = call;
    this.units = units;
    this.#gates = gates;
    this.#at = at;
    this.#path = path;
    this.#weights = [1, 2, 3].map((i) => (call.has(i) ? call.constant(i, 'weights') : undefined));
  }

  emit(...[op, attributes, inputs, what]: Parameters<NodeCall['emit']>): Id {
    return this.call.emit(op, attributes, inputs, `${this.#path}${what}`);
  }

  /** A value [N, gates U] cut into parts of as many gates as told. */
  parts(x: Id, gates: readonly number[]): Id[] {
    const names = gates.map((_, i) => `${this.call.name()}/${this.#path}gate_${i}`);
    const sizes = gates.map((count) => count * this.units) as [number, ...number[]];
    return gates.length === 1 ? [x] : this.call.graph.results(names, split, { axis: 1, sizes }, [x]);
  }

  /** Weights of some gates [I, count U], out of the file's [directions, gates U, I]: `of` 0 of the input, 1 of the state. */
  weight(of: 0 | 1, first = 0, count = this.#gates): Id {
    const { data, shape } = this.#weights[of]!.tensor;
    const [rows, inputs] = [count * this.units, shape[2]];
    const from = (this.#at * this.#gates + first) * this.units;
    return this.#own(`${of === 0 ? 'kernel' : 'recurrent'}_${first}_${count}`, () => {
      const arranged = new Float32Array(inputs * rows);
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < inputs; i++) arranged[i * rows + row] = Number(data[(from + row) * inputs + i]);
      return float32([inputs, rows], arranged);
    });
  }

  /** Biases of some gates: that of the input (0), that of the state (1), or both added; zeros where the file has none. */
  bias(of: readonly (0 | 1)[], first = 0, count = this.#gates): Id {
    const data = this.#weights[2]?.tensor.data;
    const whole = this.#gates * this.units;
    return this.#own(`bias_${of.join('')}_${first}_${count}`, () =>
      float32(
        [count * this.units],
        Float32Array.from({ length: count * this.units }, (_, i) => {
          const at = this.#at * 2 * whole + first * this.units + i;
          return data ? of.reduce<number>((sum, each) => sum + Number(data[at + each * whole]), 0) : 0;
        }),
      ),
    );
  }

  #own(what: string, make: () => Tensor): Id {
    const name = `${this.call.name()}/${this.#path}${what}`;
    const role = what.startsWith('bias') ? 'bias' : 'weight';
    return this.call.graph.parameter(name, role, `${name} own`, make);
  }
}

/** A recurrent layer, in one direction or both, unrolled over its steps; sequences are stored with the batch first. */
function recurrent(
  gates: number,
  states: number,
  step: Step,
  inputBiases: (call: NodeCall) => readonly (0 | 1)[],
): OpReader {
  return (call) => {
    const reversals = { forward: [false], reverse: [true], bidirectional: [false, true] }[
      call.attributes.text('direction', 'forward')
    ];
    if (!reversals) throw call.invalid(`direction ${call.attributes.text('direction', '')}`);
    const units = call.attributes.int('hidden_size', 0);
    const count = reversals.length;
    const { x, steps, batch } = operandOf(call, units, gates, count);
    const directions = reversals.map((isReverse, at) => {
      const path = count === 1 ? '' : isReverse ? 'backward/' : 'forward/';
      const direction = new Direction(call, units, gates, at, path);
      const weights = [direction.weight(0), direction.bias(inputBiases(call))];
      const projected = direction.emit(dense, none, [x, ...weights], 'projected');
      const rows = stepsOf(direction, projected, steps, batch, gates * units);
      if (isReverse) rows.reverse();
      let state = statesOf(direction, states, at, count, batch);
      const hidden = rows.map((row) => (state = step(direction, row, state))[0]);
      if (isReverse) hidden.reverse();
      return { hidden, last: state! };
    });
    const stacked = (ids: readonly Id[], what: string): Id => {
      const parts = ids.map((id) => call.reshape(id, [batch, 1, units]));
      return parts.length === 1 ? parts[0] : call.emit(concat, { axis: 1 }, parts, what);
    };
    // [N, T directions, U], the directions of each step beside one another.
    const sequence = stacked(
      directions[0].hidden.flatMap((_, t) => directions.map(({ hidden }) => hidden[t])),
      'sequence',
    );
    const all = call.reshape(sequence, [batch, steps, count, units]);
    call.result(all, [2, 0, 1, 3], { shape: [steps, count, batch, units] });
    for (let i = 0; i < states; i++)
      if (call.node.output?.[i + 1]) {
        const last = stacked(
          directions.map((each) => each.last[i]),
          `last_${i}`,
        );
        call.result(last, [1, 0, 2], { i: i + 1, shape: [count, batch, units] });
      }
  };
}

/** Checks a layer's options and weights. @throws FORMAT_INVALID, OP_UNSUPPORTED */
function operandOf(call: NodeCall, units: number, gates: number, directions: number) {
  const { attributes } = call;
  if (attributes.has('activations')) throw call.unsupported('activations of its own');
  if (attributes.has('clip')) throw call.unsupported('clip');
  call.only('input_forget', attributes.int('input_forget', 0), 0);
  call.only('layout', attributes.int('layout', 0), 0);
  if (call.has(4) || call.has(7)) throw call.unsupported('lengths of sequences, or peepholes');
  call.expectFloat(call.operand(0));
  if (call.rank(0) !== 3) throw call.invalid(`an operand of rank ${call.rank(0)}`);
  const x = call.stored(call.operand(0), [1, 0, 2]);
  const [batch, steps, features] = call.graph.typeOf(x).shape;
  if (typeof steps !== 'number' || typeof features !== 'number') throw call.unsupported('the batch as time');
  if (steps > mostSteps) throw call.unsupported(`${steps} steps, more than ${mostSteps}`);
  const rows = gates * units;
  [
    [directions, rows, features],
    [directions, rows, units],
    [directions, 2 * rows],
  ].forEach((shape, i) => {
    if (i === 2 && !call.has(3)) return;
    const found = call.constant(i + 1, 'weights').tensor.shape;
    if (found.join() !== shape.join())
      throw call.invalid(`weights [${found.join(', ')}], expected [${shape.join(', ')}]`);
  });
  return { x, steps, batch };
}

/** The steps of a sequence [N, T, F], each [N, F]. */
function stepsOf(direction: Direction, x: Id, steps: number, batch: Dim, features: number): Id[] {
  const { call } = direction;
  if (steps === 1) return [call.reshape(x, [batch, features])];
  const sizes = new Array<number>(steps).fill(1) as [number, ...number[]];
  const names = sizes.map((_, t) => `${x}/step_${t}`);
  return call.graph
    .results(names, split, { axis: 1, sizes }, [x])
    .map((id) => call.reshape(id, [batch, features]));
}

/** The states before the first step, each [N, U]; none where the file tells none of them. */
function statesOf(
  direction: Direction,
  count: number,
  at: number,
  directions: number,
  batch: Dim,
): readonly Id[] | undefined {
  const { call, units } = direction;
  const first = 5;
  const told = Array.from({ length: count }, (_, i) => call.has(first + i));
  if (!told.includes(true)) return undefined;
  return told.map((_, i) => {
    if (!told[i]) throw call.unsupported('one of two states');
    const shape = shapeOf(call.operand(first + i));
    if (shape[0] !== directions || shape[1] !== batch || shape[2] !== units)
      throw call.invalid(`a state of [${shape.join(', ')}]`);
    const stored = call.stored(call.operand(first + i), [1, 0, 2]);
    const ranges = [{ axis: 1, start: at, size: 1, step: 1 }];
    const own = directions === 1 ? stored : direction.emit(slice, { ranges }, [stored], `state_${i}`);
    return call.reshape(own, [batch, units]);
  });
}

/** The bias of a GRU's candidate gate that is added before the reset gate is applied, or behind it. */
const gruBiases = (call: NodeCall): readonly (0 | 1)[] =>
  call.attributes.flag('linear_before_reset') ? [0] : [0, 1];

export const recurrentReaders: OpReaders = {
  LSTM: recurrent(4, 2, lstmStep, () => [0, 1]),
  GRU: recurrent(3, 1, gruStep, gruBiases),
};
