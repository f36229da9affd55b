import type { KnownGap } from '@whittle/testkit';

/** What C programs on the emulated Cortex-M4 can't do: every suite passes. */
export const cortexM4Gaps: readonly KnownGap[] = [];
