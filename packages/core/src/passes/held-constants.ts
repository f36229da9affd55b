/** What channels hold whatever the input is. */
export interface ChannelConstants {
  /** The axes that tell channels apart; an index counts the places along them, the last one innermost. */
  readonly axes: readonly number[];
  /** The constant of a channel by its index; of one that varies, what it holds at most places. */
  readonly at: ReadonlyMap<number, number>;
  /** Channels that don't hold one constant at all places, and why. */
  readonly varying: ReadonlyMap<number, string>;
}

/** No constants, of channels along these axes. */
export const nothing = (axes: readonly number[]): ChannelConstants => ({
  axes,
  at: new Map(),
  varying: new Map(),
});
