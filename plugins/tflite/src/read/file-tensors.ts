import { WhittleError, sizeOf } from '@whittle/core';
import type { DType, Quantization, Tensor } from '@whittle/core';
import { constantOf, dtypeOf, quantizationOf, textOf } from '@whittle/tflite-schema';
import type { TensorT, TfliteModel } from '@whittle/tflite-schema';

/** Runtimes count elements in 32 bits, with a sign. */
export const MAX_ELEMENTS = 2 ** 31 - 1;

/** What the file says of a tensor, with extents that are numbers. */
export interface FileType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly quantization?: Quantization;
}

/** What the file says of the tensors of its first subgraph, by index. */
export class FileTensors {
  readonly #file: TfliteModel;
  readonly #tensors: readonly TensorT[];

  constructor(file: TfliteModel) {
    this.#file = file;
    [{ tensors: this.#tensors }] = file.subgraphs;
  }

  /** `tensor_7` where it has no name. */
  nameOf(index: number): string {
    return textOf(this.#tensors[index].name) || `tensor_${index}`;
  }

  /** @throws FORMAT_INVALID as `GraphReader.typeOf` */
  typeOf(index: number): FileType {
    const tensor: TensorT | undefined = this.#tensors[index];
    if (!tensor)
      throw new WhittleError('FORMAT_INVALID', '.tflite: an operator lacks a tensor that it needs', {
        plugin: 'tflite',
      });
    if (tensor.shape.some((dim) => dim < 1) || sizeOf(tensor.shape) > MAX_ELEMENTS)
      throw new WhittleError(
        'FORMAT_INVALID',
        `.tflite: tensor '${this.nameOf(index)}' of shape [${tensor.shape.join(', ')}], expected 1 to ${MAX_ELEMENTS} elements`,
        { plugin: 'tflite' },
      );
    const dtype = dtypeOf(tensor.type);
    // What an observer saw of a float tensor means nothing to it.
    const quantization = dtype === 'float32' ? undefined : quantizationOf(tensor);
    return { dtype, shape: tensor.shape, ...(quantization && { quantization }) };
  }

  /** The tensor's extents, undefined where they are open. @throws FORMAT_INVALID */
  extentsOf(index: number): (number | undefined)[] {
    const { shape } = this.typeOf(index);
    const { shapeSignature: signature } = this.#tensors[index];
    const isOpen = (axis: number) => signature.length === shape.length && signature[axis] < 0;
    return shape.map((dim, axis) => (isOpen(axis) ? undefined : dim));
  }

  /** The tensor's data; nothing where it has none. */
  constantOf(index: number): Tensor | undefined {
    return constantOf(this.#file, this.#tensors[index]);
  }
}
