/** Where an error arose, and what caused it, one below the other down to the first; of several problems each with its causes. */
export function errorTrace(error: unknown): string {
  return traces(error, '', new Set()).join('\n');
}

function traces(error: unknown, title: string, seen: Set<unknown>): string[] {
  if (seen.has(error)) return [];
  seen.add(error);
  if (!(error instanceof Error)) return [`${title}${String(error)}`];
  const { problems = [] } = error as { readonly problems?: readonly unknown[] };
  return [
    `${title}${error.stack ?? `${error.name}: ${error.message}`}`,
    ...(problems.length > 1
      ? problems.flatMap((each, i) => traces(each, `problem ${i + 1} of ${problems.length}: `, seen))
      : []),
    ...(error.cause === undefined ? [] : traces(error.cause, 'caused by: ', seen)),
  ];
}
