import { useMutation, useQueryClient } from "@tanstack/react-query";
import { WayBack } from "@/shared/ui/WayBack";
import { t } from "@/shared/words/translate";
import { type Place, undoRetirement } from "../api";

interface Props {
  place: Place;
  what: string;
  onClose: () => void;
}

/** What was just merged or deleted, and the way back. */
export function Retired({ place, what, onClose }: Props) {
  const client = useQueryClient();
  const undoing = useMutation({
    mutationFn: () => undoRetirement(place),
    onSettled: () => client.invalidateQueries({ queryKey: ["project", place.slug] }),
  });
  return (
    <WayBack
      open={!undoing.isSuccess}
      pending={undoing.isPending}
      error={undoing.error}
      onUndo={() => undoing.mutate()}
      onClose={onClose}
    >
      {undoing.isSuccess ? t("It is as it was before.") : what}
    </WayBack>
  );
}
