import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, body } from "@/api/client";
import { type Credentials, signIn } from "@/shared/session/signIn";
import classes from "@/shared/ui/Door.module.css";
import { Notice } from "@/shared/ui/Notice";
import { t, told } from "@/shared/words/translate";
import { beginAddress, exchangeCode, readComeBack } from "./elsewhere";

/** The door. Where one was going is kept by the router. */
export function SignInPage({ to, onSignedIn }: { to: string; onSignedIn: () => void }) {
  const [credentials, setCredentials] = useState<Credentials>({ username: "", password: "" });
  const attempt = useMutation({ mutationFn: signIn, onSuccess: onSignedIn });
  const set = (change: Partial<Credentials>) => setCredentials({ ...credentials, ...change });
  return (
    <main className={classes.page}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          attempt.mutate({ ...credentials, username: credentials.username.trim() });
        }}
      >
        <h1>kodkod</h1>
        <p>{t("A workbench for coding texts")}</p>
        <TextInput
          label={t("Username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          withAsterisk={false}
          value={credentials.username}
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={t("Password")}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={credentials.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
        />
        {attempt.error && <Notice error={attempt.error} />}
        <Button type="submit" loading={attempt.isPending} fullWidth mt="xs">
          {t("Sign in")}
        </Button>
        <Elsewhere to={to} onSignedIn={onSignedIn} />
      </form>
    </main>
  );
}

/** A button for each way to sign in that begins elsewhere, and the end of such a way. */
function Elsewhere({ to, onSignedIn }: { to: string; onSignedIn: () => void }) {
  const [back] = useState(() => readComeBack(window.location.hash));
  const ways = useQuery({
    queryKey: ["sign-in-ways"],
    queryFn: () => body(api.GET("/api/v1/auth/ways")),
  });
  const exchange = useMutation({ mutationFn: exchangeCode, onSuccess: onSignedIn });
  const begun = useRef(false);
  useEffect(() => {
    if (back.code === null || begun.current) return;
    begun.current = true; // The code works once.
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    exchange.mutate(back.code);
  });
  return (
    <>
      {back.refusal !== null && <Alert color="red">{back.refusal}</Alert>}
      {exchange.error && <Notice error={exchange.error} />}
      {(ways.data ?? []).map(
        (way) =>
          way.begin !== null && (
            <Button
              key={way.name}
              component="a"
              href={beginAddress(way.begin, to)}
              variant="default"
              fullWidth
            >
              {told(way.title)}
            </Button>
          ),
      )}
    </>
  );
}
