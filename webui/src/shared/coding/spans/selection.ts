/** Return the selection's ends in UTF-16 units from the start of `container`. */
export function selectionWithin(container: HTMLElement | null): [number, number] | null {
  const selection = window.getSelection();
  if (container === null || selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!container.contains(range.startContainer) || !container.contains(range.endContainer)) {
    return null;
  }
  const before = document.createRange();
  before.selectNodeContents(container);
  before.setEnd(range.startContainer, range.startOffset);
  const from = before.toString().length;
  return [from, from + range.toString().length];
}

/** Select a stretch of `container`, and bring its head into view. */
export function select(container: HTMLElement, anchor: number, head: number): void {
  const begin = placeIn(container, anchor);
  const end = placeIn(container, head);
  if (begin === null || end === null) return;
  window.getSelection()?.setBaseAndExtent(begin.node, begin.offset, end.node, end.offset);
  end.node.parentElement?.scrollIntoView?.({ block: "nearest" });
}

/** Find the text node that holds an offset in UTF-16 units. */
export function placeIn(container: Node, offset: number): { node: Text; offset: number } | null {
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
  let left = offset;
  let last: Text | null = null;
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    if (left <= node.length) return { node, offset: left };
    left -= node.length;
    last = node;
  }
  return last === null ? null : { node: last, offset: last.length };
}
