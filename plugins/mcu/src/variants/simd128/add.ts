import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerAdd, lowerSub } from '../../lowerings/elementwise.js';
import { isShort } from './short-form.js';
import { vectorCalls } from './vector-calls.js';

type BinaryNode = KernelNode<BinaryAttributes>;

/** A sum whose output stage has the short form. */
export function simd128Add(node: BinaryNode): KernelPlan | undefined {
  return vectorSum(addPlan(node), () => lowerAdd(node));
}

/** The same for a difference. */
export function simd128Sub(node: BinaryNode): KernelPlan | undefined {
  return vectorSum(subPlan(node), () => lowerSub(node));
}

function vectorSum({ output }: AddPlan, lowerPortable: () => KernelPlan): KernelPlan | undefined {
  if (!isShort(output.shift)) return undefined;
  const portable = lowerPortable();
  return { ...portable, calls: vectorCalls(portable) };
}
