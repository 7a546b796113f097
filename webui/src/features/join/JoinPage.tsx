import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { InvitationView } from "@/api/schema";
import { roleName } from "@/shared/project/roles";
import { currentSession } from "@/shared/session/session";
import { signIn } from "@/shared/session/signIn";
import classes from "@/shared/ui/Door.module.css";
import { Notice } from "@/shared/ui/Notice";
import { phrase, t } from "@/shared/words/translate";
import { accept, invitationQuery, signUp, slugOf } from "./api";

/** Where an invitation's link leads: into a project, with the account one has or a new one. */
export function JoinPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const invitation = useQuery(invitationQuery(token));
  useEffect(() => {
    // Whoever looks over a shoulder, or at the history, must not find it.
    window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return (
    <main className={classes.page}>
      <div className={classes.form}>
        <h1>kodkod</h1>
        {token === "" && (
          <p>
            {t("This link is not whole: ask whoever sent it for all of it, with what is after #.")}
          </p>
        )}
        {invitation.error && (
          <Notice error={invitation.error}>
            <Link to="/">{t("To the start")}</Link>
          </Notice>
        )}
        {invitation.data && <Invited token={token} invitation={invitation.data} />}
      </div>
    </main>
  );
}

function Invited({ token, invitation }: { token: string; invitation: InvitationView }) {
  const session = currentSession();
  const { project, role } = invitation;
  return (
    <>
      <p>
        {phrase("You are invited to {{project}} as {{role}}.", {
          project: <strong dir="auto">{project}</strong>,
          role: roleName(role),
        })}
      </p>
      {session === null ? (
        <NewOrKnown token={token} project={project} />
      ) : (
        <Come token={token} username={session.username} />
      )}
    </>
  );
}

function Come({ token, username }: { token: string; username: string }) {
  const navigate = useNavigate();
  const coming = useMutation({
    mutationFn: () => accept(token),
    onSuccess: ({ slug }) => navigate({ to: "/projects/$slug", params: { slug } }),
  });
  return (
    <>
      {coming.error && <Notice error={coming.error} />}
      <Button fullWidth loading={coming.isPending} onClick={() => coming.mutate()}>
        {t("Join as {{name}}", { name: username })}
      </Button>
    </>
  );
}

/** A new account, or the one that somebody has, and then into the project. */
function NewOrKnown({ token, project }: { token: string; project: string }) {
  const navigate = useNavigate();
  const [known, setKnown] = useState(false);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const coming = useMutation({
    mutationFn: async () => {
      const credentials = { username: username.trim(), password };
      if (!known) await signUp({ ...credentials, invitation: token });
      await signIn(credentials);
      // Whoever signs up with an invitation is in by it, and it may be used up.
      return known ? (await accept(token)).slug : await slugOf(project);
    },
    onSuccess: (slug) =>
      slug === undefined
        ? navigate({ to: "/" })
        : navigate({ to: "/projects/$slug", params: { slug } }),
  });
  return (
    <form
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        coming.mutate();
      }}
    >
      <TextInput
        label={t("Username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("Password")}
        name="password"
        autoComplete={known ? "current-password" : "new-password"}
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {coming.error && <Notice error={coming.error} />}
      <Button
        type="submit"
        fullWidth
        loading={coming.isPending}
        disabled={username.trim() === "" || password === ""}
      >
        {known ? t("Sign in and join") : t("Make an account and join")}
      </Button>
      <Button
        variant="default"
        fullWidth
        onClick={() => {
          coming.reset();
          setKnown(!known);
        }}
      >
        {known ? t("I have no account yet") : t("I have an account")}
      </Button>
    </form>
  );
}
