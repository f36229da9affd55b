import type { backend_util } from '@tensorflow/tfjs';

/** The fields of the kernels' `whittle_window`, in order. */
export function windowFields(info: backend_util.Conv2DInfo): readonly number[] {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}
