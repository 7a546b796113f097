import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LabelOperation } from "@/api/schema";
import { changeLabels, type Place, showScheme } from "../api";

/** Change labels and show the scheme as it is then. */
export function useLabelChange(place: Place, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (operation: LabelOperation) => changeLabels(place, operation),
    onSuccess: (changed) => {
      showScheme(client, place.slug, changed);
      onDone?.();
    },
  });
}
