import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, body } from "@/api/client";
import { startSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { beginAddress, exchangeCode, readComeBack } from "./elsewhere";
import classes from "./SignInPage.module.css";

interface Credentials {
  username: string;
  password: string;
}

async function signIn({ username, password }: Credentials): Promise<void> {
  const grant = await body(
    api.POST("/api/v1/auth/token", {
      body: { username, password, grant_type: "password" },
      bodySerializer: (form) => new URLSearchParams({ ...form }),
    }),
  );
  startSession({ username, token: grant.access_token, expiresAt: grant.expires_at });
}

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
        <p>A workbench for coding texts</p>
        <TextInput
          label="Username"
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
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={credentials.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        {attempt.error && <Notice error={attempt.error} />}
        <Button type="submit" loading={attempt.isPending} fullWidth mt="xs">
          Sign in
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
              {way.title}
            </Button>
          ),
      )}
    </>
  );
}
