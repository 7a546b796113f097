import { type ComponentType, useEffect, useState } from "react";

/**
 * Load a component once the page stands, so that it is there even when the server is not.
 *
 * Null until then. Where loading fails, it is tried again as soon as it is `wanted`.
 */
export function useLater<P>(
  load: () => Promise<ComponentType<P>>,
  wanted: boolean,
): ComponentType<P> | null {
  const [loaded, setLoaded] = useState<ComponentType<P> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` asks again
  useEffect(() => {
    if (loaded !== null) return;
    let here = true;
    load().then(
      (component) => here && setLoaded(() => component),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [load, loaded, wanted]);
  return loaded;
}
