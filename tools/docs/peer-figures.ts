/** What other engines take for the int8 models of MLPerf Tiny: image classification, keyword spotting, anomaly detection. */
export const models = ['ic', 'kws', 'ad'] as const;
export type ModelName = (typeof models)[number];
type Figures = Readonly<Record<ModelName, number>>;

/** Where the models come from: files of https://github.com/mlcommons/tiny, under benchmark/training. */
export const sources: Readonly<Record<ModelName, string>> = {
  ic: 'image_classification/trained_models/pretrainedResnet_quant.tflite',
  kws: 'keyword_spotting/trained_models/kws_ref_model.tflite',
  ad: 'anomaly_detection/trained_models/ad01_int8.tflite',
};

/** What the peers' figures are of. */
export const peerVersions =
  'TensorFlow Lite Micro of 2026-08-20 with the CMSIS-NN that it fetches, kernels at -O2, arm-none-eabi-gcc 12.2, second invoke; LiteRT with XNNPACK of the same date';

/** Executed instructions of one inference, counted in QEMU 7.2 as ours are, of input 1 of `sequence`: `peerVersions`. */
export const peerInstructions: Readonly<Record<string, { readonly engine: string } & Figures>> = {
  'cortex-m4': { engine: 'TFLite Micro + CMSIS-NN', ic: 29_860_000, kws: 7_698_000, ad: 583_000 },
  'cortex-m55': { engine: 'TFLite Micro + CMSIS-NN', ic: 4_913_000, kws: 1_814_000, ad: 285_000 },
  'cortex-m0plus': { engine: 'TFLite Micro + CMSIS-NN', ic: 97_560_000, kws: 29_000_000, ad: 1_763_000 },
  aarch64: { engine: 'LiteRT / XNNPACK, Cortex-A72', ic: 4_320_000, kws: 1_940_000, ad: 97_700 },
  'aarch64-dotprod': { engine: 'LiteRT / XNNPACK, Cortex-A76', ic: 1_500_000, kws: 715_000, ad: 48_400 },
};

/** Bytes of TensorFlow Lite Micro with CMSIS-NN on the Cortex-M4; flash is library code, without the model. */
export const peerMemory: Readonly<Record<'arena' | 'stack' | 'flash', Figures>> = {
  arena: { ic: 54_996, kws: 22_820, ad: 2_580 },
  stack: { ic: 844, kws: 844, ad: 556 },
  flash: { ic: 48_869, kws: 45_623, ad: 22_717 },
};

/** Bytes of the .tflite files, which TensorFlow Lite Micro keeps in flash as a whole. */
export const fileBytes: Figures = { ic: 98_496, kws: 53_936, ad: 276_976 };

/** Millions of cycles on boards: published results of MLPerf Tiny, milliseconds times clock. The best engines are closed. */
export const publishedCycles: readonly ({ readonly core: string; readonly engine: string } & Figures)[] = [
  { core: 'Cortex-M4', engine: 'STM32Cube.AI, v1.2', ic: 19.8, kws: 5.18, ad: 0.63 },
  { core: 'Cortex-M4', engine: 'Plumerai, v1.1', ic: 20.1, kws: 5.73, ad: 0.486 },
  { core: 'Cortex-M4', engine: 'Bosch HALE, v1.2', ic: 21.7, kws: 7.22, ad: 0.7 },
  { core: 'Cortex-M4', engine: 'TVM + CMSIS-NN, v1.0', ic: 46.7, kws: 12, ad: 1.03 },
  { core: 'Cortex-M7', engine: 'STM32Cube.AI, v1.2', ic: 11.4, kws: 3.17, ad: 0.34 },
  { core: 'Cortex-M0+', engine: 'Bosch HALE, v1.2', ic: 97.4, kws: 30.4, ad: 2.62 },
  { core: 'Cortex-M85', engine: 'Renesas, v1.2', ic: 4.07, kws: 1.66, ad: 0.26 },
];
