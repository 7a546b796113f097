import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { deleteSecret, putSecret, secretsQuery } from "./api";
import classes from "./Llm.module.css";

/** API keys: each for one address only, and never shown again. */
export function Secrets({ slug }: { slug: string }) {
  const secrets = useQuery(secretsQuery(slug));
  const now = useServerNow(60_000);
  const client = useQueryClient();
  const again = () => void client.invalidateQueries({ queryKey: secretsQuery(slug).queryKey });
  const deleting = useMutation({
    mutationFn: (name: string) => deleteSecret(slug, name),
    onSuccess: again,
  });
  const [adding, setAdding] = useState(false);
  return (
    <section aria-labelledby="secrets" className={classes.section}>
      <div className={classes.head}>
        <h2 id="secrets">{t("Keys of endpoints")}</h2>
        {!adding && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t("Store a key")}
          </Button>
        )}
      </div>
      <p>
        {t("A key is encrypted, sent to its own address only, and cannot be read back by anybody.")}
      </p>
      {(secrets.error ?? deleting.error) && <Notice error={secrets.error ?? deleting.error} />}
      {adding && (
        <SecretForm
          slug={slug}
          onDone={() => {
            setAdding(false);
            again();
          }}
        />
      )}
      <ul className={classes.list}>
        {(secrets.data ?? []).map(({ name, origin, created_by, last_used_at }) => (
          <li key={name} className={classes.line}>
            <div className={classes.what}>
              <h3>{name}</h3>
              <span className={classes.kind}>{origin}</span>
              <p>
                {t("Stored by {{who}}", { who: created_by })},{" "}
                {last_used_at === null
                  ? t("never used")
                  : t("last used {{when}}", { when: ago(last_used_at, now) })}
              </p>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("Delete the key {{name}}", { name })}
              onClick={() => deleting.mutate(name)}
            >
              {t("Delete")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SecretForm({ slug, onDone }: { slug: string; onDone: () => void }) {
  const [name, setName] = useState("key");
  const [origin, setOrigin] = useState("https://");
  const [value, setValue] = useState("");
  const storing = useMutation({
    mutationFn: () => putSecret(slug, { name, origin, value }),
    onSuccess: onDone,
  });
  return (
    <form
      className={classes.form}
      aria-label={t("Store a key")}
      onSubmit={(event) => {
        event.preventDefault();
        storing.mutate();
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label={t("Name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("Address")}
          placeholder="https://api.example.org"
          value={origin}
          onChange={(event) => setOrigin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("Key")}
          autoComplete="off"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      </div>
      {storing.error && <Notice error={storing.error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={storing.isPending} disabled={name === "" || value === ""}>
          {t("Store it")}
        </Button>
      </div>
    </form>
  );
}
