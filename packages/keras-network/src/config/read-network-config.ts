import { invalid, quote, unsupported } from '../faults.js';
import type { CallConfig, InnerLayer, LayerConfig, NetworkConfig } from './network-config.js';
import { withCallsNumbered } from './number-calls.js';
import { isLegacy, readCalls } from './read-calls.js';
import { objectOf, Options } from './options.js';
import type { Json } from './options.js';
import { refsIn, TensorRef } from './tensor-ref.js';

const networkClasses = ['Sequential', 'Functional', 'Model'];
/** Models in models deeper than this are taken for damage. */
const deepest = 16;

/** Whether a class is a model that files hold the graph of. */
export function isNetworkClass(className: string): boolean {
  return networkClasses.includes(className);
}

/**
 * The graph in a model's configuration, as `.keras` and `.h5` files of Keras 2 and 3 have it.
 * @throws FORMAT_INVALID; OP_UNSUPPORTED for a model that is a class of its own
 */
export function readNetworkConfig(value: unknown, where = 'model', depth = 0): NetworkConfig {
  if (depth > deepest) throw invalid(where, 'models nested too deep');
  const model = objectOf(where, value, 'model');
  const className = textOf(where, model.class_name, 'class_name');
  // Before Keras 2.2.3 a sequential model was a list of layers.
  const config = Array.isArray(model.config)
    ? { name: 'sequential', layers: model.config as unknown[] }
    : objectOf(where, model.config, 'config');
  if (!isNetworkClass(className) || !Array.isArray(config.layers))
    throw unsupported(
      where,
      `a model of class ${className}: its code is not in the file, expected Sequential or Functional`,
    );
  const name = typeof config.name === 'string' && config.name !== '' ? config.name : where;
  const entries = config.layers.map((entry) => objectOf(name, entry, 'layer'));
  const names = new Set(entries.map((entry) => nameOf(name, entry)));
  const layers = entries.map((entry) => readLayer(entry, name, names, depth));
  const distinct = new Set(layers.map((layer) => layer.name));
  if (distinct.size < layers.length) throw invalid(name, 'two layers have one name');
  if (className === 'Sequential') return chain(name, layers, config);
  const [inputs, outputs] = [config.input_layers, config.output_layers].map((refs) => refsIn(name, refs));
  return { name, ...withCallsNumbered(layers, inputs, outputs, isLegacy(entries)) };
}

function readLayer(entry: Json, where: string, names: ReadonlySet<string>, depth: number): LayerConfig {
  const name = nameOf(where, entry);
  const className = textOf(name, entry.class_name, 'class_name');
  const inner = Array.isArray(entry.config) ? {} : objectOf(name, entry.config, 'config');
  const isCustom = typeof entry.registered_name === 'string' && entry.registered_name.includes('>');
  const isNetwork = isNetworkClass(className) && !isCustom;
  return {
    className: isCustom ? (entry.registered_name as string) : className,
    ...(typeof entry.module === 'string' && { module: entry.module }),
    name,
    options: new Options(name, inner),
    trainable: inner.trainable !== false,
    calls: readCalls(name, entry.inbound_nodes, names),
    firstCall: 0,
    inner: innerLayers(name, className, inner, depth),
    ...(isNetwork && { network: readNetworkConfig(entry, name, depth + 1) }),
  };
}

/** What a wrapper wraps: of a bidirectional layer, the copy that reads backwards as well. */
function innerLayers(where: string, className: string, config: Json, depth: number): InnerLayer[] {
  if (className !== 'TimeDistributed' && className !== 'Bidirectional') return [];
  if (depth > deepest) throw invalid(where, 'layers nested too deep');
  const read = (entry: Json) => readLayer(entry, where, new Set(), depth + 1);
  const layer = objectOf(where, config.layer, 'layer');
  if (className === 'TimeDistributed') return [{ attribute: 'layer', layer: read(layer) }];
  const forward = objectOf(where, layer.config, 'config');
  const backward = config.backward_layer ?? {
    ...layer,
    config: { ...forward, name: `backward_${String(forward.name)}`, go_backwards: !forward.go_backwards },
  };
  const renamed = { ...layer, config: { ...forward, name: `forward_${String(forward.name)}` } };
  return [
    { attribute: 'forward_layer', layer: read(renamed) },
    { attribute: 'backward_layer', layer: read(objectOf(where, backward, 'backward_layer')) },
  ];
}

/** A sequential model as a graph: each layer reads the one before. */
function chain(name: string, layers: readonly LayerConfig[], config: Json): NetworkConfig {
  if (layers.length === 0) throw invalid(name, 'a sequential model without layers');
  const [first] = layers;
  const all = first.className === 'InputLayer' ? layers : [implicitInput(first, config), ...layers];
  const chained = all.map((layer, i): LayerConfig => ({
    ...layer,
    calls: i === 0 ? [] : [callOn(new TensorRef(all[i - 1].name, 0, 0))],
  }));
  const last = new TensorRef(all[all.length - 1].name, 0, 0);
  return { name, layers: chained, inputs: [new TensorRef(all[0].name, 0, 0)], outputs: [last] };
}

function callOn(ref: TensorRef): CallConfig {
  return { args: [ref], kwargs: {} };
}

/** The input of a sequential model that begins with another layer: its shape is that layer's, or the model's. */
function implicitInput(first: LayerConfig, { build_input_shape: built }: Json): LayerConfig {
  const { values } = first.options;
  const shape = values.batch_input_shape ?? values.batch_shape ?? built ?? inputShapeOf(first.network);
  const name = `${first.name}_input`;
  const options = new Options(name, { batch_shape: shape, dtype: values.dtype });
  return {
    className: 'InputLayer',
    name,
    options,
    trainable: true,
    calls: [],
    firstCall: 0,
    inner: [],
    implicit: true,
  };
}

function inputShapeOf(network: NetworkConfig | undefined): unknown {
  const input = network?.layers.find(({ name }) => name === network.inputs[0]?.layer);
  return input?.options.get('batch_shape') ?? input?.options.get('batch_input_shape');
}

function nameOf(where: string, entry: Json): string {
  const config = entry.config as Json | undefined;
  return textOf(where, entry.name ?? config?.name, 'name of a layer');
}

function textOf(where: string, value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '')
    throw invalid(where, `${what}: found ${quote(value)}, expected a text`);
  return value;
}
