import * as tf from '@tensorflow/tfjs';
import type { TfjsArtifacts } from '../artifacts.js';

/** What an IO handler gets of a layers model, its topology as it would be in the file. */
export async function artifactsOf(model: tf.LayersModel): Promise<TfjsArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      });
    }),
  );
  const { modelTopology, weightSpecs, weightData, generatedBy } = saved!;
  return {
    modelTopology: JSON.parse(JSON.stringify(modelTopology)) as unknown,
    weightSpecs,
    weightData,
    generatedBy,
  };
}

/** Names of the outputs that the signature has. */
export function outputNames({ signature }: TfjsArtifacts): string[] {
  return Object.keys((signature as { readonly outputs: object }).outputs);
}

/** Artifacts for TensorFlow.js' own loaders. */
export function toModelArtifacts({ modelTopology, weightSpecs, weightData, signature }: TfjsArtifacts) {
  return {
    modelTopology: modelTopology as object,
    weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
    weightData: weightData as tf.io.WeightData,
    ...(signature !== undefined && { signature: signature as object }),
  };
}
