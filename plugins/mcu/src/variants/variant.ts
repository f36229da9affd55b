import type { KernelContext, KernelLowering, KernelNode, KernelPlan } from '@whittle/kernel-api';
import type { OpDefinition } from '@whittle/core';
import type { TargetFeature } from '../targets/index.js';

/** A lowering to kernels of one instruction set; nothing where these don't cover the node. */
export type KernelVariant<A> = (node: KernelNode<A>, context: KernelContext) => KernelPlan | undefined;

/** How an op is lowered for targets with a feature. */
export interface VariantListing {
  readonly op: string;
  load(): Promise<KernelVariant<never>>;
}

/** `variant(conv2d, () => import('./conv2d.js').then((m) => m.dspConv2d))`. */
export function variant<A>(op: OpDefinition<A>, load: () => Promise<KernelVariant<A>>): VariantListing {
  return { op: op.name, load: load as VariantListing['load'] };
}

export type VariantTable = Readonly<Record<TargetFeature, readonly VariantListing[]>>;

/** Lowers an op by the first of the target's features with a variant that covers the node, else to portable C. */
export async function withVariants<A>(
  op: { readonly name: string },
  portable: KernelLowering<A>,
  table: VariantTable,
): Promise<KernelLowering<A>> {
  const variants = new Map<string, KernelVariant<A>>();
  for (const [feature, listings] of Object.entries(table))
    for (const listing of listings)
      if (listing.op === op.name) variants.set(feature, (await listing.load()) as KernelVariant<A>);
  if (variants.size === 0) return portable;
  return (node, context) => {
    if (hasInt16(node)) return portable(node, context);
    for (const feature of context.features) {
      const plan = variants.get(feature)?.(node, context);
      if (plan) return plan;
    }
    return portable(node, context);
  };
}

/** Variants are for int8; what has int16 activations is lowered to portable C. */
function hasInt16({ inputs, outputs }: Pick<KernelNode, 'inputs' | 'outputs'>): boolean {
  return [...inputs, ...outputs].some(({ dtype }) => dtype === 'int16');
}
