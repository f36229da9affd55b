/** The codes that testkit throws beside core's. */
export type TestkitErrorCode =
  /** A runtime refused a model or an inference; the message has its reason. */
  | 'RUNTIME_FAILED'
  /** A runtime's process died, as TensorFlow Lite Micro does on some models; the next run starts a new one. */
  | 'RUNTIME_CRASHED';
