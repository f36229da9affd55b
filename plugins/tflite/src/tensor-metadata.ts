import { typeOf } from '@whittle/core';
import type { Model, ModelInput, ModelOutput, Preprocess } from '@whittle/core';
import {
  METADATA_ENTRY,
  appendedFiles,
  metadataSchema as m,
  readModelMetadata,
  textOf,
  writeModelMetadata,
} from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';

/** What TFLite Metadata says of a model: the bytes of its entry, and the label files that it names. */
export interface TensorMetadata {
  readonly bytes: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What it says of inputs and outputs, in order; undefined where nothing, or nothing that fits. */
export interface TensorNotes {
  readonly preprocess: readonly ModelInput['preprocess'][];
  readonly labels: readonly ModelOutput['labels'][];
}

/** What each field needs to be understood. */
const MIN_PARSER_VERSION = '1.0.0';
const IMAGE_RANGE: readonly [number, number] = [0, 255];

/** Preprocessing of inputs and labels of outputs as TFLite Metadata; undefined where a model has neither. */
export function writeTensorMetadata(model: Model): TensorMetadata | undefined {
  const { inputs, outputs } = model;
  if (![...inputs.map((i) => i.preprocess), ...outputs.map((o) => o.labels)].some(Boolean)) return undefined;
  const files = new Map<string, Uint8Array>();
  const subgraph = new m.SubGraphMetadataT();
  subgraph.inputTensorMetadata = inputs.map(({ id, preprocess }) => {
    const channels = typeOf(model, id).shape.at(-1);
    return tensorOf(
      id,
      preprocess ? contentOf(preprocess, channels) : new m.FeaturePropertiesT(),
      preprocess,
    );
  });
  subgraph.outputTensorMetadata = outputs.map(({ id, labels }, i) => {
    const tensor = tensorOf(id, new m.FeaturePropertiesT());
    if (labels) {
      const name = i === 0 ? 'labels.txt' : `labels_${i}.txt`;
      files.set(name, new TextEncoder().encode(labels.join('\n')));
      const type = m.AssociatedFileType.TENSOR_AXIS_LABELS;
      tensor.associatedFiles = [new m.AssociatedFileT(name, null, type)];
    }
    return tensor;
  });
  const whole = new m.ModelMetadataT(model.name || null);
  whole.subgraphMetadata = [subgraph];
  whole.minParserVersion = MIN_PARSER_VERSION;
  return { bytes: writeModelMetadata(whole), files };
}

type Content = m.FeaturePropertiesT | m.ImagePropertiesT;

function contentOf({ layout, range }: Preprocess, channels: number | 'batch' | undefined): Content {
  const { RGB, GRAYSCALE } = m.ColorSpaceType;
  const space = channels === 3 ? RGB : channels === 1 ? GRAYSCALE : undefined;
  const isImage = layout === 'NHWC' && range[0] === IMAGE_RANGE[0] && range[1] === IMAGE_RANGE[1];
  return isImage && space !== undefined ? new m.ImagePropertiesT(space) : new m.FeaturePropertiesT();
}

function tensorOf(name: string, content: Content, preprocess?: Preprocess): m.TensorMetadataT {
  const { FeatureProperties, ImageProperties } = m.ContentProperties;
  const type = content instanceof m.ImagePropertiesT ? ImageProperties : FeatureProperties;
  const tensor = new m.TensorMetadataT(name);
  tensor.content = new m.ContentT(type, content);
  if (preprocess) {
    const { mean, scale, range } = preprocess;
    const normalization = new m.NormalizationOptionsT([...mean], [...scale]);
    tensor.processUnits = [new m.ProcessUnitT(m.ProcessUnitOptions.NormalizationOptions, normalization)];
    tensor.stats = new m.StatsT([range[1]], [range[0]]);
  }
  return tensor;
}

/**
 * What the TFLite Metadata of a file says. Normalization without a range is read for images alone, whose values are 0 to 255.
 * @throws FORMAT_INVALID where the metadata or the archive with its label files is damaged
 */
export function readTensorMetadata(file: TfliteModel, bytes: Uint8Array): TensorNotes {
  const entry = file.metadata.find(({ name }) => textOf(name) === METADATA_ENTRY);
  if (!entry) return { preprocess: [], labels: [] };
  const [subgraph] = readModelMetadata(file.buffers[entry.buffer]).subgraphMetadata;
  const [{ tensors, inputs, outputs }] = file.subgraphs;
  const described = (list: readonly m.TensorMetadataT[] | undefined, ends: readonly number[]) =>
    // A list that doesn't match says nothing of any tensor.
    list?.length === ends.length ? list.map((tensor, i) => [tensor, tensors[ends[i]].shape] as const) : [];
  const outputList = described(subgraph?.outputTensorMetadata, outputs);
  const names = outputList.flatMap(([tensor]) => labelFile(tensor) ?? []);
  const files = names.length > 0 ? appendedFiles(bytes, names) : new Map<string, Uint8Array>();
  return {
    preprocess: described(subgraph?.inputTensorMetadata, inputs).map(([tensor, shape]) =>
      preprocessOf(tensor, shape),
    ),
    labels: outputList.map(([tensor, shape]) => labelsIn(files.get(labelFile(tensor) ?? ''), shape.at(-1))),
  };
}

function preprocessOf(tensor: m.TensorMetadataT, shape: readonly number[]): Preprocess | undefined {
  const options = tensor.processUnits.map((unit) => unit.options);
  const normalization = options.find((each) => each instanceof m.NormalizationOptionsT);
  const layout = ([undefined, undefined, 'NC', 'NTC', 'NHWC'] as const)[shape.length];
  if (!normalization || !layout) return undefined;
  const { mean, std } = normalization;
  const fits = (list: readonly number[]) =>
    (list.length === 1 || list.length === shape.at(-1)) && list.every(Number.isFinite);
  if (!fits(mean) || !fits(std) || std.includes(0)) return undefined;
  const range = rangeOf(tensor);
  return range && { layout, range, mean, scale: std };
}

function rangeOf({ stats, content }: m.TensorMetadataT): readonly [number, number] | undefined {
  const ends = [...(stats?.min ?? []), ...(stats?.max ?? [])];
  if (stats && stats.min.length > 0 && stats.max.length > 0 && ends.every(Number.isFinite))
    return [Math.min(...stats.min), Math.max(...stats.max)];
  return content?.contentProperties instanceof m.ImagePropertiesT ? IMAGE_RANGE : undefined;
}

/** The first of the files that name the indices of an axis; others have other languages. */
function labelFile({ associatedFiles }: m.TensorMetadataT): string | undefined {
  const file = associatedFiles.find(({ type }) => type === m.AssociatedFileType.TENSOR_AXIS_LABELS);
  return file && textOf(file.name);
}

/** One label a line; undefined where their number is not that of the last axis. */
function labelsIn(data: Uint8Array | undefined, count: number | undefined): readonly string[] | undefined {
  if (!data) return undefined;
  const lines = new TextDecoder().decode(data).split(/\r?\n/);
  if (lines.at(-1) === '' && lines.length - 1 === count) lines.pop();
  return lines.length === count ? lines : undefined;
}
