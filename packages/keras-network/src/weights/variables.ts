import type { LayerConfig } from '../config/network-config.js';
import { readerOf } from '../layers/readers.js';

/** A weight that a layer has, by the name that Keras gives it. */
export interface Variable {
  readonly layer: LayerConfig;
  readonly name: string;
  readonly trainable: boolean;
}

/** A layer's own weights in the order in which Keras makes them; none for layers that can't be read. */
export function ownVariables(layer: LayerConfig): Variable[] {
  const declared = readerOf(layer)?.variables?.(layer.options);
  return [
    ...(declared?.trainable ?? []).map((name) => ({ layer, name, trainable: true })),
    ...(declared?.fixed ?? []).map((name) => ({ layer, name, trainable: false })),
  ];
}

/** The layers in a layer, in order. */
export function layersIn({ network, inner }: LayerConfig): readonly LayerConfig[] {
  return network ? network.layers.filter(({ implicit }) => !implicit) : inner.map(({ layer }) => layer);
}

/**
 * All weights of a layer in the order of an .h5 file: those that are trained come before the others. The two major
 * versions order what is in frozen layers differently.
 */
export function orderedVariables(layer: LayerConfig, major: number): Variable[] {
  if (major < 3) {
    const { trained, others } = legacyOrder(layer, layer.trainable);
    return [...trained, ...others];
  }
  const all = allVariables(layer, true);
  return [...all.filter(({ trainable }) => trainable), ...all.filter(({ trainable }) => !trainable)];
}

/** As Keras makes them; what is in a frozen layer is frozen. */
function allVariables(layer: LayerConfig, trained: boolean): Variable[] {
  const here = trained && layer.trainable;
  return [
    ...ownVariables(layer).map((variable) => ({ ...variable, trainable: variable.trainable && here })),
    ...layersIn(layer).flatMap((inner) => allVariables(inner, here)),
  ];
}

function legacyOrder(layer: LayerConfig, trained: boolean): { trained: Variable[]; others: Variable[] } {
  const own = ownVariables(layer);
  const inner = layersIn(layer).map((each) => legacyOrder(each, trained && each.trainable));
  if (trained)
    return {
      trained: [...own.filter(({ trainable }) => trainable), ...inner.flatMap((each) => each.trained)],
      others: [...own.filter(({ trainable }) => !trainable), ...inner.flatMap((each) => each.others)],
    };
  return { trained: [], others: [...own, ...inner.flatMap((each) => [...each.trained, ...each.others])] };
}
