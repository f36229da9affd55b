import type { KnownGap } from '@whittle/testkit';

const reason = 'LiteRT takes int16 with zero point 0 alone, TensorFlow Lite Micro with any';

/** What LiteRT can't do at all; every other suite passes within its tolerance. */
export const litertGaps: readonly KnownGap[] = [
  { suite: 'add_int16', cases: /\/-?[1-9]/, reason },
  { suite: 'sub_int16', cases: /\/-?[1-9]/, reason },
  { suite: 'dense_int16', cases: /offset/, reason },
];
