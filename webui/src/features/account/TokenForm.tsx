import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiToken } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import classes from "./Account.module.css";
import { createToken } from "./api";

interface Props {
  onClose: () => void;
  onMade: (token: ApiToken) => void;
}

/** What a new token is for, what it allows, and how long. */
export function TokenForm({ onClose, onMade }: Props) {
  const [name, setName] = useState("");
  const [writes, setWrites] = useState(true);
  const [days, setDays] = useState(365);
  const making = useMutation({
    mutationFn: () =>
      createToken({ name: name.trim(), scopes: writes ? ["read", "write"] : ["read"], days }),
    onSuccess: onMade,
  });
  return (
    <form
      className={classes.card}
      aria-label={t("New token")}
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label={t("What it is for")}
          value={name}
          maxLength={100}
          autoFocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("What it may do")}
          data={[
            { value: "write", label: t("Read and change") },
            { value: "read", label: t("Read only") },
          ]}
          value={writes ? "write" : "read"}
          allowDeselect={false}
          onChange={(scope) => setWrites(scope === "write")}
        />
        <NumberInput
          label={t("For how many days")}
          min={1}
          max={3650}
          allowDecimal={false}
          value={days}
          onChange={(value) => setDays(Number(value) || 1)}
        />
      </div>
      {making.error && <Notice error={making.error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={making.isPending} disabled={name.trim() === ""}>
          {t("Make the token")}
        </Button>
      </div>
    </form>
  );
}
