import type { Tensor } from '@whittle/core';
import {
  bytesOf,
  emptyTfliteModel,
  operatorCode,
  optionsTypeOf,
  schema,
  tensorTypeOf,
  writeTflite,
} from '@whittle/tflite-schema';
import type { OperatorOptions, TfliteModel } from '@whittle/tflite-schema';

/** A tensor that is fed or computed: float32 unless told. */
export interface FileTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Extents, -1 where they are open. */
  readonly open?: readonly number[];
  readonly dtype?: Tensor['dtype'];
}

export interface FileOperator {
  readonly operator: schema.BuiltinOperator;
  readonly options?: OperatorOptions;
  readonly version?: number;
  /** Names of tensors, and constants. */
  readonly inputs: readonly (string | Tensor)[];
  readonly output: FileTensor;
}

export interface FileGraph {
  readonly inputs: readonly FileTensor[];
  readonly operators: readonly FileOperator[];
  readonly outputs: readonly string[];
}

/** A file of several operators, field by field; `change` edits it before it is written. */
export function graphFile(
  graph: FileGraph,
  change: (file: TfliteModel) => void = () => undefined,
): Uint8Array {
  const buffers: Uint8Array[] = [new Uint8Array(0)];
  const tensors: schema.TensorT[] = [];
  const indices = new Map<string, number>();
  const codes: schema.OperatorCodeT[] = [];
  const add = ({ name, shape, open = [], dtype = 'float32' }: FileTensor): number => {
    const tensor = new schema.TensorT([...shape], tensorTypeOf(dtype), 0, name);
    tensor.shapeSignature = [...open];
    const index = tensors.push(tensor) - 1;
    indices.set(name, index);
    return index;
  };
  const constant = (value: Tensor): number => {
    const buffer = buffers.push(bytesOf(value)) - 1;
    const name = `constant_${buffer}`;
    return tensors.push(new schema.TensorT([...value.shape], tensorTypeOf(value.dtype), buffer, name)) - 1;
  };
  const inputs = graph.inputs.map(add);
  const operators = graph.operators.map((each) => {
    const operands = each.inputs.map((x) => (typeof x === 'string' ? indices.get(x)! : constant(x)));
    const { options = null } = each;
    const code = codes.push(operatorCode(each.operator, each.version)) - 1;
    return new schema.OperatorT(code, operands, [add(each.output)], optionsTypeOf(options), options);
  });
  const outputs = graph.outputs.map((name) => indices.get(name)!);
  const file: TfliteModel = {
    ...emptyTfliteModel(),
    operatorCodes: codes,
    subgraphs: [new schema.SubGraphT(tensors, inputs, outputs, operators)],
    buffers,
  };
  change(file);
  return writeTflite(file);
}
