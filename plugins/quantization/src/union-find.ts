/** Sorts items into groups: those in one tie belong together. Groups and their members keep the order of `items`. */
export function unite<T>(items: Iterable<T>, ties: readonly (readonly T[])[]): T[][] {
  const parent = new Map<T, T>();
  for (const item of items) parent.set(item, item);
  const rootOf = (item: T): T => {
    let root = item;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root))
      root = next;
    parent.set(item, root);
    return root;
  };
  for (const [first, ...rest] of ties) for (const item of rest) parent.set(rootOf(item), rootOf(first));
  const groups = new Map<T, T[]>();
  for (const item of parent.keys()) {
    const root = rootOf(item);
    const group = groups.get(root);
    if (group) group.push(item);
    else groups.set(root, [item]);
  }
  return [...groups.values()];
}
