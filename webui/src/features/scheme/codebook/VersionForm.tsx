import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CodebookVersion, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { changeVersion, type Place } from "../api";
import { ChangeFields } from "./ChangeFields";
import classes from "./Codebook.module.css";
import { changeOf, patchOf } from "./change";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  version: CodebookVersion;
  onClose: () => void;
}

/** What a version changed, said afterwards. */
export function VersionForm({ place, scheme, version, onClose }: Props) {
  const client = useQueryClient();
  const [change, setChange] = useState(() => changeOf(version));
  const saving = useMutation({
    mutationFn: () => changeVersion(place, version.number, patchOf(change)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", place.slug, "scheme"] });
      onClose();
    },
  });
  return (
    <form
      aria-label={t("What version {{number}} changed", { number: version.number })}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <ChangeFields change={change} labels={scheme.labels} onChange={setChange} />
      {saving.error && <Notice error={saving.error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={saving.isPending}>
          {t("Save")}
        </Button>
      </div>
    </form>
  );
}
