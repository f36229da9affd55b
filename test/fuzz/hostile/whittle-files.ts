import { float32, ModelBuilder, relu, saveModel, writeSafetensors } from '@whittle/core';
import { ByteWriter } from './byte-writer.js';
import { alone, json, repeated } from './hostile-file.js';
import type { HostileFile } from './hostile-file.js';

function small(name = 'small') {
  const b = new ModelBuilder(name);
  b.output(b.node('b', relu, {}, [b.node('a', relu, {}, [b.input('x', [1, 4])])]));
  return saveModel(b.finish());
}

/** A file with this header in front of so many bytes. */
function file(header: string, bytes = 0): Uint8Array {
  const text = json(header);
  return new ByteWriter().u64(text.length).bytes(text, new Uint8Array(bytes)).finish();
}

/** The small model with another graph. */
function graph(change: (text: string) => string): Uint8Array {
  const bytes = small();
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as {
    __metadata__: { whittle: string };
  };
  const tensors = new Map([['w', float32([1], [0])]]);
  return writeSafetensors({ tensors, metadata: { whittle: change(header.__metadata__.whittle) } });
}

const one = (name: string, outcome: HostileFile['outcome'], bytes: Uint8Array) =>
  alone(name, outcome, 'm.safetensors', bytes);
const tensorOf = (shape: string, offsets: string) =>
  `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;

/** Files of our own format that are made to do harm. */
export const whittleFiles: readonly HostileFile[] = [
  one('a model', 'read', small()),
  one('brackets in brackets', 'FORMAT_INVALID', file(`{"a":${repeated('[', 1_000_000)}`)),
  one('objects in objects', 'FORMAT_INVALID', file(repeated('{"a":', 50_000) + '1' + repeated('}', 50_000))),
  one(
    'a shape nested deep',
    'FORMAT_INVALID',
    file(`{"a":${tensorOf(repeated('[', 50_000) + repeated(']', 50_000), '[0,4]')}}`, 4),
  ),
  one(
    'a type nested deep',
    'FORMAT_INVALID',
    file(`{"a":{"dtype":${repeated('[', 5000) + repeated(']', 5000)}}}`),
  ),
  one(
    'a thousand tensors in one place',
    'FORMAT_INVALID',
    file(
      `{${Array.from({ length: 1000 }, (_, i) => `"w${i}":${tensorOf('[1048576]', '[0,4194304]')}`).join()}}`,
      4 << 20,
    ),
  ),
  one(
    'a tensor of 2^60 numbers',
    'FORMAT_INVALID',
    file(`{"a":${tensorOf('[1073741824,1073741824]', '[0,4]')}}`, 4),
  ),
  one(
    'a header of 2^60 bytes',
    'FORMAT_INVALID',
    new ByteWriter()
      .u64(2n ** 40n)
      .text('{}')
      .finish(),
  ),
  one(
    'nodes that read each other',
    'MODEL_INVALID',
    graph((text) => text.replace('"inputs":["x"]', '"inputs":["b"]')),
  ),
  one(
    'a value of 2^60 elements',
    'read',
    graph((text) => text.replaceAll('[1,4]', '[1073741824,1073741824]')),
  ),
  one(
    'attributes nested deep',
    'MODEL_INVALID',
    graph((text) =>
      text.replace('"attributes":{}', `"attributes":${repeated('{"a":', 50_000)}1${repeated('}', 50_000)}`),
    ),
  ),
  one(
    'an op of a name that objects have',
    'OP_UNSUPPORTED',
    graph((text) => text.replace('"op":"relu"', '"op":"__proto__"')),
  ),
];
