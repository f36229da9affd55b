import type { TfjsArtifacts, TfjsWeightSpec } from '../artifacts.js';
import { invalid } from '../faults.js';
import { bytesOf } from './weight-spec.js';

type Piece = ArrayBuffer | Uint8Array;

/** Weights in several pieces, as one. @throws FORMAT_INVALID where a piece is none */
export function joinBytes(data: NonNullable<TfjsArtifacts['weightData']>): Uint8Array {
  const pieces = (Array.isArray(data) ? (data as readonly Piece[]) : [data as Piece]).map(bytesIn);
  if (pieces.length === 1) return pieces[0];
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function bytesIn(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  throw invalid('weights', 'weightData that is no ArrayBuffer, no Uint8Array and no list of these');
}

/**
 * The bytes that weights take at least. Texts say their lengths in the data alone: of them only these lengths are counted.
 */
export function leastBytes(specs: readonly TfjsWeightSpec[]): number {
  return specs.reduce((sum, spec) => sum + (bytesOf(spec) ?? 4 * spec.shape.reduce((a, b) => a * b, 1)), 0);
}

/** Whether the bytes that weights take are known beforehand. */
export function isSizeKnown(specs: readonly TfjsWeightSpec[]): boolean {
  return specs.every((spec) => bytesOf(spec) !== undefined);
}
