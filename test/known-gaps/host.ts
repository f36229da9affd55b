import type { KnownGap } from '@whittle/testkit';

/** What C programs on this machine can't do: every suite passes. */
export const hostGaps: readonly KnownGap[] = [];
