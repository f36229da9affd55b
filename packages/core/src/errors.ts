/** The codes that core itself throws; other packages add unions of their own, and `WhittleError` takes any of them. */
export type CoreErrorCode =
  | 'OPTION_INVALID'
  | 'MODEL_INVALID'
  | 'SHAPE_MISMATCH'
  | 'SHAPE_OPEN'
  | 'PIPELINE_ORDER'
  | 'PROPERTY_MISSING'
  | 'PROPERTY_BROKEN'
  | 'PASS_FAILED'
  | 'PLUGIN_DUPLICATE'
  | 'OP_UNSUPPORTED'
  | 'FORMAT_INVALID'
  | 'FILE_UNREADABLE'
  | 'DATASET_INVALID'
  | 'TARGET_UNAVAILABLE'
  | 'ABORTED';

/** Where an error arose, as far as it is known. */
export interface ErrorContext {
  readonly plugin?: string;
  readonly pass?: string;
  readonly node?: string;
  readonly cause?: unknown;
  /** Where things were looked at one by one and some went wrong: each of them, be it one or several. */
  readonly problems?: readonly WhittleError[];
}

/**
 * The one error type of Whittle. `code` is stable and meant for programs; `message` says what was found, what was
 * expected and where, and is meant for people.
 */
export class WhittleError<Code extends string = string> extends Error {
  override readonly name = 'WhittleError';
  readonly code: Code;
  readonly plugin?: string;
  readonly pass?: string;
  readonly node?: string;
  readonly problems?: readonly WhittleError[];

  constructor(code: Code, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.plugin = context.plugin;
    this.pass = context.pass;
    this.node = context.node;
    if (context.problems) this.problems = context.problems;
  }
}

/** Whether `error` is a `WhittleError`, and of this code where one is given. Works across copies of the package. */
export function isWhittleError(error: unknown, code?: string): error is WhittleError {
  return (
    error instanceof Error &&
    error.name === 'WhittleError' &&
    (code === undefined || (error as WhittleError).code === code)
  );
}

/**
 * Throws what went wrong: nothing, one error, or all of them as one, with the code of the first; they are its `problems`. `what` says of how many
 * things it is true, as in '3 nodes can't be lowered'.
 */
export function throwProblems(
  problems: readonly WhittleError[],
  what: (count: number) => string,
  context: ErrorContext = {},
): void {
  if (problems.length === 0) return;
  if (problems.length === 1) {
    const [{ code, message, plugin, pass, node, cause }] = problems;
    throw new WhittleError(code, message, { plugin, pass, node, cause, problems });
  }
  const lines = problems.map(({ message }) => `\n  ${message}`);
  throw new WhittleError(problems[0].code, `${what(problems.length)}:${lines.join('')}`, {
    ...context,
    problems,
  });
}

/** Throws `ABORTED` where the signal has been raised: passes call it between steps. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new WhittleError('ABORTED', 'stopped: the run was aborted before it was complete');
}
