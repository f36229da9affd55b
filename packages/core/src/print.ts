import type { Id, Model, ValueType } from './model.js';
import { formatShape, typeOf } from './model.js';
import type { Quantization, Tensor } from './tensor.js';

/**
 * A model as text, one line a value, for people and golden files:
 *
 *     model digits
 *     input image: float32[batch, 28, 28, 1]
 *     conv1 = conv2d(image, conv1/weight: float32[3, 3, 1, 16]) {strides: [1, 1], ...}: float32[batch, 28, 28, 16]
 *     output softmax
 */
export function print(model: Model): string {
  const shown = new Set<Id>();
  const operand = (id: Id) => {
    const parameter = model.parameters.get(id);
    if (!parameter || shown.has(id)) return id;
    shown.add(id);
    return `${id}: ${describeType(parameter.tensor)}${parameter.mask ? ' masked' : ''}`;
  };
  const lines = [`model ${model.name}`];
  const called = (name: string | undefined) => (name === undefined ? '' : ` called ${name}`);
  for (const { id, name, preprocess } of model.inputs)
    lines.push(
      `input ${id}${called(name)}: ${describeType(typeOf(model, id))}${preprocess ? ` preprocess ${describeAttributes(preprocess)}` : ''}`,
    );
  for (const state of model.states)
    lines.push(
      `state ${state.in} <- ${state.out}: ${describeType(typeOf(model, state.in))} initial ${describeValues(state.initial)}`,
    );
  for (const { op, attributes, inputs, outputs } of model.nodes) {
    const settings = Object.keys(attributes).length > 0 ? ` ${describeAttributes(attributes)}` : '';
    const types = outputs.map((id) => describeType(typeOf(model, id))).join(', ');
    lines.push(`${outputs.join(', ')} = ${op.name}(${inputs.map(operand).join(', ')})${settings}: ${types}`);
  }
  for (const { id, name, labels } of model.outputs)
    lines.push(`output ${id}${called(name)}${labels ? ` labels ${labels.join(', ')}` : ''}`);
  for (const [key, value] of Object.entries(model.metadata)) lines.push(`metadata ${key}: ${value}`);
  return `${lines.join('\n')}\n`;
}

function describeType({ dtype, shape, quantization }: ValueType): string {
  return `${dtype}${formatShape(shape)}${quantization ? ` ${describeQuantization(quantization)}` : ''}`;
}

/** The value that all elements have, or the first of them. */
function describeValues({ data }: Tensor): string {
  const all = new Set<number | bigint>(data);
  return all.size === 1 ? String(data[0]) : `${Array.from(data.slice(0, 3), String).join(', ')}, ...`;
}

function describeQuantization({ scale, zeroPoint, axis }: Quantization): string {
  const number = (x: number) => Number(x.toPrecision(6)).toString();
  const scales =
    scale.length > 3 ? `${number(scale[0])}, ... ${scale.length} scales` : [...scale].map(number).join(', ');
  const zero = zeroPoint.some((z) => z !== 0) ? ` zero point ${[...new Set(zeroPoint)].join(', ')}` : '';
  return `scale ${scales}${zero}${axis === undefined ? '' : ` along ${axis}`}`;
}

function describeAttributes(attributes: object): string {
  return JSON.stringify(attributes).replaceAll('"', '').replaceAll(':', ': ').replaceAll(',', ', ');
}
