import { concrete, isBinaryOp, viewNode } from '@whittle/core';
import type { Id, Model, NodeView, RowWindow, ValueType } from '@whittle/core';
import { bytesOf } from './storage.js';

/** Consecutive nodes, of which only the last one's output is used outside; it is computed `rows` rows at a time. */
export interface Segment {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

/** Where a node of a stripe finds or puts rows. */
export interface RowPlace {
  readonly id: Id;
  /** Bytes into the whole value, or into the buffer of a value that never is whole. */
  readonly offset: number;
}

/** Rows from one up to another, the last one excluded. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** A node computing some rows. */
export interface StripeCall {
  readonly node: number;
  readonly view: Pick<NodeView, 'attributes' | 'inputs' | 'outputs'>;
  readonly inputs: readonly (RowPlace | undefined)[];
  readonly output: RowPlace;
  /** Rows of the output that it computes. */
  readonly rows: RowRange;
}

/** Rows of a buffer that a stripe still needs, brought to its beginning. */
export interface RowMove {
  readonly id: Id;
  readonly from: number;
  readonly bytes: number;
  readonly rows: RowRange;
}

export interface Stripe {
  readonly moves: readonly RowMove[];
  readonly calls: readonly StripeCall[];
}

export interface StripeSchedule {
  /** Bytes of the buffer of each value that never is whole. */
  readonly buffers: ReadonlyMap<Id, number>;
  readonly stripes: readonly Stripe[];
  /**
   * For each value read from outside, how many bytes before it the output must start at least, to overlap it: rows are
   * then written only after the last node but the output's own has read them. Negative where there is room to spare.
   */
  readonly distances: ReadonlyMap<Id, number>;
}

/** Rows that one value has. */
interface Rows {
  readonly height: number;
  readonly bytes: number;
}

/** The nodes of a segment with what rows they read. */
interface StripedNode {
  readonly index: number;
  readonly view: NodeView;
  readonly window: RowWindow;
  readonly output: Id;
  /** The operands that are read by rows. */
  readonly images: readonly Id[];
}

/** How a segment is computed stripe by stripe; nothing where one of its nodes can't be. The batch must be 1. */
export function scheduleStripes(model: Model, segment: Segment): StripeSchedule | undefined {
  const nodes = stripedNodes(model, segment);
  if (!nodes) return undefined;
  const rows = new Map<Id, Rows>();
  for (const { view } of nodes)
    [...view.inputIds, ...view.outputIds].forEach((id, i) => {
      const type = [...view.inputs, ...view.outputs][i];
      if (isImage(type)) rows.set(id, rowsOf(type));
    });
  const last = nodes[nodes.length - 1];
  const inner = new Set(nodes.slice(0, -1).map(({ output }) => output));
  const height = rows.get(last.output)!.height;
  const done = new Map<Id, number>(nodes.map(({ output }) => [output, 0]));
  const base = new Map<Id, number>([...inner].map((id) => [id, 0]));
  const buffers = new Map<Id, number>([...inner].map((id) => [id, 0]));
  const distances = new Map<Id, number>();
  const stripes: Stripe[] = [];
  for (let end = 0; end < height;) {
    end = Math.min(height, end + segment.rows);
    const fresh = freshRows(nodes, last, end, done, rows);
    const moves: RowMove[] = [];
    for (const id of inner) {
      const from = Math.min(done.get(id)!, firstRead(nodes, id, done, rows));
      const { bytes } = rows.get(id)!;
      const kept = (done.get(id)! - from) * bytes;
      const at = (from - base.get(id)!) * bytes;
      if (kept > 0 && at > 0) moves.push({ id, from: at, bytes: kept, rows: { from, to: done.get(id)! } });
      base.set(id, from);
      buffers.set(id, Math.max(buffers.get(id)!, (fresh.get(id)!.to - from) * bytes));
    }
    const calls = nodes.flatMap((node) => stripeCall(node, fresh.get(node.output)!, rows, inner, base));
    for (const [id, { to }] of fresh) done.set(id, Math.max(done.get(id)!, to));
    stripes.push({ moves, calls });
    for (const id of new Set(nodes.flatMap(({ images }) => images)))
      if (!inner.has(id)) {
        const unread = end < height ? firstRead(nodes, id, done, rows) : rows.get(id)!.height;
        const written = end * rows.get(last.output)!.bytes;
        const distance = unread < rows.get(id)!.height ? written - unread * rows.get(id)!.bytes : -Infinity;
        distances.set(id, Math.max(distances.get(id) ?? -Infinity, distance));
      }
  }
  return { buffers, stripes, distances };
}

function stripedNodes(model: Model, { first, last }: Segment): StripedNode[] | undefined {
  const nodes: StripedNode[] = [];
  for (let index = first; index <= last; index++) {
    const node = model.nodes[index];
    const view = viewNode(model, node);
    const window = node.outputs.length === 1 ? node.op.rows?.(view) : undefined;
    if (!window || !isImage(view.outputs[0])) return undefined;
    const images = view.inputIds.filter((id, i) => model.values.has(id) && isImage(view.inputs[i]));
    // An operand that is repeated over the rows would be needed as a whole.
    const whole = view.inputIds.some((id, i) => model.values.has(id) && !isImage(view.inputs[i]));
    if (whole || images.length === 0) return undefined;
    const height = concrete(view.outputs[0].shape)[1];
    const elementwise = window.stride === 1 && window.before === 0 && window.reach === 1;
    if (elementwise && images.some((id) => rowsOf(view.inputs[view.inputIds.indexOf(id)]).height !== height))
      return undefined;
    const constants = view.inputs.filter((_, i) => !model.values.has(view.inputIds[i]));
    const hasRows = ({ shape }: ValueType) => shape.length >= 3 && shape[shape.length - 3] !== 1;
    if (isBinaryOp(node.op) && constants.some(hasRows)) return undefined;
    nodes.push({ index, view, window, output: node.outputs[0], images });
  }
  return nodes;
}

/** One image [1, H, W, C] of int8 or int16. */
function isImage({ dtype, shape }: ValueType): boolean {
  return (dtype === 'int8' || dtype === 'int16') && shape.length === 4 && shape[0] === 1;
}

function rowsOf(type: ValueType): Rows {
  const [, height] = concrete(type.shape);
  return { height, bytes: bytesOf(type) / height };
}

/** The rows of an operand that output rows need, inside the image. */
function neededRows({ window }: StripedNode, { from, to }: RowRange, height: number): RowRange {
  const start = Math.max(0, from * window.stride - window.before);
  const end = Math.min(height, (to - 1) * window.stride - window.before + window.reach);
  return { from: Math.min(start, end), to: end };
}

/** What each node computes in the stripe that ends at row `end` of the last one's output. */
function freshRows(
  nodes: readonly StripedNode[],
  last: StripedNode,
  end: number,
  done: ReadonlyMap<Id, number>,
  rows: ReadonlyMap<Id, Rows>,
): Map<Id, RowRange> {
  const fresh = new Map<Id, RowRange>();
  for (const node of [...nodes].reverse()) {
    const from = done.get(node.output)!;
    let to = node === last ? end : from;
    for (const user of nodes)
      if (user.images.includes(node.output)) {
        const used = fresh.get(user.output)!;
        if (used.to > used.from) to = Math.max(to, neededRows(user, used, rows.get(node.output)!.height).to);
      }
    fresh.set(node.output, { from, to });
  }
  return fresh;
}

/** The first row of a value that rows which are still to be computed read. */
function firstRead(
  nodes: readonly StripedNode[],
  id: Id,
  done: ReadonlyMap<Id, number>,
  rows: ReadonlyMap<Id, Rows>,
): number {
  const { height } = rows.get(id)!;
  return nodes.reduce((least, node) => {
    const next = done.get(node.output)!;
    if (!node.images.includes(id) || next >= rows.get(node.output)!.height) return least;
    return Math.min(least, neededRows(node, { from: next, to: next + 1 }, height).from);
  }, height);
}

function stripeCall(
  node: StripedNode,
  fresh: RowRange,
  rows: ReadonlyMap<Id, Rows>,
  inner: ReadonlySet<Id>,
  base: ReadonlyMap<Id, number>,
): StripeCall[] {
  if (fresh.to === fresh.from) return [];
  const { view, window, index } = node;
  const place = (id: Id, row: number): RowPlace => ({
    id,
    offset: (inner.has(id) ? row - base.get(id)! : row) * rows.get(id)!.bytes,
  });
  let padding = { top: 0, bottom: 0 };
  const inputs = view.inputIds.map((id, i) => {
    if (!node.images.includes(id)) return { type: view.inputs[i], place: undefined };
    const needed = neededRows(node, fresh, rows.get(id)!.height);
    const top = fresh.from * window.stride - window.before;
    const bottom = (fresh.to - 1) * window.stride - window.before + window.reach;
    padding = { top: needed.from - top, bottom: bottom - needed.to };
    return { type: withRows(view.inputs[i], needed), place: place(id, needed.from) };
  });
  return [
    {
      node: index,
      view: {
        attributes: window.stripe(padding),
        inputs: inputs.map(({ type }) => type),
        outputs: [withRows(view.outputs[0], fresh)],
      },
      inputs: inputs.map((each) => each.place),
      output: place(node.output, fresh.from),
      rows: fresh,
    },
  ];
}

function withRows(type: ValueType, { from, to }: RowRange): ValueType {
  const [batch, , width, channels] = type.shape;
  return { ...type, shape: [batch, to - from, width, channels] };
}
