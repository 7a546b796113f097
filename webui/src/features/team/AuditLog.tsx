import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { save } from "@/shared/download";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { auditFile, auditQuery } from "./api";
import classes from "./Team.module.css";
import { operationWords, targetWords } from "./words";

/** Who did what to the project, the newest first; annotations are in their own log. */
export function AuditLog({ slug }: { slug: string }) {
  const [user, setUser] = useState("");
  const [operation, setOperation] = useState("");
  const wish = useDeferredValue({
    user: user.trim(),
    operation: operation.trim().replaceAll(" ", "_"),
  });
  const entries = useInfiniteQuery(auditQuery(slug, wish));
  const rows = entries.data?.pages.flatMap(({ items }) => items) ?? [];
  const saving = useMutation({
    mutationFn: async () => save(await auditFile(slug, wish), `${slug}-audit.csv`),
  });
  const error = entries.error ?? saving.error;
  return (
    <section aria-labelledby="audit" className={classes.section}>
      <div className={classes.head}>
        <h2 id="audit">{t("Audit log")}</h2>
        <Button variant="default" loading={saving.isPending} onClick={() => saving.mutate()}>
          {t("Save as CSV")}
        </Button>
      </div>
      <p>
        {t("Everything that changed something here. What was annotated is in the log of a scheme.")}
      </p>
      <div className={classes.pair}>
        <TextInput
          label={t("By whom")}
          value={user}
          placeholder={t("anybody")}
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        <TextInput
          label={t("What was done")}
          value={operation}
          placeholder={t("anything, such as change scheme")}
          onChange={(event) => setOperation(event.currentTarget.value)}
        />
      </div>
      {error && <Notice error={error} />}
      {entries.isPending && <Skeleton />}
      {entries.isSuccess && rows.length === 0 && <p>{t("Nothing of that kind was done.")}</p>}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className={classes.scroll} tabIndex={0} aria-label={t("Entries")}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("When")}</th>
                <th scope="col">{t("Who")}</th>
                <th scope="col">{t("What")}</th>
                <th scope="col">{t("To what")}</th>
                <th scope="col">{t("Response")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((entry) => (
                <tr key={entry.seq}>
                  <td>{moment(entry.at)}</td>
                  <td dir="auto">{entry.user}</td>
                  <td>{operationWords(entry.operation)}</td>
                  <td dir="auto">{targetWords(entry)}</td>
                  <td>
                    {entry.status < 400
                      ? t("done")
                      : t("refused ({{status}})", { status: entry.status })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {entries.hasNextPage && (
        <Button
          variant="default"
          mt="sm"
          loading={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
        >
          {t("Show older ones")}
        </Button>
      )}
    </section>
  );
}
