import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiToken } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { ShownOnce } from "@/shared/ui/ShownOnce";
import { ago, moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Account.module.css";
import { revokeToken, tokensQuery } from "./api";
import { TokenForm } from "./TokenForm";
import { scopeWords } from "./words";

/** Long-lived tokens for scripts. */
export function Tokens() {
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const again = () => client.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<ApiToken | null>(null);
  const revoking = useMutation({
    mutationFn: revokeToken,
    onSuccess: (_, id) => made?.id === id && setMade(null),
    onSettled: again,
  });
  const error = tokens.error ?? revoking.error;
  return (
    <section aria-labelledby="tokens" className={classes.section}>
      <div className={classes.head}>
        <h2 id="tokens">{t("API tokens")}</h2>
        {!making && (
          <Button variant="default" onClick={() => setMaking(true)}>
            {t("New token")}
          </Button>
        )}
      </div>
      <p>
        {t(
          "A token lets a script work in your name, in all of your projects, without your password.",
        )}
      </p>
      {error && <Notice error={error} />}
      {making && (
        <TokenForm
          onClose={() => setMaking(false)}
          onMade={(token) => {
            setMaking(false);
            setMade(token);
            void again();
          }}
        />
      )}
      {made !== null && (
        <ShownOnce
          label={t("The token {{name}}, which is shown this once", { name: made.name })}
          value={made.token ?? ""}
          onClose={() => setMade(null)}
        />
      )}
      {tokens.isPending && <Skeleton />}
      {tokens.data?.length === 0 && !making && (
        <p>{t("There is none. Make one when a script or notebook is to use this installation.")}</p>
      )}
      <ul className={classes.list} aria-labelledby="tokens">
        {(tokens.data ?? []).map((token) => (
          <li key={token.id} className={classes.line}>
            <Token token={token} />
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("Revoke the token {{name}}", { name: token.name })}
              loading={revoking.isPending && revoking.variables === token.id}
              onClick={() => revoking.mutate(token.id)}
            >
              {t("Revoke")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Token({ token }: { token: ApiToken }) {
  const now = useServerNow(60_000);
  const { name, scopes, created_at, expires_at, last_used_at } = token;
  const ended = Date.parse(expires_at) <= now;
  return (
    <div className={classes.what}>
      <h3 dir="auto">{name}</h3>
      <span className={classes.kind}>{scopeWords(scopes)}</span>
      <p>
        {t("Made {{when}}", { when: ago(created_at, now) })},{" "}
        {ended
          ? t("ended {{when}}", { when: moment(expires_at) })
          : t("ends {{when}}", { when: moment(expires_at) })}
        ,{" "}
        {last_used_at === null
          ? t("never used")
          : t("last used {{when}}", { when: ago(last_used_at, now) })}
      </p>
    </div>
  );
}
