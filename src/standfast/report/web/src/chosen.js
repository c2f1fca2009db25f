// Which place the reader looks at: one choice for every chart that shows a place.

export function choice(first) {
  const listeners = [];
  let value = first;
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listen of listeners) listen(next);
    },
    listen: (listener) => listeners.push(listener),
  };
}
