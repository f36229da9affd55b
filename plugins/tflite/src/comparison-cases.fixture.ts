import * as core from '@whittle/core';
import { ModelBuilder, tensor } from '@whittle/core';
import type { DType, Dim, Id, Model, OpDefinition } from '@whittle/core';
import { normal, single } from './float-ops.fixture.js';
import type { FloatCase } from './float-ops.fixture.js';

const image = ['batch', 7, 6, 4] as const;
const none = { activation: 'none' } as const;
type Plain = OpDefinition<Record<string, never>>;

/** A model of two images, and what is built on them. */
function ofTwo(build: (b: ModelBuilder, x: Id, y: Id) => Id, second: readonly Dim[] = image): Model {
  const b = new ModelBuilder('truth');
  b.output(build(b, b.input('x0', image), b.input('x1', second)));
  return b.finish();
}

/** Two comparisons, and what logic makes of them. */
const logic = (op: Plain) =>
  ofTwo((b, x, y) => {
    const zero = b.parameter('zero', core.float32([], [0]), 'weight', false);
    const first = b.node('first', core.greater, {}, [x, zero]);
    return b.node(
      'y',
      op,
      {},
      [first, b.node('second', core.less, {}, [y, zero])].slice(0, op.operands.length),
    );
  });

/** Values rounded to another type, compared. */
const compared = (op: Plain, dtype: DType) =>
  ofTwo((b, x, y) => {
    const as = (id: Id, name: string) =>
      b.node(name, core.cast, { dtype: dtype as core.CastAttributes['dtype'] }, [id]);
    return b.node('y', op, {}, [as(x, 'first'), as(y, 'second')]);
  });

/** The larger of two values, by a condition of some shape. */
const picked = (condition: readonly Dim[], second: readonly Dim[] = image) =>
  ofTwo((b, x, y) => {
    const about = b.input('about', condition);
    const holds = b.node('holds', core.greater, {}, [about, b.parameter('p', normal([1]), 'weight')]);
    return b.node('y', core.where, {}, [holds, x, b.node('twice', core.add, none, [y, y])]);
  }, second);

/** By a condition that is fed. */
function told(): Model {
  const b = new ModelBuilder('told');
  const holds = b.input('holds', ['batch', 1, 6, 1], { dtype: 'bool' });
  const other = b.node('other', core.logicalNot, {}, [holds]);
  b.output(b.node('y', core.where, {}, [other, b.input('x0', image), b.input('x1', image)]));
  b.output(other);
  return b.finish();
}

function chosenIntegers(): Model {
  return ofTwo((b, x, y) => {
    const holds = b.node('holds', core.less, {}, [x, y]);
    const whole = [x, y].map((id, i) => b.node(`whole${i}`, core.cast, { dtype: 'int32' }, [id]));
    return b.node('y', core.where, {}, [holds, ...whole]);
  });
}

/** Ops of truth values. */
export const comparisonCases: readonly FloatCase[] = [
  ...core.comparisonOps.flatMap((op): FloatCase[] => [
    { label: op.name, model: single(op, {}, [image, image]) },
    { label: `${op.name}, broadcast`, model: single(op, {}, [image, normal([4])]) },
    { label: `${op.name} of int32`, model: compared(op, 'int32') },
    // It has no cast to int64.
    { label: `${op.name} of int64`, model: compared(op, 'int64'), lacking: 'tflm' },
  ]),
  ...[core.equal, core.notEqual].map((op): FloatCase => ({
    label: `${op.name} of bool`,
    model: compared(op, 'bool'),
  })),
  ...core.logicalOps.map((op): FloatCase => ({ label: op.name, model: logic(op) })),
  { label: 'where', model: picked(image) },
  { label: 'where, one condition', model: picked([1]) },
  { label: 'where, all broadcast', model: picked(['batch', 1, 6, 1], [4]) },
  { label: 'where by what is fed', model: told() },
  { label: 'where of int32', model: chosenIntegers(), lacking: 'tflm' },
  {
    label: 'where of a condition that is known',
    model: single(core.where, {}, [tensor('bool', [4], [1, 0, 0, 1]), image, image]),
  },
];
