import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { LabelInfo, SchemeInfo } from "@/api/schema";
import { changeLabels, type Place, showScheme } from "../api";
import { arranged } from "./order";

/**
 * The labels in the order that was given them here, which the server follows.
 *
 * One request is on its way at a time and always brings the newest order, so that a label can be
 * moved as fast as keys are pressed.
 */
export function useOrder(place: Place, scheme: SchemeInfo) {
  const client = useQueryClient();
  const [order, setOrder] = useState<readonly number[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const wanted = useRef<readonly LabelInfo[] | null>(null);
  const sending = useRef(false);

  const send = async () => {
    if (sending.current) return;
    sending.current = true;
    try {
      while (wanted.current !== null) {
        const labels = wanted.current;
        const changed = await changeLabels(place, {
          op: "reorder",
          labels: labels.map(({ name }) => name),
        });
        if (wanted.current !== labels) continue;
        wanted.current = null;
        showScheme(client, place.slug, changed);
      }
    } catch (refusal) {
      wanted.current = null;
      setError(refusal);
    } finally {
      sending.current = false;
      setOrder(null);
    }
  };
  return {
    labels: arranged(scheme.labels, order),
    error,
    arrange: (labels: readonly LabelInfo[]) => {
      setError(null);
      setOrder(labels.map(({ id }) => id));
      wanted.current = labels;
      void send();
    },
  };
}
