/** Larger extents are taken for damage: minutes of sound have fewer samples, and ops look at every index of some axes. */
export const largestExtent = 2 ** 22;
/** Models of more nodes are. */
export const mostNodes = 50_000;
/** Values of more elements are. */
export const mostElements = 2 ** 31 - 1;
/** Indices that all nodes together look at. */
export const mostIndices = 2 ** 27;
