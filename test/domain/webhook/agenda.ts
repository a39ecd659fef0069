/** What is to be done and when, as a heap; things of one moment in the order in which they were noted. */
export function createAgenda() {
  const heap: { readonly atMs: number; readonly order: number; readonly act: () => void }[] = [];
  let nowMs = 0;
  let order = 0;
  const isBefore = (first: number, second: number) => {
    const [a, b] = [heap[first]!, heap[second]!];
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  };
  const swap = (first: number, second: number) => {
    [heap[first], heap[second]] = [heap[second]!, heap[first]!];
  };
  const sink = () => {
    for (let place = 0; ; ) {
      const children = [place * 2 + 1, place * 2 + 2].filter((child) => child < heap.length && isBefore(child, place));
      const [least] = children.sort((a, b) => (isBefore(a, b) ? -1 : 1));
      if (least === undefined) return;
      swap(place, least);
      place = least;
    }
  };
  return {
    nowMs: () => nowMs,
    at: (atMs: number, act: () => void) => {
      order += 1;
      heap.push({ atMs: Math.max(atMs, nowMs), order, act });
      for (let place = heap.length - 1; place > 0; ) {
        const parent = (place - 1) >> 1;
        if (!isBefore(place, parent)) return;
        swap(place, parent);
        place = parent;
      }
    },
    run: () => {
      for (let next = heap[0]; next !== undefined; next = heap[0]) {
        const last = heap.pop()!;
        if (heap.length > 0) {
          heap[0] = last;
          sink();
        }
        nowMs = next.atMs;
        next.act();
      }
    },
  };
}
