import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { GoldText } from "@/api/schema";
import { WayBack } from "@/shared/ui/WayBack";
import { t } from "@/shared/words/translate";
import { goldQuery, type Place, putGold } from "../api";
import { goldAgain } from "./goldDraft";

interface Props {
  place: Place;
  gold: GoldText;
  onClose: () => void;
}

/** What was just removed, and the way back. */
export function Removed({ place, gold, onClose }: Props) {
  const client = useQueryClient();
  const undoing = useMutation({
    mutationFn: () => putGold(place, goldAgain(gold)),
    onSuccess: async () => {
      await client.invalidateQueries(goldQuery(place));
      onClose();
    },
  });
  return (
    <WayBack
      open
      pending={undoing.isPending}
      error={undoing.error}
      onUndo={() => undoing.mutate()}
      onClose={onClose}
    >
      {t("{{id}} is gold no longer. What was decided of it stays.", { id: gold.id })}
    </WayBack>
  );
}
