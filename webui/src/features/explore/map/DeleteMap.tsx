import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { projectionsQuery } from "@/shared/artefacts/api";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { deleteProjection } from "./api";
import classes from "./Map.module.css";

interface Props {
  slug: string;
  map: string;
  onDeleted: () => void;
}

/** Deletes a map after saying what goes with it: it can be made again. */
export function DeleteMap({ slug, map, onDeleted }: Props) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const deleting = useMutation({
    mutationFn: () => deleteProjection(slug, map),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: projectionsQuery(slug).queryKey });
      onDeleted();
    },
  });
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        {t("Delete this map…")}
      </button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("Delete the map {{map}}", { map })}
        transitionProps={{ duration: 0 }}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <p className={classes.consequence}>
          {t(
            "Its places go, and filters that name a region of it. Texts, labels and topics stay; a map of the same feature and seed can be made again.",
          )}
        </p>
        {deleting.error && <Notice error={deleting.error} />}
        <div className={classes.pair}>
          <Button data-autofocus loading={deleting.isPending} onClick={() => deleting.mutate()}>
            {t("Delete it")}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t("Cancel")}
          </Button>
        </div>
      </Modal>
    </>
  );
}
