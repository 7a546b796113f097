import { api, body } from "@/api/client";
import { startSession } from "./session";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Sign in by name and password; every tab of this browser knows it then. */
export async function signIn({ username, password }: Credentials): Promise<void> {
  const grant = await body(
    api.POST("/api/v1/auth/token", {
      body: { username, password, grant_type: "password" },
      bodySerializer: (form) => new URLSearchParams({ ...form }),
    }),
  );
  startSession({ username, token: grant.access_token, expiresAt: grant.expires_at });
}
