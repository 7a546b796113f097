import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "@/api/client";
import { startSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
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
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
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
      </form>
    </main>
  );
}
