import { useEffect, useState } from "react";
import { placesFile } from "./api";
import { type Reader, startReader } from "./reader";

interface State {
  readonly key: string;
  readonly reader: Reader | null;
  readonly error: unknown;
}

const NOTHING: State = { key: "", reader: null, error: null };

/** Read the places of a map beside the page, for as long as it is shown. */
export function useReader(
  slug: string,
  map: { readonly id: string; readonly rows: number } | undefined,
  attempt: number,
): Omit<State, "key"> {
  const [state, setState] = useState(NOTHING);
  const id = map?.id;
  // More rows are another file.
  const key = map === undefined ? "" : `${map.id} ${map.rows} ${attempt}`;
  useEffect(() => {
    if (id === undefined) return;
    const gone = new AbortController();
    let started: Reader | null = null;
    const start = async () => {
      const file = await placesFile(slug, id, gone.signal);
      started = await startReader(file);
      if (gone.signal.aborted) started.end();
      else setState({ key, reader: started, error: null });
    };
    start().catch((error: unknown) => {
      if (!gone.signal.aborted) setState({ key, reader: null, error });
    });
    return () => {
      gone.abort();
      started?.end();
    };
  }, [slug, id, key]);
  return state.key === key ? state : NOTHING;
}
