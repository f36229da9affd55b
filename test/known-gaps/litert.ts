import type { KnownGap } from '@whittle/testkit';

/** What LiteRT can't do at all: every suite passes within its tolerance. */
export const litertGaps: readonly KnownGap[] = [];
