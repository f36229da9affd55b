/** `BUDGET_UNREACHABLE`: not even what the limits let go brings a model under its budget. */
export type ChannelPruningErrorCode = 'BUDGET_UNREACHABLE';
