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
  | { readonly kind: 'value'; readonly id: Id }
  | { readonly kind: 'arena'; readonly offset: number }
  | { readonly kind: 'constant'; readonly constant: ProgramConstant }
  | { readonly kind: 'struct'; readonly struct: ProgramStruct }
  | { readonly kind: 'integer' | 'float'; readonly value: number }
  | { readonly kind: 'function'; readonly kernel: KernelSource }
  | { readonly kind: 'null' };

export interface ProgramCall {
  readonly kernel: KernelSource;
  readonly arguments: readonly ProgramArgument[];
}

/** One node. A view has no calls. */
export interface ProgramStep {
  readonly name: string;
  /** The op with its operands' types, for people. */
  readonly description: string;
  readonly calls: readonly ProgramCall[];
}

/** A value in the arena. */
export interface ProgramValue {
  readonly id: Id;
  readonly type: ValueType;
  readonly bytes: number;
  readonly offset: number;
}

/** A model as kernel calls over one static arena: what the C code generator writes down. */
export interface Program {
  readonly model: Model;
  readonly steps: readonly ProgramStep[];
  readonly values: ReadonlyMap<Id, ProgramValue>;
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
