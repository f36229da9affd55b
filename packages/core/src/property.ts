import type { Model } from './model.js';

/** What a pass may change of a model: nodes and shapes, the numbers in parameters, or dtypes and quantization. */
export type Aspect = 'structure' | 'weights' | 'types';

/** Why a property doesn't hold. */
export interface Finding {
  readonly message: string;
  readonly node?: string;
}

/** Something that is true of a model, claimed by a pass or checked on the model itself. */
export interface Property<A = unknown> {
  readonly name: string;
  readonly args: A;
  /** Changes to these aspects end a claim that can't be checked. */
  readonly dependsOn: readonly Aspect[];
  /** Why the property doesn't hold, or undefined where it does. */
  check?(model: Model): Finding | undefined;
  /** Whether this property being true makes the other true; equal name and arguments if left out. */
  implies?(other: Property): boolean;
}

export function implies(property: Property, other: Property): boolean {
  if (property.implies) return property.implies(other);
  return property.name === other.name && JSON.stringify(property.args) === JSON.stringify(other.args);
}

export function describeProperty(property: Property): string {
  const hasArguments = property.args !== undefined && JSON.stringify(property.args) !== '{}';
  return hasArguments ? `${property.name}(${JSON.stringify(property.args)})` : property.name;
}
