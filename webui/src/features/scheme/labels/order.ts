/** Where a key moves something to in a list of `count`; null where it means nothing here. */
export function target(key: string, from: number, count: number): number | null {
  const to = place(key, from, count);
  return to === null || to < 0 || to >= count || to === from ? null : to;
}

function place(key: string, from: number, count: number): number | null {
  if (key === "ArrowUp") return from - 1;
  if (key === "ArrowDown") return from + 1;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** Move an item to another place. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  if (item === undefined) return items;
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** Put labels in an order that may know neither the newest nor that some are gone. */
export function arranged<T extends { readonly id: number }>(
  labels: readonly T[],
  order: readonly number[] | null,
): readonly T[] {
  if (order === null) return labels;
  const place = (id: number) => {
    const at = order.indexOf(id);
    return at < 0 ? order.length : at;
  };
  return labels.toSorted((a, b) => place(a.id) - place(b.id));
}
