import { createRandom } from '@whittle/core';
import type { RandomStream } from '@whittle/core';

type Container = Record<string, unknown> | unknown[];

/** What values of JSON become. */
const oddities: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 2, 3, 7, 0.5, 1e9, 2 ** 31, 2 ** 40, -(2 ** 40), Number.MAX_VALUE],
  ...[
    '',
    '0',
    '-1',
    '4',
    '99999999999',
    'NaN',
    'x',
    '^x',
    'image:7',
    '__proto__',
    'constructor',
    'Const',
    'Shape',
  ],
  ...[
    [],
    {},
    [[]],
    [1, 1, 1, 1],
    ['4294967296'],
    { list: { i: ['2', '2', '2', '2'] } },
    { type: 'DT_INT32' },
  ],
];

/** Copies of a JSON value with some of its parts changed, taken away, repeated or exchanged; the same ones for a seed. */
export function* mutations<T>(value: T, count: number, seed: number): Generator<T> {
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    const draw = random.at('mutation', i);
    const copy = structuredClone(value);
    for (let left = 1 + draw.int(3); left > 0; left--) damage(copy as Container, draw);
    yield copy;
  }
}

function damage(value: Container, draw: RandomStream): void {
  const places: (readonly [Container, string])[] = [];
  const collect = (container: Container) => {
    for (const key of Object.keys(container)) {
      places.push([container, key]);
      const inner = (container as Record<string, unknown>)[key];
      if (typeof inner === 'object' && inner !== null) collect(inner as Container);
    }
  };
  collect(value);
  if (places.length === 0) return;
  const [container, key] = places[draw.int(places.length)];
  const slots = container as Record<string, unknown>;
  const other = places[draw.int(places.length)];
  switch (draw.int(6)) {
    case 0:
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete slots[key];
      break;
    case 1:
      if (Array.isArray(container)) container.push(structuredClone(slots[key]));
      break;
    case 2:
    case 3:
      slots[key] = structuredClone((other[0] as Record<string, unknown>)[other[1]]);
      break;
    default:
      slots[key] = structuredClone(oddities[draw.int(oddities.length)]);
  }
}
