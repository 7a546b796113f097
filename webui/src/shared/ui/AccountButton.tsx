import type { ComponentProps } from "react";
import { t } from "@/shared/words/translate";
import classes from "./TopBar.module.css";

/** One's name in the top bar. */
export function AccountButton({
  username,
  ...props
}: { username: string } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...props}
      className={classes.account}
      aria-label={t("Account: {{username}}", { username })}
    >
      <span>{username}</span>
    </button>
  );
}
