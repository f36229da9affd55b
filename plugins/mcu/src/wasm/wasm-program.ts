import type { Id } from '@whittle/core';
import { WhittleError } from '@whittle/core';
import type { Program, ProgramArgument, ProgramCall } from '../program.js';
import { arenaBytesOf } from '../program.js';
import type { KernelModule } from './kernel-module.js';
import { encodeStruct } from './struct-layout.js';
import { webAssembly } from './web-assembly.js';
import type { WebAssemblyFunction, WebAssemblyMemory, WebAssemblyTable } from './web-assembly.js';

const PAGE = 65_536;
/** Constants and the arena start at multiples of this: what the vector instructions like best. */
const ALIGNMENT = 16;

interface PreparedCall {
  readonly kernel: WebAssemblyFunction;
  readonly arguments: readonly number[];
}

interface Exports {
  readonly memory: WebAssemblyMemory;
  readonly __heap_base: { readonly value: number };
  readonly __indirect_function_table: WebAssemblyTable;
  readonly [kernel: string]: unknown;
}

/** A program in the memory of a WebAssembly instance of its own: constants, structs and arena lie behind the stack. */
export class WasmProgram {
  readonly program: Program;
  readonly #memory: WebAssemblyMemory;
  readonly #arena: number;
  readonly #calls: readonly PreparedCall[];

  private constructor(
    program: Program,
    memory: WebAssemblyMemory,
    arena: number,
    calls: readonly PreparedCall[],
  ) {
    this.program = program;
    this.#memory = memory;
    this.#arena = arena;
    this.#calls = calls;
  }

  static async load(program: Program, { module, layouts }: KernelModule): Promise<WasmProgram> {
    const { exports } = await webAssembly.instantiate(module);
    const instance = exports as unknown as Exports;
    const heap = new Heap(instance);
    const constants = new Map(
      program.constants.map((constant) => [constant, heap.put(bytesOf(constant.data))] as const),
    );
    const structs = new Map(
      program.structs.map(
        (struct) => [struct, heap.put(encodeStruct(layouts.of(struct.type), struct.fields))] as const,
      ),
    );
    const arena = heap.reserve(arenaBytesOf(program));
    const functionOf = (name: string): WebAssemblyFunction => {
      const kernel = instance[name];
      if (typeof kernel !== 'function')
        throw new WhittleError('FORMAT_INVALID', `the module exports no ${name}`);
      return kernel as WebAssemblyFunction;
    };
    const addresses = new Map<string, number>();
    const addressOf = (name: string): number => {
      const known = addresses.get(name);
      if (known !== undefined) return known;
      const address = instance.__indirect_function_table.grow(1, functionOf(name));
      addresses.set(name, address);
      return address;
    };
    const value = (argument: ProgramArgument, repetition: number): number => {
      switch (argument.kind) {
        case 'value':
          return arena + offsetOf(program, argument.id) + argument.offset + argument.stride * repetition;
        case 'arena':
          return arena + argument.offset + argument.stride * repetition;
        case 'constant':
          return constants.get(argument.constant)!;
        case 'struct':
          return structs.get(argument.struct)!;
        case 'integer':
        case 'float':
          return argument.value;
        case 'function':
          return addressOf(argument.kernel.name);
        case 'null':
          return 0;
      }
    };
    const prepare = (call: ProgramCall, repetition: number): PreparedCall => ({
      kernel: functionOf(call.kernel.name),
      arguments: call.arguments.map((argument) => value(argument, repetition)),
    });
    const calls = program.steps.flatMap(({ blocks }) =>
      blocks.flatMap((block) =>
        Array.from({ length: block.repeat }, (_, i) => block.calls.map((call) => prepare(call, i))).flat(),
      ),
    );
    return new WasmProgram(program, instance.memory, arena, calls);
  }

  /** Inferences in order, from the initial states on; streams don't see one another. */
  stream(): (inputs: readonly Uint8Array[]) => Uint8Array {
    const kept = this.program.states.map(({ value, initial }) =>
      initial.kind === 'fill'
        ? new Uint8Array(value.bytes).fill(initial.byte)
        : bytesOf(initial.table.data).slice(),
    );
    return (inputs) => {
      const memory = new Uint8Array(this.#memory.buffer);
      const at = this.program.states.map(({ value }) => this.#arena + value.offset);
      kept.forEach((bytes, i) => memory.set(bytes, at[i]));
      const outputs = this.#infer(inputs);
      kept.forEach((bytes, i) => bytes.set(memory.subarray(at[i], at[i] + bytes.length)));
      return outputs;
    };
  }

  /** One inference: the bytes of the inputs go in; those of the outputs come back, in the model's order, as one array. */
  #infer(inputs: readonly Uint8Array[]): Uint8Array {
    const { model, outputs: found } = this.program;
    const memory = new Uint8Array(this.#memory.buffer);
    model.inputs.forEach(({ id }, i) => memory.set(inputs[i], this.#arena + offsetOf(this.program, id)));
    for (const { kernel, arguments: args } of this.#calls) kernel(...args);
    const result = new Uint8Array(found.reduce((sum, { bytes }) => sum + bytes, 0));
    let at = 0;
    for (const { offset, bytes } of found) {
      result.set(memory.subarray(this.#arena + offset, this.#arena + offset + bytes), at);
      at += bytes;
    }
    return result;
  }
}

/** Hands out memory from the end of a module's own data on. */
class Heap {
  readonly #memory: WebAssemblyMemory;
  #end: number;

  constructor({ memory, __heap_base: base }: Exports) {
    this.#memory = memory;
    this.#end = base.value;
  }

  reserve(bytes: number): number {
    const start = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#end = start + bytes;
    const pages = Math.ceil((this.#end - this.#memory.buffer.byteLength) / PAGE);
    if (pages > 0) this.#memory.grow(pages);
    return start;
  }

  put(bytes: Uint8Array): number {
    const start = this.reserve(bytes.length);
    new Uint8Array(this.#memory.buffer).set(bytes, start);
    return start;
  }
}

function offsetOf({ values }: Program, id: Id): number {
  return values.get(id)!.offset;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
