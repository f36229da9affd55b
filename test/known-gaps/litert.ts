import type { KnownGap } from '@whittle/testkit';

const reason = 'LiteRT takes int16 with zero point 0 alone, TensorFlow Lite Micro with any';

/** What LiteRT can't do at all; every other suite passes within its tolerance. */
export const litertGaps: readonly KnownGap[] = [
  { suite: 'add_int16', cases: /\/-?[1-9]/, reason },
  { suite: 'sub_int16', cases: /\/-?[1-9]/, reason },
  { suite: 'dense_int16', cases: /offset/, reason },
  {
    suite: 'long_sums_int16',
    cases: /dense/,
    reason: 'LiteRT sums dense layers of int16 in 32 bits, TensorFlow Lite Micro in 64',
  },
  { suite: 'cumsum', reason: 'LiteRT has CUMSUM of floats and int32 alone' },
  { suite: 'squared_difference_int16', reason: 'LiteRT has SQUARED_DIFFERENCE of int8 alone' },
  { suite: 'rsqrt_int16', reason: 'LiteRT reads RSQRT of int16 from a coarse table' },
  { suite: 'svdf', cases: / none/, reason: 'LiteRT takes SVDF of int8 with relu alone' },
  { suite: 'svdf_int8_state', reason: 'LiteRT takes SVDF of int8 with a state of int16 alone' },
  { suite: 'lstm_int16', reason: 'LiteRT takes LSTM of float32 and int8 alone' },
];
