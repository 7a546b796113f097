import { type ComponentType, useEffect, useState } from "react";

/** Milliseconds that a page has for itself before what it may need later is loaded. */
const QUIET = 3_000;

/**
 * Load a component once the page has stood for a while, so that it is there even when the server is
 * not; at once where it is `wanted`.
 *
 * Null until then. Where loading fails, it is tried again as soon as it is `wanted`.
 */
export function useLater<P>(
  load: () => Promise<ComponentType<P>>,
  wanted: boolean,
): ComponentType<P> | null {
  const [loaded, setLoaded] = useState<ComponentType<P> | null>(null);
  useEffect(() => {
    if (loaded !== null) return;
    let here = true;
    const begin = () =>
      load().then(
        (component) => here && setLoaded(() => component),
        () => undefined,
      );
    const timer = setTimeout(begin, wanted ? 0 : QUIET);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [load, loaded, wanted]);
  return loaded;
}
