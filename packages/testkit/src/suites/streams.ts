import {
  add,
  concat,
  conv2d,
  dense,
  depthwiseConv2d,
  ModelBuilder,
  relu,
  reshape,
  slice,
} from '@whittle/core';
import type { Id, Quantization, Tensor } from '@whittle/core';
import type { Suite } from '../suite.js';
import { biasQuantization, drawActivation, drawOutput, drawWeight } from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** Frames of int8: [1, frames, 1, channels]. */
interface Frames {
  readonly id: Id;
  readonly quantization: Quantization;
  readonly frames: number;
  readonly channels: number;
}

/** Adds parts to a model that remember, each in a way of its own, and notes what comes out of them. */
class StreamDraw {
  readonly outputs: Id[] = [];
  #count = 0;

  constructor(
    readonly draw: Draw,
    readonly builder: ModelBuilder,
  ) {}

  /** A convolution over the last frames: those kept, and the new ones behind them. */
  ring(from: Frames): Frames {
    const { draw, builder } = this;
    const name = this.#name('ring');
    const { quantization, frames, channels } = from;
    const kept = draw.between(1, 6);
    const state = this.#state(`${name}/kept`, from, kept);
    const all = this.#node(`${name}/all`, concat, { axis: 1 }, [state, from.id], quantization);
    const ranges = [{ axis: 1, start: frames, size: kept, step: 1 }];
    const rest = this.#node(`${name}/rest`, slice, { ranges }, [all], quantization);
    builder.nextState(state, rest);
    // Now and then the ring is read in more ways than one.
    const use = draw.between(0, 5);
    if (use === 0) this.outputs.push(this.#node(`${name}/positive`, relu, {}, [rest], quantization));
    if (use === 1) this.outputs.push(all);
    if (use === 2) this.outputs.push(state);
    return this.#convolve(name, { id: all, quantization, frames: kept + frames, channels });
  }

  #convolve(name: string, from: Frames): Frames {
    const { draw, builder } = this;
    const height = draw.between(1, from.frames);
    const depthwise = draw.oneIn(2);
    const channels = depthwise ? from.channels : draw.between(1, 6);
    const shape = [height, 1, from.channels, depthwise ? 1 : channels];
    const weight = drawWeight(draw, shape, depthwise && from.channels > 1 ? 2 : 3);
    const { scale } = weight.quantization!;
    const quantization = drawOutput(draw, from.quantization, scale, height * (depthwise ? 1 : from.channels));
    const bias = draw.bias(channels, biasQuantization(from.quantization, scale));
    const operands = [
      from.id,
      builder.parameter(`${name}/w`, weight, 'weight'),
      builder.parameter(`${name}/b`, bias, 'bias'),
    ];
    const attributes = {
      strides: [1, 1] as [number, number],
      dilations: [1, 1] as [number, number],
      padding: 'valid' as const,
      activation: drawActivation(draw),
    };
    const id = depthwise
      ? this.#node(`${name}/conv`, depthwiseConv2d, attributes, operands, quantization)
      : this.#node(`${name}/conv`, conv2d, { ...attributes, groups: 1 }, operands, quantization);
    return { id, quantization, frames: from.frames - height + 1, channels };
  }

  /** The sum of all so far, or that of all before: where the state is read once more it can't be updated in place. */
  total(from: Frames): Frames {
    const name = this.#name('total');
    const state = this.#state(`${name}/sum`, from);
    const next = this.#add(`${name}/next`, state, from);
    this.builder.nextState(state, next);
    if (this.draw.oneIn(2)) return { ...from, id: next };
    return { ...from, id: this.#add(`${name}/before`, state, from) };
  }

  /** The frames of two inferences ago: states that are only moved. */
  lag(from: Frames): Frames {
    const name = this.#name('lag');
    const [last, before] = [this.#state(`${name}/last`, from), this.#state(`${name}/before`, from)];
    this.builder.nextState(last, from.id);
    this.builder.nextState(before, last);
    return { ...from, id: this.#add(`${name}/sum`, before, from) };
  }

  /** Two or three states that change places in every inference; one of them may be what comes out. */
  swap(from: Frames): Frames {
    const name = this.#name('swap');
    const states = Array.from({ length: this.draw.between(2, 3) }, (_, i) =>
      this.#state(`${name}/${i}`, from),
    );
    states.forEach((state, i) => this.builder.nextState(state, states[(i + 1) % states.length]));
    if (this.draw.oneIn(2)) this.outputs.push(states[0]);
    return { ...from, id: this.#add(`${name}/sum`, states[0], from) };
  }

  /** States that take a constant after the first inference, and that never change. */
  fixed(from: Frames): Frames {
    const name = this.#name('fixed');
    const once = this.#state(`${name}/once`, from);
    this.builder.nextState(once, this.builder.parameter(`${name}/later`, this.#drawn(from), 'weight'));
    const never = this.#state(`${name}/never`, from);
    const sum = { ...from, id: this.#add(`${name}/sum`, once, from) };
    return { ...from, id: this.#add(`${name}/both`, never, sum) };
  }

  /** A state in another shape than what goes into it, and a second one with the same next value. */
  viewed(from: Frames): Frames {
    const name = this.#name('viewed');
    const shape = [1, from.frames * from.channels];
    const flat = this.#node(`${name}/flat`, reshape, { shape }, [from.id], from.quantization);
    const [one, other] = ['one', 'other'].map((each) => {
      const state = this.builder.state(`${name}/${each}`, this.draw.int8(shape, from.quantization));
      this.builder.nextState(state, flat);
      return state;
    });
    const image = [1, from.frames, 1, from.channels];
    const back = this.#node(`${name}/back`, reshape, { shape: image }, [one], from.quantization);
    if (this.draw.oneIn(2)) this.outputs.push(back);
    if (this.draw.oneIn(2)) this.outputs.push(other);
    return { ...from, id: this.#add(`${name}/sum`, back, from) };
  }

  /** A dense layer that reads its own result of the inference before. */
  feedback(from: Frames): Id {
    const name = this.#name('feedback');
    const units = this.draw.between(1, 5);
    const size = from.frames * from.channels;
    const { quantization } = from;
    const flat = this.#node(`${name}/flat`, reshape, { shape: [1, size] }, [from.id], quantization);
    const state = this.builder.state(`${name}/last`, this.draw.int8([1, units], quantization));
    const both = this.#node(`${name}/both`, concat, { axis: 1 }, [state, flat], quantization);
    const weight = this.draw.int8([units + size, units], perTensor(this.draw.logUniform(1e-3, 5e-2), 0));
    const operands = [both, this.builder.parameter(`${name}/w`, weight, 'weight')];
    const y = this.#node(`${name}/y`, dense, { activation: 'none' }, operands, quantization);
    this.builder.nextState(state, y);
    return y;
  }

  #add(id: Id, a: Id, { id: b, quantization }: Frames): Id {
    return this.#node(id, add, { activation: 'none' }, [a, b], quantization);
  }

  #state(id: Id, from: Frames, frames = from.frames): Id {
    return this.builder.state(id, this.#drawn({ ...from, frames }));
  }

  #drawn({ frames, channels, quantization }: Frames): Tensor<'int8'> {
    const value = this.draw.int8([1, frames, 1, channels], quantization);
    return this.draw.oneIn(2) ? { ...value, data: value.data.fill(quantization.zeroPoint[0]) } : value;
  }

  #node<A>(
    id: Id,
    op: Parameters<typeof this.builder.node<A>>[1],
    attributes: A,
    inputs: Id[],
    q: Quantization,
  ) {
    return this.builder.node(id, op, attributes, inputs, { quantization: [q] });
  }

  #name(kind: string): string {
    return `${kind}_${this.#count++}`;
  }
}

/** Inferences of a case: more than its states remember, mostly. */
const STREAM_LENGTH = 8;

const kinds = ['ring', 'ring', 'ring', 'total', 'lag', 'swap', 'fixed', 'viewed'] as const;

/** Small networks with states: rings of frames, sums, delays, swaps, feedback; one stream each. */
export function streamingSuite(seeds: readonly number[]): Suite {
  return opSuite('streaming', seeds, (draw, seed): OpCase => {
    const [frames, channels] = [draw.between(1, 3), draw.between(1, 5)];
    const quantization = perTensor(draw.logUniform(2e-3, 0.5), draw.zeroPoint());
    const builder = new ModelBuilder('streaming');
    const shape = [1, frames, 1, channels];
    const id = builder.input('input', shape, { dtype: 'int8', quantization });
    const stream = new StreamDraw(draw, builder);
    let last: Frames = { id, quantization, frames, channels };
    // Every kind comes up, whatever is drawn.
    const parts = [
      kinds[seed % kinds.length],
      ...Array.from({ length: draw.between(1, 3) }, () => draw.pick(...kinds)),
    ];
    for (const kind of parts) last = stream[kind](last);
    builder.output(draw.oneIn(2) ? stream.feedback(last) : last.id);
    for (const output of new Set(stream.outputs)) builder.output(output);
    return {
      label: `${extents(shape)} ${parts.join(' ')}`,
      model: builder.finish(),
      inputs: Array.from({ length: STREAM_LENGTH }, () => [draw.int8(shape)]),
    };
  });
}
