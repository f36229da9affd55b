import { WhittleError } from './errors.js';
import type { Id, Model, ModelState, Node, Parameter, ValueType } from './model.js';
import { concrete, formatShape, formatType, nodeName, sameShape, typeOf } from './model.js';
import { checkOperands, viewNode } from './op.js';
import type { Quantization, Tensor } from './tensor.js';
import { allocate, sameQuantization, sizeOf } from './tensor.js';

/**
 * Checks a model as a whole: ids, order, attributes, types as the ops infer them, masks and quantization.
 * @throws MODEL_INVALID, SHAPE_MISMATCH at the first fault
 */
export function verify(model: Model): void {
  const defined = new Set<Id>();
  const define = (id: Id) => {
    if (defined.has(id)) invalid(`'${id}' is defined twice`);
    defined.add(id);
  };
  for (const parameter of model.parameters.values()) {
    define(parameter.id);
    verifyParameter(parameter, model);
  }
  for (const { id } of model.inputs) {
    define(id);
    if (!model.values.has(id)) invalid(`input '${id}' has no type`);
  }
  for (const state of model.states) {
    define(state.in);
    if (!model.values.has(state.in)) invalid(`state '${state.in}' has no type`);
    verifyTensor(`the initial value of state '${state.in}'`, state.initial);
  }
  for (const node of model.nodes) {
    for (const id of node.inputs)
      if (!defined.has(id)) invalid(`${nodeName(node)} reads '${id}', which nothing before it defines`, node);
    verifyNode(model, node);
    node.outputs.forEach(define);
  }
  if (model.outputs.length === 0) invalid('the model has no outputs');
  for (const { id } of model.outputs) if (!defined.has(id)) invalid(`output '${id}' is not defined`);
  for (const ends of [model.inputs, model.outputs]) {
    const names = ends.map(({ id, name = id }) => name);
    for (const { name } of ends)
      if (name !== undefined && names.indexOf(name) !== names.lastIndexOf(name))
        invalid(`two inputs or outputs are called '${name}'`);
  }
  for (const state of model.states) {
    if (!defined.has(state.out)) invalid(`next state '${state.out}' is not defined`);
    verifyState(model, state);
  }
  for (const [id, type] of model.values) {
    if (!defined.has(id)) invalid(`there is a type of '${id}', which nothing defines`);
    if (type.quantization) verifyQuantization(id, type.shape, type.quantization);
  }
}

function verifyState(model: Model, state: ModelState): void {
  const type = typeOf(model, state.in);
  const next = typeOf(model, state.out);
  const { initial } = state;
  if (next.dtype !== type.dtype || !sameShape(next.shape, type.shape))
    invalid(
      `state '${state.in}' is ${formatType(type)}, but '${state.out}' that replaces it is ${formatType(next)}`,
    );
  if (initial.dtype !== type.dtype || !sameShape(initial.shape, concrete(type.shape)))
    invalid(`state '${state.in}' is ${formatType(type)}, but its initial value is ${formatType(initial)}`);
  if (!sameQuantization(type.quantization, next.quantization))
    invalid(`state '${state.in}' and '${state.out}' that replaces it have different scales or zero points`);
  if (!sameQuantization(type.quantization, initial.quantization))
    invalid(`state '${state.in}' and its initial value have different scales or zero points`);
}

function verifyNode(model: Model, node: Node): void {
  const name = nodeName(node);
  if (name === undefined) invalid(`a node of ${node.op.name} has no output`);
  checkOperands(node.op, node.inputs.length, name);
  const attributes = node.op.attributes.safeParse(node.attributes);
  if (!attributes.success)
    invalid(`${name}: attributes of ${node.op.name}: ${attributes.error.message}`, node);
  const view = viewNode(model, node);
  const types = node.op.infer(view);
  if (types.length !== node.outputs.length)
    invalid(`${name}: ${node.op.name} has ${types.length} outputs, found ${node.outputs.length}`, node);
  types.forEach((type, i) => {
    const found = view.outputs[i];
    if (type.dtype !== found.dtype || !sameShape(type.shape, found.shape))
      invalid(
        `${node.outputs[i]} is ${formatType(found)}, but ${node.op.name} gives ${formatType(type)}`,
        node,
      );
  });
}

function verifyParameter(parameter: Parameter, model: Model): void {
  const { id, tensor, mask } = parameter;
  if (model.parameters.get(id) !== parameter) invalid(`parameter '${id}' stands under another name`);
  verifyTensor(`parameter '${id}'`, tensor);
  if (mask && (mask.dtype as string) !== 'uint8')
    invalid(`parameter '${id}' has a mask of ${mask.dtype}, expected uint8`);
  if (mask && !sameShape(mask.shape, tensor.shape))
    invalid(
      `parameter '${id}' of shape ${formatShape(tensor.shape)} has a mask of shape ${formatShape(mask.shape)}`,
    );
  if (tensor.quantization) verifyQuantization(id, tensor.shape, tensor.quantization);
}

function verifyTensor(what: string, { dtype, shape, data }: Tensor): void {
  const expected = allocate(dtype, 0).constructor.name;
  if (data.constructor.name !== expected)
    invalid(`${what} of ${dtype} needs ${expected}, found ${data.constructor.name}`);
  if (data.length !== sizeOf(shape))
    invalid(`${what} of shape ${formatShape(shape)} has ${data.length} elements`);
}

function verifyQuantization(
  id: Id,
  shape: ValueType['shape'],
  { scale, zeroPoint, axis }: Quantization,
): void {
  const channels = axis === undefined ? 1 : shape[axis];
  if (scale.length !== 1 && scale.length !== channels)
    invalid(`'${id}' of shape ${formatShape(shape)} has ${scale.length} scales along axis ${axis}`);
  if (zeroPoint.length !== 1 && zeroPoint.length !== scale.length)
    invalid(`'${id}' has ${scale.length} scales and ${zeroPoint.length} zero points`);
  if (scale.some((s) => !(s > 0 && Number.isFinite(s))))
    invalid(`'${id}' has a scale that is not a positive number`);
}

function invalid(message: string, node?: Node): never {
  throw new WhittleError('MODEL_INVALID', message, node ? { node: nodeName(node) } : {});
}
