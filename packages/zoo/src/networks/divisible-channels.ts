/**
 * Channels of a scaled layer as MobileNets of the second version on have them: the multiple of 8 nearest to `channels`, at
 * least 8, and never less than 90% of it.
 */
export function divisibleChannels(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}
