import { displayName, viewNode } from '@whittle/core';
import type { Id, Model, ValueType } from '@whittle/core';
import type { ConstantArray, KernelSource, PackedConstant, StructFields } from '@whittle/kernel-api';
import type { MemoryPlan } from './plan-memory.js';

/** A table in flash. Nodes whose tables are equal share one. */
export interface ProgramConstant {
  readonly symbol: string;
  readonly section: PackedConstant['section'];
  readonly data: ConstantArray;
}

/** A const parameter struct in flash. */
export interface ProgramStruct {
  readonly symbol: string;
  readonly type: string;
  readonly fields: StructFields;
}

/** A stretch of the arena: what values share, or a node's scratch. */
export interface ProgramBuffer {
  /** Empty for scratch. */
  readonly values: readonly Id[];
  readonly bytes: number;
  /** Steps that need it, both included; inputs are there as of step -1, outputs until after the last. */
  readonly first: number;
  readonly last: number;
  readonly offset: number;
}

export type ProgramArgument =
  /** Pointer to a value, `offset` bytes into it, `stride` bytes further with each repetition of its block. */
  | { readonly kind: 'value'; readonly id: Id; readonly offset: number; readonly stride: number }
  /** Pointer into the arena, to what no value is: scratch, and the rows that a stripe keeps. */
  | { readonly kind: 'arena'; readonly offset: number; readonly stride: number; readonly area?: ProgramArea }
  | { readonly kind: 'constant'; readonly constant: ProgramConstant }
  | { readonly kind: 'struct'; readonly struct: ProgramStruct }
  | { readonly kind: 'integer' | 'float'; readonly value: number }
  | { readonly kind: 'function'; readonly kernel: KernelSource }
  | { readonly kind: 'null' };

/** Scratch of the step that ends with a value, or rows of a value that never is whole; `offset` is where it begins. */
export interface ProgramArea {
  readonly kind: 'scratch' | 'rows';
  readonly id: Id;
  readonly offset: number;
}

export interface ProgramCall {
  readonly kernel: KernelSource;
  readonly arguments: readonly ProgramArgument[];
  /** Of a stripe: what the call computes, or keeps. */
  readonly rows?: ProgramRows;
}

/** Rows of a value, `stride` rows further with each repetition of their block. */
export interface ProgramRows {
  readonly id: Id;
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  /** Whether they are there already, and are kept for the stripe. */
  readonly kept: boolean;
}

/** Calls in order, repeated as a whole. */
export interface ProgramBlock {
  readonly repeat: number;
  readonly calls: readonly ProgramCall[];
}

/**
 * One node, or several that are computed together stripe by stripe. A view has no blocks. The last step may be of no node: it
 * brings next values of states to their places.
 */
export interface ProgramStep {
  readonly name: string;
  /** Indices of the model's nodes. */
  readonly nodes: readonly number[];
  /** For each node its name, and the op with its operands' types, for people. */
  readonly descriptions: readonly string[];
  readonly blocks: readonly ProgramBlock[];
}

/** The calls of a step, those in a repeated block once. */
export function callsOf({ blocks }: ProgramStep): ProgramCall[] {
  return blocks.flatMap(({ calls }) => calls);
}

/** A step's name, shortened for people. */
export function displayStep({ name }: ProgramStep): string {
  return name.split(', ').map(displayName).join(', ');
}

/** A value in the arena. */
export interface ProgramValue {
  readonly id: Id;
  readonly type: ValueType;
  readonly bytes: number;
  readonly offset: number;
}

/** A state in the arena: what is read lies there, and at the end of an inference what replaces it. */
export interface ProgramState {
  readonly value: ProgramValue;
  readonly initial: StateInitial;
}

/** What a state begins with: one byte over and over, or a table. */
export type StateInitial =
  | { readonly kind: 'fill'; readonly byte: number }
  | { readonly kind: 'table'; readonly table: ProgramConstant };

/** A model as kernel calls over one static arena: what the C code generator writes down. */
export interface Program {
  readonly model: Model;
  readonly steps: readonly ProgramStep[];
  readonly values: ReadonlyMap<Id, ProgramValue>;
  /** The model's outputs, in its order, where they lie after an inference. */
  readonly outputs: readonly ProgramValue[];
  readonly states: readonly ProgramState[];
  readonly buffers: readonly ProgramBuffer[];
  readonly memory: MemoryPlan;
  readonly constants: readonly ProgramConstant[];
  readonly structs: readonly ProgramStruct[];
  /** Each once, by name. */
  readonly kernels: readonly KernelSource[];
}

/** Bytes of tensors and scratch planned together. */
export function arenaBytesOf(program: Program): number {
  return program.memory.totalBytes;
}

/** Bytes of weights, biases and per-channel multipliers. */
export function weightBytesOf(program: Program): number {
  return program.constants
    .filter(({ section }) => section === 'weights')
    .reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** The same for each step; what several share counts for the first. */
export function weightBytesByStep(program: Program): number[] {
  const seen = new Set<ProgramConstant>();
  return program.steps.map((step) => {
    let bytes = 0;
    for (const argument of callsOf(step).flatMap((call) => call.arguments)) {
      const used = argument.kind === 'constant' ? [argument.constant] : [];
      for (const constant of used.filter((each) => each.section === 'weights' && !seen.has(each))) {
        seen.add(constant);
        bytes += constant.data.byteLength;
      }
    }
    return bytes;
  });
}

/** Multiply-adds of some of a model's nodes. */
export function macsOf(model: Model, nodes: readonly number[]): number {
  return nodes.reduce((sum, index) => {
    const node = model.nodes[index];
    return sum + node.op.cost(viewNode(model, node)).macs;
  }, 0);
}
