import { concat, concrete, float32, lstm, slice } from '@whittle/core';
import type { Id, Tensor } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { NodeCall } from '../graph/node-call.js';
import type { Constant } from '../values/value.js';
import type { OpReaders } from './op-reader.js';

/** Where a file has the gates that core has in the order input, forget, cell, output: its own is input, output, forget, cell. */
const gatePlaces = [0, 2, 3, 1] as const;

/** A layer of long short-term memory, in one direction or both; sequences are stored with the batch first. */
function lstmReader(call: NodeCall): void {
  const { attributes } = call;
  const direction = attributes.text('direction', 'forward');
  const steps = {
    forward: [false],
    reverse: [true],
    bidirectional: [false, true],
  }[direction];
  if (!steps) throw call.invalid(`direction ${direction}`);
  if (attributes.has('activations')) throw call.unsupported('activations of its own');
  call.only('input_forget', attributes.int('input_forget', 0), 0);
  call.only('layout', attributes.int('layout', 0), 0);
  if (call.has(4) || call.has(7)) throw call.unsupported('lengths of sequences, or peepholes');
  call.expectFloat(call.operand(0));
  if (call.rank(0) !== 3) throw call.invalid(`an operand of rank ${call.rank(0)}`);
  const x = call.stored(call.operand(0), [1, 0, 2]);
  const [batch, time, features] = call.graph.typeOf(x).shape;
  const units = attributes.int('hidden_size', 0);
  const [w, r] = [call.constant(1, 'weights'), call.constant(2, 'recurrent weights')];
  const bias = call.has(3) ? call.constant(3, 'a bias') : undefined;
  checkShape(call, w, [steps.length, 4 * units, Number(features)]);
  checkShape(call, r, [steps.length, 4 * units, units]);
  if (bias) checkShape(call, bias, [steps.length, 8 * units]);
  const cellClip = attributes.float('clip', 0);
  if (cellClip !== 0) throw call.unsupported(`clip ${cellClip}`);
  const results = steps.map((isReverse, at) => {
    const path = (name: string) =>
      steps.length === 1 ? name : `${isReverse ? 'backward' : 'forward'}/${name}`;
    const reversed = (id: Id, name: string) => {
      const ranges = [{ axis: 1, start: Number(time) - 1, size: Number(time), step: -1 }];
      return isReverse && time !== 1 ? call.emit(slice, { ranges }, [id], path(name)) : id;
    };
    const states = [5, 6].map((i) => stateOf(call, i, at, steps.length, units, batch));
    const operands = [
      reversed(x, 'reversed'),
      ...gates(call, w, units, at, path('weights')),
      ...gates(call, r, units, at, path('recurrent')),
      ...biases(call, bias, units, at, path('bias')),
      ...states,
    ];
    const names = ['sequence', 'hidden', 'cell'].map((name) => `${call.name()}/${path(name)}`);
    const [sequence, hidden, cell] = call.graph.results(
      names,
      lstm,
      { cellClip, timeMajor: false },
      operands,
    );
    return { sequence: reversed(sequence, 'ordered'), hidden, cell };
  });
  const join = (ids: readonly Id[], axis: number, name: string): Id => {
    const parts = ids.map((id) => {
      const { shape } = call.graph.typeOf(id);
      return call.graph.reshape(`${id}/part`, id, [...shape.slice(0, axis), 1, ...shape.slice(axis)]);
    });
    return parts.length === 1 ? parts[0] : call.emit(concat, { axis }, parts, name);
  };
  const directions = steps.length;
  const all = <K extends 'sequence' | 'hidden' | 'cell'>(key: K) => results.map((each) => each[key]);
  call.result(join(all('sequence'), 2, 'sequences'), [2, 0, 1, 3], {
    shape: [time, directions, batch, units],
  });
  (['hidden', 'cell'] as const).forEach((key, i) => {
    if (call.node.output?.[i + 1])
      call.result(join(all(key), 1, `${key}s`), [1, 0, 2], { i: i + 1, shape: [directions, batch, units] });
  });
}

function checkShape(call: NodeCall, { tensor }: Constant, shape: readonly number[]): void {
  if (tensor.shape.join() !== shape.join())
    throw call.invalid(`weights [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`);
}

/** Weights of the four gates [I, U], out of [directions, 4 U, I]. */
function gates(call: NodeCall, { tensor }: Constant, units: number, at: number, what: string): Id[] {
  const inputs = tensor.shape[2];
  return gatePlaces.map((place, gate) => {
    const first = (at * 4 + place) * units;
    const data = new Float32Array(inputs * units);
    for (let u = 0; u < units; u++)
      for (let i = 0; i < inputs; i++) data[i * units + u] = Number(tensor.data[(first + u) * inputs + i]);
    return call.own(`${what}_${gate}`, 'weight', float32([inputs, units], data));
  });
}

/** Biases of the four gates [U]: that of the input and that of the state, added. */
function biases(call: NodeCall, bias: Constant | undefined, units: number, at: number, what: string): Id[] {
  const values = bias?.tensor.data as Float32Array | undefined;
  return gatePlaces.map((place, gate) => {
    const sum = Float32Array.from({ length: units }, (_, u) => {
      const first = at * 8 * units + place * units + u;
      return values ? values[first] + values[first + 4 * units] : 0;
    });
    return call.own(`${what}_${gate}`, 'bias', float32([units], sum));
  });
}

/** The state before the first step [N, U], out of [directions, N, U]; zeros where none is told. */
function stateOf(
  call: NodeCall,
  i: number,
  at: number,
  directions: number,
  units: number,
  batch: number | 'batch',
): Id {
  if (!call.has(i) || call.operand(i).kind === 'constant') {
    if (batch === 'batch') throw new BatchMixed(call.where, 'a state is known for each example');
    const told = call.has(i) ? call.constant(i, 'a state').tensor : undefined;
    if (told) checkShape(call, call.constant(i, 'a state'), [directions, batch, units]);
    return call.own(`state_${i}_${at}`, 'weight', float32([batch, units], partOf(told, at, batch * units)));
  }
  const stored = call.stored(call.operand(i), [1, 0, 2]);
  const shape = concrete(call.graph.typeOf(stored).shape.slice(1));
  if (shape[0] !== directions || shape[1] !== units) throw call.invalid(`a state of [${shape.join(', ')}]`);
  const own =
    directions === 1
      ? stored
      : call.emit(
          slice,
          { ranges: [{ axis: 1, start: at, size: 1, step: 1 }] },
          [stored],
          `state_${i}_${at}`,
        );
  return call.graph.reshape(`${call.name()}/state_${i}_${at}/row`, own, [batch, units]);
}

function partOf(value: Tensor | undefined, at: number, size: number): Float32Array {
  return value ? (value.data as Float32Array).slice(at * size, (at + 1) * size) : new Float32Array(size);
}

export const lstmReaders: OpReaders = { LSTM: lstmReader };
