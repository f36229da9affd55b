import type { Attributes, NodeView, Tensor } from '@whittle/core';
import { loweringKey } from '@whittle/core';

/** What a lowering sees of a node of a lowered (integer) model, the batch bound. */
export interface KernelNode<A = Attributes> extends NodeView<A> {
  /** For each operand its data where it is a parameter. */
  readonly constants: readonly (Tensor | undefined)[];
}

/**
 * A kernel: a function declared in `<name>.h` and defined in `<name>.c`, or in `file`, all in `folder`. Headers that these
 * include with quotes lie there too, and travel with them. A kernel made for one shape is an instance of a template.
 */
export interface KernelSource {
  readonly name: string;
  readonly folder: URL;
  /** Where it is defined if not in `<name>.c`: a .c or .S file. */
  readonly file?: string;
  readonly instance?: KernelInstance;
}

/**
 * A template with its macros defined. The kernel's own file, which is generated, defines WHITTLE_KERNEL as the kernel's
 * name and each macro, and includes the template; `<name>.h` likewise defines WHITTLE_KERNEL and includes `header`, which
 * other instances include again: it guards everything but the declaration. Instances of one name must be equal.
 */
export interface KernelInstance {
  /** A file named *.c.inc or *.S.inc (GNU assembler, through the C preprocessor) in `folder`. */
  readonly template: string;
  /** A file named *.h.inc in `folder`. */
  readonly header: string;
  readonly macros: Readonly<Record<string, number | string>>;
}

/** What a program is made small for, first of all. */
export type Optimization = 'speed' | 'ram' | 'flash';

/** Where a kernel will run, and what counts there. */
export interface KernelContext {
  /** Instruction set extensions that kernels may use, best first: 'mve' before 'dsp'. Portable C needs none. */
  readonly features: readonly string[];
  readonly optimize: Optimization;
}

export type ConstantArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array;

/** A table that goes to flash, named after its node and `name`. */
export interface PackedConstant {
  readonly name: string;
  /** 'weights' are what the model is made of: weights, biases, per-channel multipliers. 'table' is everything else. */
  readonly section: 'weights' | 'table';
  readonly data: ConstantArray;
}

/** Fields of a parameter struct in C, by name, in the order of its declaration. Numbers are integers. */
export type StructFields = Readonly<Record<string, number | readonly number[]>>;

export type KernelArgument =
  /** Pointer to the node's i-th input or output. */
  | { readonly kind: 'input' | 'output'; readonly index: number }
  /** Pointer to the node's scratch, `offset` bytes (a multiple of 4) into it. */
  | { readonly kind: 'scratch'; readonly offset?: number }
  | { readonly kind: 'constant'; readonly constant: PackedConstant }
  /** Pointer to a const struct of C type `type`. */
  | { readonly kind: 'struct'; readonly type: string; readonly fields: StructFields }
  | { readonly kind: 'integer'; readonly value: number }
  /** A float32 value. */
  | { readonly kind: 'float'; readonly value: number }
  /** Pointer to another kernel's function. */
  | { readonly kind: 'function'; readonly kernel: KernelSource }
  | { readonly kind: 'null' };

export interface KernelCall {
  readonly kernel: KernelSource;
  readonly arguments: readonly KernelArgument[];
}

/** How a node runs on a microcontroller. */
export interface KernelPlan {
  /** In order; none for a view. */
  readonly calls: readonly KernelCall[];
  /** Bytes of scratch, 4-byte aligned, shared by the calls; their contents need not survive the node. */
  readonly scratchBytes?: number;
  /** Pairs where the output may lie exactly on the input, once nothing else reads that input. */
  readonly inPlace?: readonly { readonly input: number; readonly output: number }[];
  /**
   * Pairs where the output may overlap the input, once nothing else reads that input, as long as it starts at least
   * `distance` bytes (0 or more) before it: what the kernel writes then lies on what it has read already.
   */
  readonly overlap?: readonly {
    readonly input: number;
    readonly output: number;
    readonly distance: number;
  }[];
  /** The only output holds the bytes of input 0 unchanged, under another shape: the two share memory, without a call. */
  readonly view?: boolean;
  /**
   * The calls that are enough where the only output, which begins with the bytes of input 0, starts where that lies already:
   * of a concat. They leave these bytes alone.
   */
  readonly append?: readonly KernelCall[];
  /** The only output holds the bytes of input 0 from this one on, unchanged and in order: of a slice of whole rows. */
  readonly partAt?: number;
}

/**
 * Lowers a node to C kernel calls.
 * @throws OP_UNSUPPORTED for types and shapes that the kernel lacks
 */
export type KernelLowering<A = Attributes> = (node: KernelNode<A>, context: KernelContext) => KernelPlan;

/** Lowerings to C kernels: `lower(KERNEL, op, () => import('./kernel.js').then((m) => m.adderConv2d))`. */
export const KERNEL = loweringKey<KernelLowering<never>>('kernel');
