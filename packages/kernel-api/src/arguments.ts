import type { ConstantArray, KernelArgument, KernelNode, PackedConstant, StructFields } from './kernel.js';

export const scratch: KernelArgument = { kind: 'scratch' };

export function input(index: number): KernelArgument {
  return { kind: 'input', index };
}

export function output(index: number): KernelArgument {
  return { kind: 'output', index };
}

export function integer(value: number): KernelArgument {
  return { kind: 'integer', value };
}

export function float(value: number): KernelArgument {
  return { kind: 'float', value };
}

export function struct(type: string, fields: StructFields): KernelArgument {
  return { kind: 'struct', type, fields };
}

/** A constant that counts as part of the weights, or NULL where there is none. */
export function weights(name: string, data: ConstantArray | undefined): KernelArgument {
  return data ? constant({ name, section: 'weights', data }) : { kind: 'null' };
}

export function table(name: string, data: ConstantArray): KernelArgument {
  return constant({ name, section: 'table', data });
}

/** The i-th operand wherever it lies: in the arena, or in flash as a constant named `name`. */
export function operand(node: KernelNode<unknown>, index: number, name: string): KernelArgument {
  const data = node.constants[index]?.data;
  return data ? weights(name, data as ConstantArray) : input(index);
}

function constant(packed: PackedConstant): KernelArgument {
  return { kind: 'constant', constant: packed };
}
