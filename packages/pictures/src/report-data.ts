/** How the scales (|gamma|) of one layer's batch norm are spread after an epoch. */
export interface ScaleHistogram {
  readonly epoch: number;
  readonly layer: string;
  /** Ends of the bins, ascending: one more than there are counts, the same for all layers of an epoch. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Accuracy (0 to 1) of the network without a share of its channels (0 to 1). */
export interface PrunedAccuracy {
  readonly ratio: number;
  readonly accuracy: number;
  readonly stage: 'before fine-tuning' | 'after fine-tuning';
}

/** Channels of a group or layer before and after pruning: `groups` of a pruning pass' report. */
export interface KeptChannels {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** A network with what it costs and how well it does. */
export interface TradeOff {
  readonly name: string;
  /** Multiply-accumulates of an inference. */
  readonly macs: number;
  /** 0 to 1. */
  readonly accuracy: number;
}

/** A metric when a share (0 to 1) of one group's channels is gone, the others whole. */
export interface GroupSensitivity {
  readonly group: string;
  readonly ratio: number;
  readonly metric: number;
}

/** What a page shows; parts that are left out, or empty, have no plot. */
export interface ReportData {
  readonly title: string;
  readonly histograms?: readonly ScaleHistogram[];
  readonly accuracies?: readonly PrunedAccuracy[];
  readonly channels?: readonly KeptChannels[];
  readonly tradeOffs?: readonly TradeOff[];
  readonly sensitivities?: readonly GroupSensitivity[];
  /** What `sensitivities` measure, with its unit; 'accuracy, share' unless told. */
  readonly metricLabel?: string;
}
