import type { ReactNode } from "react";
import { toProblem } from "@/api/problem";
import classes from "./Notice.module.css";

interface Props {
  error: unknown;
  children?: ReactNode;
}

/** An error said in a sentence, with what can be done beside it. */
export function Notice({ error, children }: Props) {
  return (
    <div role="alert" className={classes.notice}>
      <p>{toProblem(error).detail}</p>
      {children}
    </div>
  );
}
