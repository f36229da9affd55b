import { isWhittleError, WhittleError } from './errors.js';

/** What of a format can't be read, in the format's own words. */
export interface UnreadKind {
  /** As messages begin: 'ONNX'. */
  readonly format: string;
  readonly plugin: string;
  /** One of what files consist of: 'node', 'layer', 'operator'. */
  readonly noun: string;
}

/** Throws OP_UNSUPPORTED where there is anything that a reader can't read: all of it, which is in `problems` too. */
export function throwUnread(problems: readonly WhittleError[], kind: UnreadKind): void {
  if (problems.length === 0) return;
  throw new WhittleError('OP_UNSUPPORTED', listOf(problems, kind), contextOf(problems, kind));
}

/**
 * The shapes that `resolve` gives. Where it throws SHAPE_OPEN, but there is what can't be read whatever the shapes, that comes
 * first, as shapes are told in vain then.
 * @throws OP_UNSUPPORTED, with what is open as the last of its `problems`, and what `resolve` throws
 */
export function shapesUnlessUnread<T>(
  resolve: () => T,
  unread: () => readonly WhittleError[],
  kind: UnreadKind,
): T {
  try {
    return resolve();
  } catch (error) {
    if (!isWhittleError(error, 'SHAPE_OPEN')) throw error;
    const problems = unread();
    if (problems.length === 0) throw error;
    const message = `${listOf(problems, kind)}\nBeside that, ${error.message}`;
    const { plugin, node } = contextOf(problems, kind);
    throw new WhittleError('OP_UNSUPPORTED', message, { plugin, node, problems: [...problems, error] });
  }
}

function listOf(problems: readonly WhittleError[], { format, noun }: UnreadKind): string {
  const prefix = `${format}: `;
  const lines = problems.map(({ message }) =>
    message.startsWith(prefix) ? message.slice(prefix.length) : message,
  );
  const [first] = lines;
  if (lines.length === 1) return `${prefix}1 ${noun} can't be read: ${first}`;
  return `${prefix}${lines.length} ${noun}s can't be read:${lines.map((line) => `\n  ${line}`).join('')}`;
}

function contextOf(problems: readonly WhittleError[], { plugin }: UnreadKind) {
  return { plugin, node: problems.length === 1 ? problems[0].node : undefined, problems };
}
