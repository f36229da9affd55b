import { depthToSpace, reshape, spaceToDepth, transpose } from '@whittle/core';
import type { NodeCall } from '../graph/node-call.js';
import { channelsLast } from '../values/order.js';
import type { OpReaders } from './op-reader.js';

function blockSizeOf(call: NodeCall): number {
  const size = call.attributes.int('blocksize', 0);
  if (size < 1 || size > 2 ** 12) throw call.invalid(`blocksize ${size}`);
  if (call.rank(0) !== 4) throw call.invalid(`an operand of rank ${call.rank(0)}`);
  return size;
}

/** Channels are blocks of pixels, the block first (DCR), or last (CRD), which is brought to the other by a transpose. */
function depthToSpaceReader(call: NodeCall): void {
  const blockSize = blockSizeOf(call);
  const mode = call.attributes.text('mode', 'DCR');
  const order = channelsLast(4);
  let x = call.stored(call.operand(0), order);
  const [batch, height, width, channels] = call.graph.typeOf(x).shape;
  const rest = Number(channels) / blockSize ** 2;
  if (!Number.isInteger(rest))
    throw call.invalid(`${channels} channels in blocks of ${blockSize} x ${blockSize}`);
  if (mode !== 'DCR' && mode !== 'CRD') throw call.invalid(`mode ${mode}`);
  if (mode === 'CRD' && rest > 1) {
    const split = [batch, height, width, rest, blockSize ** 2];
    x = call.emit(reshape, { shape: split }, [x], 'blocks');
    x = call.emit(transpose, { permutation: [0, 1, 2, 4, 3] }, [x], 'blocks_first');
    x = call.emit(reshape, { shape: [batch, height, width, Number(channels)] }, [x], 'channels');
  }
  call.result(call.emit(depthToSpace, { blockSize }, [x]), order);
}

function spaceToDepthReader(call: NodeCall): void {
  const blockSize = blockSizeOf(call);
  const order = channelsLast(4);
  call.result(call.emit(spaceToDepth, { blockSize }, [call.stored(call.operand(0), order)]), order);
}

export const blockReaders: OpReaders = { DepthToSpace: depthToSpaceReader, SpaceToDepth: spaceToDepthReader };
