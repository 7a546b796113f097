import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import { notify } from "@/shared/notices/notices";
import { signIn } from "@/shared/session/signIn";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import classes from "./Account.module.css";
import { changePassword } from "./api";
import { passwordFault } from "./words";

const BLANK = { current: "", password: "", again: "" };

/** A new password: everything else that is signed in has to sign in anew. */
export function PasswordForm({ username }: { username: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(BLANK);
  const { current, password, again } = typed;
  const fault = passwordFault(password, again);
  const change = useMutation({
    mutationFn: async () => {
      await changePassword({ current_password: current, password });
      // The change has ended this session as well; whoever made it goes on.
      await signIn({ username, password });
    },
    onSuccess: async () => {
      setTyped(BLANK);
      notify({
        id: "password",
        tone: "good",
        title: t("The password is changed"),
        text: t("You go on here; everything else has to sign in anew."),
      });
      await navigate({ to: "/account" });
    },
  });
  const problem = change.error && toProblem(change.error);
  const misplaced = problem?.field === "current_password";
  const set = (part: Partial<typeof BLANK>) => {
    change.reset();
    setTyped({ ...typed, ...part });
  };
  return (
    <section aria-labelledby="password" className={classes.section}>
      <h2 id="password">{t("Password")}</h2>
      <p>
        {t("A new one ends every other session and every API token: scripts need new tokens then.")}
      </p>
      <form
        className={classes.form}
        aria-labelledby="password"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <input
          type="text"
          name="username"
          autoComplete="username"
          value={username}
          readOnly
          hidden
        />
        <PasswordInput
          label={t("Current password")}
          autoComplete="current-password"
          value={current}
          error={misplaced ? problem.detail : null}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          onChange={(event) => set({ current: event.currentTarget.value })}
        />
        <PasswordInput
          label={t("New password")}
          autoComplete="new-password"
          value={password}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
        <PasswordInput
          label={t("New password, again")}
          autoComplete="new-password"
          value={again}
          error={fault}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          onChange={(event) => set({ again: event.currentTarget.value })}
        />
        {problem && !misplaced && <Notice error={problem} />}
        <Button
          type="submit"
          variant="default"
          loading={change.isPending}
          disabled={current === "" || password === "" || again === "" || fault !== null}
        >
          {t("Change the password")}
        </Button>
      </form>
    </section>
  );
}
