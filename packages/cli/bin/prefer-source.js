/** Resolves Whittle's packages to their sources. */
export function resolve(specifier, context, next) {
  return next(specifier, { ...context, conditions: ['@whittle/source', ...context.conditions] });
}
